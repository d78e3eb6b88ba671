package web_test

import (
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"switchyard/models"
	"switchyard/web"
)

// scheduled makes exports by the clock, lets them run, and gives the files by the names of their schedules.
func (s *site) scheduled(t *testing.T, folder string, plans map[string]models.ExportPlan) map[string]string {
	t.Helper()
	users, err := s.DB().Users(t.Context())
	must(t, err)
	admin := users[slices.IndexFunc(users, func(u models.User) bool { return u.Role == models.Admin })]
	by := models.By{UserID: admin.ID, Name: admin.Name}
	for name, plan := range plans {
		made, err := s.DB().AddExportSchedule(t.Context(), models.ExportSchedule{Name: name, Plan: plan, Every: models.SpanDay}, by)
		must(t, err)
		must(t, s.DB().RunExportSchedule(t.Context(), made.ID, by))
	}
	files := map[string]string{}
	eventually(t, "the files are in the folder", func() bool {
		for name := range plans {
			if found, _ := filepath.Glob(filepath.Join(folder, name+"-s*")); len(found) == 1 {
				files[name] = found[0]
			}
		}
		return len(files) == len(plans)
	})
	return files
}

// erased lets an administrator erase a number, with more fields of the form, and gives the receipt.
func (s *site) erased(t *testing.T, number string, form url.Values) models.Erasure {
	t.Helper()
	form.Set("number", number)
	form.Set("sure", "1")
	got := s.send(t, scenario{as: "admin", method: "POST", path: "/privacy/erase", form: form})
	if got.status != 303 {
		t.Fatalf("POST /privacy/erase = %d", got.status)
	}
	var last models.Erasure
	eventually(t, "the person is erased", func() bool {
		all, err := s.DB().Erasures(t.Context(), 1)
		must(t, err)
		last = all[0]
		return !last.Running
	})
	return last
}

func read(t *testing.T, file string) string {
	t.Helper()
	b, err := os.ReadFile(file)
	must(t, err)
	return string(b)
}

// without drops the lines of a file that hold a text.
func without(text, word string) string {
	var left []string
	for line := range strings.Lines(text) {
		if !strings.Contains(line, word) {
			left = append(left, line)
		}
	}
	return strings.Join(left, "")
}

func TestWhoIsErasedIsTakenOutOfFilesOfExports(t *testing.T) {
	folder := t.TempDir()
	s := openSite(t, func(c *web.Config) { c.Exports = folder }).addUsers(t)
	s.addSamples(t)
	const ana, bob = "5511987650017", "447700900123"
	s.response(t, ana, "Anabela", map[string]any{"flow_token": "appointment.ana", "notes": "two\nlines, \"quoted\"; =1+1"})
	s.response(t, bob, "Bob", map[string]any{"flow_token": "appointment.bob", "notes": "also\nof two, \"quoted\"; =1+1"})
	s.response(t, "447700900199", "Cleo", map[string]any{"flow_token": "survey.cleo", "notes": "she met Anabela"})
	files := s.scheduled(t, folder, map[string]models.ExportPlan{
		"plain": {Format: models.CSV}, "labels": {Format: models.CSV, Labels: true, Delimiter: ";", Columns: []string{"flow_token", "name", "state"}}, "lines": {Format: models.JSONLines},
		"states": {Format: models.CSV, Columns: []string{"received_at", "name"}}, "sheet": {Format: models.XLSX}, "survey": {Format: models.XLSX, Query: "flow=survey"},
		"surveys": {Format: models.CSV, Query: "flow=survey", Columns: []string{"state"}},
	})
	must(t, os.WriteFile(filepath.Join(folder, "own.csv"), []byte("contact\n"+ana+"\n"), 0o600))
	stray := filepath.Join(folder, ".part-1")
	must(t, os.WriteFile(stray, []byte(ana), 0o600))
	must(t, os.Chtimes(stray, time.Now(), time.Now().Add(-time.Hour)))
	before := map[string]string{}
	for name, file := range files {
		before[name] = read(t, file)
	}
	if !strings.Contains(before["plain"], ana) || !strings.Contains(before["lines"], ana) {
		t.Fatal("the files do not hold the number; this test would see nothing")
	}
	s.run(t, []scenario{{name: "they are listed", as: "admin", method: "POST", path: "/privacy/find", form: url.Values{"number": {ana}}, status: 200,
		contains: []string{filepath.Base(files["plain"]), filepath.Base(files["sheet"]), "5 files", `name="files"`, " checked"}, absent: []string{filepath.Base(files["survey"]), "own.csv"}}})
	got := s.erased(t, ana, url.Values{"files": {"1"}})
	if got.Removed["exported"] != 3 || got.Removed["export_files"] != 2 || got.Removed["kept_files"] != 0 {
		t.Errorf("the receipt counts %v; want 3 rows and 2 files", got.Removed)
	}
	for _, name := range []string{"plain", "labels", "lines"} {
		want := before[name]
		switch name {
		case "lines":
			want = without(want, ana)
		case "labels":
			want = without(want, "appointment.ana")
		default: // the last one, of two lines
			want = want[:strings.LastIndex(want, "\r\n20")+2]
		}
		if now := read(t, files[name]); now != want {
			t.Errorf("%s is\n%q\nwant\n%q", name, now, want)
		}
	}
	for _, name := range []string{"states", "sheet"} {
		if _, err := os.Stat(files[name]); err == nil {
			t.Errorf("%s is still there", name)
		}
	}
	for _, name := range []string{"survey", "surveys"} {
		if read(t, files[name]) != before[name] {
			t.Errorf("%s of another flow changed", name)
		}
	}
	if _, err := os.Stat(stray); err == nil || read(t, filepath.Join(folder, "own.csv")) == "" {
		t.Error("a part that a crash left is there, or a file of somebody else is not")
	}
	if got = s.erased(t, bob, url.Values{}); got.Removed["kept_files"] != 3 || got.Removed["exported"] != 0 || !strings.Contains(read(t, files["plain"]), bob) {
		t.Errorf("the receipt without the tick counts %v; want 3 files left as they were", got.Removed)
	}
	s.run(t, []scenario{{name: "the receipt says so", as: "admin", path: "/privacy/erasures/2", status: 200, contains: []string{"Files of exports left as they were"}}})
}

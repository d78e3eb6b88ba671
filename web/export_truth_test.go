package web_test

import (
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"switchyard/models"
)

func TestRandomExportsSayWhatTheStoreHolds(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 8))
	const home = "America/St_Johns" // half an hour beside the others
	s, all := zoned(t, random, home)
	here, err := time.LoadLocation(home)
	must(t, err)
	held := 0
	for range 20 {
		parts, list := narrowings(random, here), url.Values{"flow": {"appointment"}}
		for _, p := range parts {
			list.Set(p.name, p.value)
		}
		want := slices.DeleteFunc(slices.Clone(all), func(r models.Response) bool {
			return slices.ContainsFunc(parts, func(p narrowing) bool { return !p.takes(r) })
		})
		held += len(want)
		s.checkExport(t, random, list.Encode(), want)
	}
	if held < 250 {
		t.Errorf("20 exports held %d rows; that shows little", held)
	}
}

// checkExport exports a list in some way, and compares each head and cell.
func (s *site) checkExport(t *testing.T, random *rand.Rand, list string, want []models.Response) {
	t.Helper()
	columns, form := slices.Clone(plainColumns), url.Values{"columns": {"some"}, "bom": {""}}
	random.Shuffle(len(columns), func(i, j int) { columns[i], columns[j] = columns[j], columns[i] })
	columns = columns[:1+random.IntN(len(columns))]
	labels, split, o := random.IntN(2) == 0, random.IntN(2) == 0, plainOptions{titles: random.IntN(2) == 0}
	form.Set("zone", []string{"", "Europe/Berlin", "Asia/Kathmandu"}[random.IntN(3)])
	o.zone, _ = time.LoadLocation(form.Get("zone"))
	form.Set("heads", map[bool]string{true: "labels"}[labels])
	form.Set("values", map[bool]string{true: "titles"}[o.titles])
	form.Set("lists", map[bool]string{true: "split"}[split])
	var expected []plainColumn
	for _, c := range columns {
		form.Add("column", c.key)
		if c.key == "symptoms" && split {
			expected = append(expected, splitColumns(o, labels)...)
		} else {
			expected = append(expected, c)
		}
	}
	comma := []rune{',', ';', '\t'}[random.IntN(3)]
	form.Set("delimiter", map[rune]string{';': "semicolon", '\t': "tab"}[comma])
	if random.IntN(2) == 0 {
		form.Set("bom", "1")
	}
	got := s.file(t, "support", list, form)
	say := fmt.Sprintf("export of %s as %s", list, form.Encode())
	if strings.HasPrefix(got.body, "\ufeff") != (form.Get("bom") == "1") || got.status != 200 {
		t.Fatalf("%s = %d, begins with %.10q", say, got.status, got.body)
	}
	rows := records(t, got.body, comma)
	if len(rows) != len(want)+1 {
		t.Fatalf("%s has %d rows; want %d", say, len(rows)-1, len(want))
	}
	for i, c := range expected {
		if head := map[bool]string{true: c.label, false: c.key}[labels]; !strings.HasPrefix(rows[0][i], head) {
			t.Errorf("%s: head %d is %q; want %q", say, i, rows[0][i], head)
		}
		for n, r := range want {
			checkCell(t, say, rows[n+1][i], c.cell(r, o))
		}
	}
}

// checkCell compares a cell that was read back: what a spreadsheet would take for a formula has an apostrophe before it.
func checkCell(t *testing.T, say, got, want string) {
	t.Helper()
	guarded := want != "" && strings.ContainsAny(strings.TrimLeft(want, " ")[:min(1, len(strings.TrimLeft(want, " ")))], "=+-@\t\r")
	if guarded {
		want = "'" + want
	}
	if got != want {
		t.Fatalf("%s: cell %q; want %q", say, got, want)
	}
}

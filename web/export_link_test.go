package web_test

import (
	"encoding/base64"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"switchyard/models"
	"switchyard/web"
)

// fetch asks for an address as a script does: without cookies or a browser's headers.
func (s *site) fetch(t *testing.T, path, authorization string) answer {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.server.URL+path, nil)
	must(t, err)
	if authorization != "" {
		req.Header.Set("Authorization", authorization)
	}
	req.Host = "a-name-that-no-page-has.example"
	resp, err := s.server.Client().Do(req)
	must(t, err)
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	must(t, err)
	return answer{resp.StatusCode, resp.Header, string(text)}
}

func TestAScriptFetchesALinkWithItsTokenUntilItIsRevoked(t *testing.T) {
	s := openSite(t).addUsers(t)
	s.addSamples(t)
	s.response(t, "5511987650001", "Ana", map[string]any{"flow_token": "appointment.1", "department": "dental"})
	s.response(t, "5511987650002", "Bia", map[string]any{"flow_token": "appointment.2", "department": "cardiology"})
	form := url.Values{"list": {"flow=appointment&w=department~is~dental"}, "scope": {"filtered"}, "format": {"csv"}, "columns": {"all"}, "do": {"link"}, "link": {"Nightly"}}
	made := s.send(t, scenario{as: "support", method: "POST", path: "/exports", form: form})
	doc := parsed(t, made.body)
	token, address := doc.Find("#token").AttrOr("value", ""), doc.Find("#address").AttrOr("value", "")
	if made.status != 200 || len(token) < 26 || !strings.HasSuffix(address, "/export-links/1") || strings.Contains(address, token) {
		t.Fatalf("POST /exports = %d, address %q; want a token, which is not in it", made.status, address)
	}
	basic := "Basic " + base64.StdEncoding.EncodeToString([]byte("me:"+token))
	for _, authorization := range []string{"Bearer " + token, "bearer " + token, basic} {
		got := s.fetch(t, "/export-links/1", authorization)
		if got.status != 200 || !strings.Contains(got.body, "Ana") || strings.Contains(got.body, "Bia") || !strings.Contains(got.header.Get("Content-Disposition"), `filename="responses-appointment-`) {
			t.Errorf("GET /export-links/1 = %d\n%s; want the filtered responses", got.status, got.body)
		}
	}
	for _, authorization := range []string{"", "Bearer ", "Bearer " + token + "A", "Bearer swx_AAAAAAAAAAAAAAAAAAAAAAAAAA"} {
		if got := s.fetch(t, "/export-links/1", authorization); got.status != 401 || got.header.Get("WWW-Authenticate") == "" || strings.Contains(got.body, "Ana") {
			t.Errorf("GET /export-links/1 with %q = %d; want 401", authorization, got.status)
		}
	}
	for _, path := range []string{"/export-links/2", "/export-links/x", "/responses", "/exports"} {
		if got := s.fetch(t, path, "Bearer "+token); got.status < 300 || strings.Contains(got.body, "Ana") {
			t.Errorf("GET %s with the token = %d; want that it opens nothing else", path, got.status)
		}
	}
	s.run(t, []scenario{
		{name: "without a name", as: "support", method: "POST", path: "/exports", form: url.Values{"scope": {"all"}, "format": {"csv"}, "do": {"link"}}, status: 422, contains: []string{`href="#link-name"`, "Enter a name."}},
		{name: "the list", as: "support", path: "/exports", status: 200, contains: []string{"Nightly", "Used 3 times", "by a link"}, absent: []string{token}},
		{name: "somebody else", as: "operator", method: "POST", path: "/exports/links/1/revoke", form: url.Values{}, status: 404},
		{name: "revoked by an administrator", as: "admin", method: "POST", path: "/exports/links/1/revoke", form: url.Values{}, status: 303, to: "/exports"},
		{name: "the list then", as: "support", path: "/exports", status: 200, contains: []string{"Revoked"}},
	})
	if got := s.fetch(t, "/export-links/1", "Bearer "+token); got.status != 401 {
		t.Errorf("GET /export-links/1 after it was revoked = %d; want 401", got.status)
	}
	if strings.Contains(s.log.String(), token) {
		t.Error("the log holds the token")
	}
}

func TestAScheduleWritesIntoItsFolderAndToATarget(t *testing.T) {
	folder := t.TempDir()
	s := openSite(t, func(c *web.Config) { c.Exports = folder }).addUsers(t)
	s.addSamples(t)
	s.response(t, "5511987650001", "Ana", map[string]any{"flow_token": "appointment.1"})
	r := newReceiver(t)
	must(t, s.DB().AllowHost(t.Context(), r.host(), "", models.By{}))
	_, secret, err := s.DB().CreateTarget(t.Context(), models.Target{Name: "crm", URL: r.URL + "/exports"}, models.By{})
	must(t, err)
	form := url.Values{"list": {"flow=appointment"}, "scope": {"all"}, "format": {"csv"}, "columns": {"all"}, "bom": {"1"}, "do": {"schedule"}, "schedule": {"All claims!"},
		"span": {""}, "every": {"day"}, "time": {"06:00"}, "keep": {"2"}}
	must(t, os.WriteFile(filepath.Join(folder, "all-claims-s1-2026-01-01-0600.csv"), nil, 0o600))
	must(t, os.WriteFile(filepath.Join(folder, "all-claims-s1-2026-01-02-0600.csv"), nil, 0o600))
	const other = "all-claims-s1-s7-2026-01-01-0600.csv" // of a schedule 7 called “All claims s1”
	must(t, os.WriteFile(filepath.Join(folder, other), nil, 0o600))
	toTarget := url.Values{"to": {"1"}}
	for name, values := range form {
		if toTarget[name] == nil {
			toTarget[name] = values
		}
	}
	s.run(t, []scenario{
		{name: "a time that is none", as: "admin", method: "POST", path: "/exports", form: url.Values{"do": {"schedule"}, "schedule": {"x"}, "format": {"csv"}, "every": {"day"}, "time": {"25:00"}, "keep": {"a"}}, status: 422, contains: []string{"06:30", "how many files"}},
		{name: "into the folder", as: "admin", method: "POST", path: "/exports", form: form, status: 303, to: "/exports"},
		{name: "to a target", as: "admin", method: "POST", path: "/exports", form: toTarget, status: 303, to: "/exports"},
		{name: "listed", as: "admin", path: "/exports", status: 200, contains: []string{"every day at 06:00", "into the folder", "to the target “crm”", "Has not run yet"}},
		{name: "not for others", as: "support", path: "/exports", status: 200, absent: []string{"All claims!"}},
		{name: "run the first", as: "admin", method: "POST", path: "/exports/schedules/1/run", form: url.Values{}, status: 303, to: "/exports"},
		{name: "run the second", as: "admin", method: "POST", path: "/exports/schedules/2/run", form: url.Values{}, status: 303, to: "/exports"},
	})
	var names []string
	eventually(t, "the file is in the folder", func() bool {
		names, _ = filepath.Glob(filepath.Join(folder, "all-claims-s1-2*"))
		return len(names) == 2 && len(r.all()) == 1
	})
	text, err := os.ReadFile(names[1])
	must(t, err)
	info, err := os.Stat(names[1])
	must(t, err)
	if !strings.Contains(string(text), "Ana") || info.Mode().Perm() != 0o600 || !strings.Contains(names[1], time.Now().UTC().Format("2006-01-02")) || strings.HasSuffix(names[0], "2026-01-01-0600.csv") {
		t.Errorf("%q, mode %s, holds\n%s\nwant the newest two, readable by the server alone", names, info.Mode(), text)
	}
	sent := r.all()[0]
	if sent.body != string(text) || !sent.signedBy(t, secret) || sent.header.Get("Content-Type") != "text/csv; charset=utf-8" || !strings.Contains(sent.header.Get("webhook-id"), "_export_2_") {
		t.Errorf("the target got %v\n%s\nwant the same file, signed", sent.header, sent.body)
	}
	if _, err := os.Stat(filepath.Join(folder, other)); err != nil {
		t.Errorf("another schedule's file: %v; want it left alone", err)
	}
	if parts, _ := filepath.Glob(filepath.Join(folder, ".part-*")); len(parts) > 0 {
		t.Errorf("%q are left in the folder", parts)
	}
	r.says(500, "no")
	s.send(t, scenario{as: "admin", method: "POST", path: "/exports/schedules/2/run", form: url.Values{}})
	eventually(t, "the failure is told", func() bool {
		all, err := s.DB().ExportSchedules(t.Context())
		last, err2 := s.DB().LastScheduled(t.Context())
		return err == nil && err2 == nil && all[1].Attempts == 1 && last[2].State == models.ExportFailed && strings.Contains(last[2].Reason, "500")
	})
}

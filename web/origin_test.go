package web_test

import (
	"net/url"
	"testing"

	"switchyard/web"
)

// What a browser, or something that is none, may say about where a request comes from.
var senders = []struct {
	name   string
	header map[string]string
	signIn bool // it may sign in, or act with a session
	hook   bool // it may post a webhook
}{
	{"the same origin", map[string]string{"Sec-Fetch-Site": "same-origin"}, true, true},
	{"typed by the person", map[string]string{"Sec-Fetch-Site": "none", "Origin": "-"}, true, true},
	{"a sibling subdomain", map[string]string{"Sec-Fetch-Site": "same-site", "Origin": "http://evil.127.0.0.1"}, false, false},
	{"another site", map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}, false, false},
	{"an old browser here", map[string]string{"Sec-Fetch-Site": "-"}, true, true},
	{"an old browser elsewhere", map[string]string{"Sec-Fetch-Site": "-", "Origin": "https://evil.example"}, false, false},
	{"an opaque origin", map[string]string{"Sec-Fetch-Site": "-", "Origin": "null"}, false, false},
	{"neither header", map[string]string{"Sec-Fetch-Site": "-", "Origin": "-"}, false, true},
}

func TestSignInOnlyFromOurOwnPages(t *testing.T) {
	s := openSite(t)
	for _, from := range senders {
		t.Run(from.name, func(t *testing.T) {
			got := s.send(t, scenario{method: "POST", path: "/sign-in", form: url.Values{"email": {"a@example.com"}, "password": {"x"}}, header: from.header})
			if allowed := got.status != 403; allowed != from.signIn {
				t.Errorf("POST /sign-in from %s = %d; want allowed: %v", from.name, got.status, from.signIn)
			}
		})
	}
}

func TestEveryPostWithASessionOnlyFromOurOwnPages(t *testing.T) {
	s := openSite(t).addUsers(t)
	for _, r := range s.Routes() {
		if r.Method != "POST" {
			continue
		}
		for _, from := range senders {
			if from.signIn {
				continue
			}
			t.Run(r.Path+" "+from.name, func(t *testing.T) {
				got := s.send(t, scenario{as: "admin", method: "POST", path: r.Path, form: url.Values{}, header: from.header})
				if got.status != 403 {
					t.Errorf("POST %s from %s = %d; want 403", r.Path, from.name, got.status)
				}
			})
		}
	}
}

func TestMachinesNeedNoOrigin(t *testing.T) {
	s := openSite(t)
	for _, from := range senders {
		got := s.send(t, scenario{method: "POST", path: "/webhooks/meta", body: "{}", header: from.header})
		want := 403
		if from.hook {
			want = 401 // let in, and refused for its signature
		}
		if got.status != want {
			t.Errorf("POST /webhooks/meta from %s = %d; want %d", from.name, got.status, want)
		}
	}
}

func TestOriginMustBeThePublicOne(t *testing.T) {
	s := openSite(t, func(c *web.Config) { c.PublicURL = "https://flows.example.com" })
	for origin, want := range map[string]int{"https://flows.example.com": 422, "http://flows.example.com": 403, "https://flows.example.com.evil.example": 403} {
		got := s.send(t, scenario{method: "POST", path: "/sign-in", form: url.Values{"email": {"a@example.com"}, "password": {"x"}},
			header: map[string]string{"Sec-Fetch-Site": "-", "Origin": origin, "Host": "flows.example.com"}})
		if got.status != want {
			t.Errorf("POST /sign-in with Origin %s = %d; want %d", origin, got.status, want)
		}
	}
}

func TestPeopleMustCallUsByOurName(t *testing.T) {
	local, public := openSite(t), openSite(t, func(c *web.Config) { c.PublicURL = "https://flows.example.com" })
	cases := []struct {
		s          *site
		host, path string
		status     int
	}{
		{local, "localhost", "/sign-in", 200},
		{local, "LOCALHOST:8080", "/sign-in", 200},
		{local, "127.0.0.1:1", "/sign-in", 200},
		{local, "[::1]:8080", "/sign-in", 200},
		{local, "evil.example", "/sign-in", 400},
		{local, "localhost.evil.example", "/sign-in", 400},
		{public, "flows.example.com", "/sign-in", 200},
		{public, "flows.example.com:443", "/sign-in", 200},
		{public, "127.0.0.1", "/sign-in", 400},
		{public, "10.0.0.7", "/healthz", 200},
		{public, "10.0.0.7", "/readyz", 200},
		{public, "10.0.0.7", "/webhooks/meta", 403},
		{public, "10.0.0.7", "/flow-endpoint/x", 405},
	}
	for _, tc := range cases {
		got := tc.s.send(t, scenario{path: tc.path, header: map[string]string{"Host": tc.host}})
		if got.status != tc.status {
			t.Errorf("GET %s at %s = %d; want %d", tc.path, tc.host, got.status, tc.status)
		}
	}
}

package web_test

import (
	"net/url"
	"testing"
)

func TestTheSetupCookieGoesWithTheLink(t *testing.T) {
	s := openSite(t)
	token, err := s.DB().SetupToken(t.Context())
	must(t, err)
	page, err := url.Parse(s.server.URL + "/setup")
	must(t, err)
	kept := func() (names []string) {
		for _, c := range s.client(t, "").Jar.Cookies(page) {
			names = append(names, c.Name)
		}
		return names
	}
	s.run(t, []scenario{{name: "the link", path: "/setup?token=" + token, status: 303, to: "/setup"}})
	if got := kept(); len(got) != 1 || got[0] != "setup" {
		t.Fatalf("cookies after the link = %q; want the one of the setup", got)
	}
	s.run(t, []scenario{{name: "made", method: "POST", path: "/setup", status: 303, to: "/setup/connect",
		form: url.Values{"name": {"Ada"}, "email": {"ada@example.com"}, "password": {password}}}})
	if got := kept(); len(got) != 1 || got[0] != "sid" {
		t.Errorf("cookies after the first administrator was made = %q; want only that of the session", got)
	}
}

package web_test

import (
	"fmt"
	"net/url"
	"regexp"
	"testing"

	"switchyard/models"
	"switchyard/web"
)

func TestSigningInAndOut(t *testing.T) {
	s := openSite(t).addUsers(t)
	form := func(pairs ...string) url.Values {
		v := url.Values{}
		for i := 0; i < len(pairs); i += 2 {
			v.Set(pairs[i], pairs[i+1])
		}
		return v
	}
	ada := []string{"email", email("admin"), "password", password}
	s.run(t, []scenario{
		{name: "the form", path: "/sign-in?next=/alerts", status: 200, contains: []string{`action="/sign-in"`, `value="/alerts"`, `type="password"`}},
		{name: "a hostile way back", path: "/sign-in?next=//evil.example", status: 200, absent: []string{"evil.example"}},
		{name: "wrong password", method: "POST", path: "/sign-in", form: form("email", email("admin"), "password", "wrong horse battery"), status: 422,
			contains: []string{"not right", email("admin")}, absent: []string{"wrong horse"}},
		{name: "unknown person", method: "POST", path: "/sign-in", form: form("email", "<b>@example.com", "password", password), status: 422,
			contains: []string{"not right"}, absent: []string{"<b>@"}},
		{name: "signed in", method: "POST", path: "/sign-in", form: form(append(ada, "next", "/alerts")...), status: 303, to: "/alerts"},
		{name: "already signed in", path: "/sign-in?next=/responses", status: 303, to: "/responses"},
		{name: "out by a link", path: "/sign-out", status: 405},
		{name: "out", method: "POST", path: "/sign-out", status: 303, to: "/sign-in"},
		{name: "out again", method: "POST", path: "/sign-out", status: 303, to: "/sign-in"},
		{name: "signed in elsewhere", method: "POST", path: "/sign-in", form: form(append(ada, "next", "https://evil.example")...), status: 303, to: "/"},
	})
}

func TestTheBrowsersTimeZoneIsTakenOnce(t *testing.T) {
	s := openSite(t).addUsers(t)
	signIn := func(zone string) string {
		t.Helper()
		got := s.send(t, scenario{method: "POST", path: "/sign-in", form: url.Values{"email": {email("viewer")}, "password": {password}, "zone": {zone}}})
		if got.status != 303 {
			t.Fatalf("sign in with zone %q = %d; want 303", zone, got.status)
		}
		users, err := s.DB().Users(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, u := range users {
			if u.Email == email("viewer") {
				if u.LastSeenAt.IsZero() {
					t.Error("who just signed in was never seen")
				}
				return u.Zone
			}
		}
		return "nobody"
	}
	for _, c := range []struct{ zone, want string }{{"Not/AZone", ""}, {"Asia/Tokyo", "Asia/Tokyo"}, {"Europe/Lisbon", "Asia/Tokyo"}} {
		if got := signIn(c.zone); got != c.want {
			t.Errorf("after a sign-in from %q the zone is %q; want %q", c.zone, got, c.want)
		}
	}
}

func TestManyWrongPasswordsMustWait(t *testing.T) {
	s := openSite(t).addUsers(t)
	wrong := scenario{method: "POST", path: "/sign-in", form: url.Values{"email": {email("viewer")}, "password": {"wrong horse battery"}}}
	var last answer
	for range 8 {
		if last = s.send(t, wrong); last.status == 429 {
			break
		}
	}
	if last.status != 429 || last.header.Get("Retry-After") == "" {
		t.Errorf("8th wrong password = %d, Retry-After %q; want 429 with a wait", last.status, last.header.Get("Retry-After"))
	}
}

func TestChangingAPasswordIsNoSignInForTheAuditLog(t *testing.T) {
	s := openSite(t).addUsers(t)
	post := func(current string, status int) scenario {
		return scenario{as: "viewer", method: "POST", path: "/profile/password", form: pairs("current", current, "password", "unrelated velvet lantern"), status: status}
	}
	right, wrong := post(password, 303), post("wrong horse battery", 422)
	right.to, wrong.contains = "/profile", []string{"This is not your current password."}
	s.send(t, scenario{as: "viewer", path: "/profile"}).check(t, scenario{status: 200})
	s.run(t, []scenario{wrong, right})
	rows, err := s.DB().AuditRows(t.Context(), 0, 2)
	if err != nil || len(rows) != 2 {
		t.Fatalf("AuditRows = %+v, %v", rows, err)
	}
	for i, want := range []string{"user.password", "user.password_failed"} {
		if rows[i].Action != want || rows[i].Actor != "Person viewer" {
			t.Errorf("AuditRows[%d] = %+v; want %s by Person viewer", i, rows[i], want)
		}
	}
}

func TestFirstAdministratorByTheSetupLink(t *testing.T) {
	s := openSite(t)
	token, err := s.DB().SetupToken(t.Context())
	if err != nil || token == "" {
		t.Fatalf("SetupToken() = %q, %v; want a token", token, err)
	}
	ada := url.Values{"name": {"Ada"}, "email": {"ada@example.com"}, "password": {password}}
	s.run(t, []scenario{
		{name: "without the link", path: "/setup", status: 404, contains: []string{"does not work any more"}},
		{name: "a wrong link", path: "/setup?token=AAAAAAAAAAAAAAAAAAAAAAAAAA", status: 404},
		{name: "posted without the link", method: "POST", path: "/setup", form: ada, status: 404},
		{name: "the link leaves the address", path: "/setup?token=" + token, status: 303, to: "/setup"},
		{name: "the form", path: "/setup", status: 200, contains: []string{`action="/setup"`}, absent: []string{token}},
		{name: "a short password", method: "POST", path: "/setup", form: url.Values{"email": {"ada@example.com"}, "password": {"short"}}, status: 422,
			contains: []string{`href="#password"`, "ada@example.com"}},
		{name: "made", method: "POST", path: "/setup", form: ada, status: 303, to: "/setup/connect"},
		{name: "the link is dead", path: "/setup?token=" + token, status: 404},
		{name: "signed in", path: "/sign-in", status: 303, to: "/"},
	})
	users, err := s.DB().Users(t.Context())
	if err != nil || len(users) != 1 || users[0].Role != models.Admin || users[0].Name != "Ada" {
		t.Errorf("Users() = %+v, %v; want Ada, admin", users, err)
	}
	if regexp.MustCompile(token).MatchString(s.log.String()) {
		t.Error("the setup token is in the log of requests")
	}
}

func TestForwardedAddressCountsOnlyFromATrustedProxy(t *testing.T) {
	cases := []struct {
		name    string
		proxies string
		slowed  bool
	}{
		{"nobody is trusted", "", true},
		{"the proxy is trusted", "127.0.0.1/32", false},
		{"another one is trusted", "10.0.0.0/8", true},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			s := openSite(t, func(c *web.Config) {
				if err := c.TrustedProxies.UnmarshalText([]byte(tc.proxies)); tc.proxies != "" && err != nil {
					t.Fatal(err)
				}
			})
			slowed := false
			for i := range 25 {
				got := s.send(t, scenario{method: "POST", path: "/sign-in", header: map[string]string{"X-Forwarded-For": fmt.Sprintf("192.0.2.%d", i)},
					form: url.Values{"email": {fmt.Sprintf("person%d@example.com", i)}, "password": {"wrong horse battery"}}})
				slowed = slowed || got.status == 429
			}
			if slowed != tc.slowed {
				t.Errorf("25 sign-ins with 25 forwarded addresses: slowed %v; want %v", slowed, tc.slowed)
			}
		})
	}
}

func TestOneBrowserIsSlowedAndOthersAreNot(t *testing.T) {
	s := openSite(t).addUsers(t)
	count := func() (refused int) {
		for range 90 {
			if s.send(t, scenario{as: "viewer", path: "/sign-out"}).status == 429 {
				t.Fatal("a route of nobody was slowed")
			}
			if s.send(t, scenario{as: "viewer", path: "/sign-in"}).status == 429 {
				refused++
			}
		}
		return refused
	}
	if got := count(); got == 0 {
		t.Error("90 pages at once: none refused; want those over 60 refused")
	}
	if got := s.send(t, scenario{as: "support", path: "/sign-in"}).status; got != 303 {
		t.Errorf("another person's page = %d; want 303", got)
	}
}

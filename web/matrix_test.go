package web_test

import (
	"flag"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"switchyard/models"
)

var update = flag.Bool("update", false, "rewrite the golden files")

const matrixFile = "testdata/authorisation.txt"

// who are all that may knock: nobody, each role, and a session that was ended meanwhile.
var who = []string{"", "viewer", "support", "operator", "admin"}

// TestAuthorisationMatrix walks every route as everybody. The golden file is the review: a route that is new, or that
// lets somebody else in, shows as a changed line.
func TestAuthorisationMatrix(t *testing.T) {
	s := openSite(t).addUsers(t)
	var b strings.Builder
	for _, r := range s.Routes() {
		fmt.Fprintf(&b, "%-5s%-45s%-9s", r.Method, r.Path, r.Who)
		for _, role := range who {
			verdict := s.verdict(t, role, r.Method, r.Path)
			if want := allowed(r.Who, role); (verdict == "yes") != want {
				t.Errorf("%s %s as %q: %s; want allowed: %v", r.Method, r.Path, role, verdict, want)
			}
			fmt.Fprintf(&b, " %s:%s", nobodyIf(role), verdict)
		}
		b.WriteString("\n")
	}
	golden(t, matrixFile, b.String())
}

func nobodyIf(role string) string {
	if role == "" {
		return "nobody"
	}
	return role
}

// allowed is what the ladder of roles says.
func allowed(needed, role string) bool {
	if needed == "anyone" || needed == "signed" {
		return true
	}
	return role != "" && models.Role(role).May(models.Role(needed))
}

// verdict is what the guard of a route says: yes, sign-in or no. Ids in paths name nothing, so that nothing is changed
// by asking.
func (s *site) verdict(t *testing.T, role, method, path string) string {
	t.Helper()
	for _, param := range []string{":id", ":flow", ":name", ":screen", ":rule", ":secret", "*"} {
		path = strings.ReplaceAll(path, param, "999999")
	}
	sc := scenario{as: role, method: method, path: path}
	if method == http.MethodPost {
		sc.form = url.Values{}
	}
	if strings.HasPrefix(path, "/sign-out") {
		delete(s.clients, role) // this person signs in again afterwards
		defer delete(s.clients, role)
	}
	got := s.send(t, sc)
	for got.status == http.StatusTooManyRequests { // a person is not that quick
		time.Sleep(50 * time.Millisecond)
		got = s.send(t, sc)
	}
	switch {
	case got.status == http.StatusForbidden && strings.HasPrefix(path, "/webhooks"): // a wrong verify token
		return "yes"
	case got.status == http.StatusForbidden:
		return "no"
	case got.status == http.StatusSeeOther && strings.HasPrefix(got.header.Get("Location"), "/sign-in") && path != "/sign-out":
		return "sign-in"
	}
	return "yes"
}

// golden compares with a file, or rewrites it with -update.
func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs; look at each line, then run the test with -update:\n%s", path, difference(got, string(want)))
	}
}

func TestEndedAndDisabledPeopleAreOut(t *testing.T) {
	s := openSite(t).addUsers(t)
	for _, role := range []string{"viewer", "support", "operator"} {
		s.send(t, scenario{as: role, path: "/alerts"}).check(t, scenario{path: "/alerts", as: role, status: 200})
	}
	users, err := s.DB().Users(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	byRole := map[models.Role]int64{}
	for _, u := range users {
		byRole[u.Role] = u.ID
	}
	db, ctx := s.DB(), t.Context()
	for what, err := range map[string]error{
		"disable":  db.DisableUser(ctx, byRole[models.Viewer], true, tester),
		"role":     db.SetRole(ctx, byRole[models.Support], models.Viewer, tester),
		"password": db.SetPassword(ctx, byRole[models.Operator], "another horse battery", false, "", tester),
	} {
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
	}
	s.run(t, []scenario{
		{name: "disabled", as: "viewer", path: "/alerts", status: 303, to: "/sign-in?next=%2Falerts"},
		{name: "another role", as: "support", path: "/alerts", status: 303, to: "/sign-in?next=%2Falerts"},
		{name: "another password", as: "operator", path: "/alerts", status: 303, to: "/sign-in?next=%2Falerts"},
		{name: "the others stay", as: "admin", path: "/alerts", status: 200},
	})
}

package web_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

var shownSecret = regexp.MustCompile(`whsec_[A-Za-z0-9+/=]{44}`)

func TestATargetIsAddedOnlyWhereRequestsMayGoAndItsSecretIsShownOnce(t *testing.T) {
	s, r := openSite(t).addUsers(t), newReceiver(t)
	good := fields("name", "CRM", "url", r.URL+"/hook?key=sesame", "timeout", "5", "fields", "messages", "other_fields", "calls, group_status_update", "tests", "1")
	s.run(t, []scenario{
		{name: "what forwarding is for", as: "viewer", path: "/targets", status: 200, contains: []string{"Nothing is forwarded yet"}, absent: []string{"Add a target"}},
		{name: "not for operators", as: "operator", method: "POST", path: "/targets", form: good, status: 403},
		{name: "plain http", as: "admin", method: "POST", path: "/targets", form: good, status: 422, contains: []string{"an administrator can allow " + r.host(), `value="calls`, "CRM"}},
		{name: "private", as: "admin", method: "POST", path: "/targets", form: fields("name", "CRM", "url", "https://10.0.0.5/hook", "timeout", "5"), status: 422,
			contains: []string{"10.0.0.5 is a private address; an administrator can allow 10.0.0.5:443"}},
		{name: "no host", as: "admin", method: "POST", path: "/targets/hosts", form: fields("host", "<b>evil</b>"), status: 422, contains: []string{"Write host and port", "&lt;b&gt;evil"}},
		{name: "allowed", as: "admin", method: "POST", path: "/targets/hosts", form: fields("host", strings.ToUpper(r.host()), "note", "<b>CRM</b>"), status: 303, to: "/targets/hosts"},
		{name: "twice", as: "admin", method: "POST", path: "/targets/hosts", form: fields("host", r.host()), status: 422, contains: []string{"allowed already", "&lt;b&gt;CRM", "Person admin"}},
		{name: "no such time", as: "admin", method: "POST", path: "/targets", form: fields("name", "CRM", "url", r.URL, "timeout", "soon"), status: 422, contains: []string{"between 1 and 30 seconds"}},
	})
	got := s.send(t, scenario{as: "admin", method: "POST", path: "/targets", form: good})
	secret := shownSecret.FindString(got.body)
	if got.status != http.StatusOK || secret == "" {
		t.Fatalf("POST /targets = %d without a secret\n%s", got.status, got.body)
	}
	all, err := s.DB().Targets(t.Context())
	if err != nil || len(all) != 1 || strings.Join(all[0].Fields, " ") != "calls group_status_update messages" || !all[0].Tests || all[0].Timeout != 5 {
		t.Fatalf("Targets = %+v, %v; want what the form said", all, err)
	}
	page := fmt.Sprintf("/targets/%d", all[0].ID)
	for _, path := range []string{"/targets", page, page + "/settings", page + "/test", "/targets/hosts"} {
		if got := s.send(t, scenario{as: "admin", path: path}); got.status != 200 || shownSecret.MatchString(got.body) {
			t.Errorf("GET %s = %d; want 200 without the secret", path, got.status)
		}
	}
	if strings.Contains(s.log.String(), secret) || strings.Contains(s.log.String(), "sesame") {
		t.Error("the log holds the secret or the address's query")
	}
}

func TestATargetsAddressShowsNoMoreThanTheRoleMaySee(t *testing.T) {
	s, r := openSite(t).addUsers(t), newReceiver(t)
	made, _ := s.addTarget(t, r, "<b>CRM</b>", "/services/T0001?key=sesame")
	page := fmt.Sprintf("/targets/%d", made.ID)
	s.run(t, []scenario{
		{name: "list for viewers", as: "viewer", path: "/targets", status: 200, contains: []string{"&lt;b&gt;CRM", r.host()}, absent: []string{"T0001", "sesame", "<b>CRM"}},
		{name: "page for viewers", as: "viewer", path: page, status: 200, contains: []string{r.host()}, absent: []string{"T0001", "sesame", "Send a test", "Delete", "Retry"}},
		{name: "page for support", as: "support", path: page, status: 200, contains: []string{"/services/T0001", "webhook-signature"}, absent: []string{"sesame", "Send a test"}},
		{name: "settings for administrators", as: "admin", path: page + "/settings", status: 200, contains: []string{"key=sesame"}},
		{name: "no settings for operators", as: "operator", path: page + "/settings", status: 403, absent: []string{"sesame"}},
		{name: "gone", as: "viewer", path: "/targets/999999", status: 404},
	})
}

func TestATestShowsWhatCameBack(t *testing.T) {
	s, r := openSite(t).addUsers(t), newReceiver(t)
	made, secret := s.addTarget(t, r, "CRM", "/hook?key=sesame")
	test := fmt.Sprintf("/targets/%d/test", made.ID)
	send := func(status int, body string, contains ...string) {
		t.Helper()
		r.says(status, body)
		sc := scenario{as: "operator", method: "POST", path: test, form: fields(), status: 200, contains: contains, absent: []string{"<script>alert", "sesame"}}
		s.send(t, sc).check(t, sc)
	}
	send(200, "<script>alert(1)</script>", "The target took it", "200 OK", "&lt;script&gt;alert")
	send(500, strings.Repeat("x", 5000), "did not take it", "500 Internal Server Error", "The answer goes on")
	send(302, "", "Redirects are not followed")
	send(401, "who?", "Check the signing secret")
	got := r.all()
	if len(got) != 4 || !got[0].signedBy(t, secret) || got[0].path != "/hook?key=sesame" || got[0].header.Get("Content-Type") != "application/json" {
		t.Fatalf("the receiver got %+v; want four signed bodies", got)
	}
	if sum := got[0].header.Get("X-Hub-Signature-256"); !strings.HasPrefix(sum, "sha256=") {
		t.Errorf("X-Hub-Signature-256 = %q; want one by the app secret", sum)
	}
	renewed := s.send(t, scenario{as: "admin", method: "POST", path: fmt.Sprintf("/targets/%d/secret", made.ID), form: fields()})
	next := shownSecret.FindString(renewed.body)
	send(204, "", "The target took it")
	if last := r.all()[4]; next == secret || !last.signedBy(t, next) || !last.signedBy(t, secret) {
		t.Errorf("signature after a new secret = %q; want those of both", last.header.Get("webhook-signature"))
	}
	r.Close()
	sc := scenario{as: "operator", method: "POST", path: test, form: fields(), status: 200, contains: []string{"There was no answer", "The connection to " + r.host() + " failed"}}
	s.send(t, sc).check(t, sc)
	if err := s.DB().DisallowHost(t.Context(), hostID(t, s), tester); err != nil {
		t.Fatal(err)
	}
	sc.contains = []string{"There was no answer", "an administrator can allow " + r.host()}
	s.send(t, sc).check(t, sc)
}

func hostID(t *testing.T, s *site) int64 {
	t.Helper()
	all, err := s.DB().AllowedHosts(t.Context())
	if err != nil || len(all) != 1 {
		t.Fatalf("AllowedHosts = %+v, %v; want one", all, err)
	}
	return all[0].ID
}

func TestATargetIsSwitchedOffAndOnAndDeleted(t *testing.T) {
	s, r := openSite(t).addUsers(t), newReceiver(t)
	made, _ := s.addTarget(t, r, "CRM", "/hook")
	page := fmt.Sprintf("/targets/%d", made.ID)
	s.run(t, []scenario{
		{name: "not by operators", as: "operator", method: "POST", path: page + "/switch", form: fields("to", "off"), status: 403},
		{name: "off", as: "admin", method: "POST", path: page + "/switch", form: fields("to", "off"), status: 303, to: page},
		{name: "is off", as: "viewer", path: page, status: 200, contains: []string{"This target is off"}},
		{name: "on", as: "admin", method: "POST", path: page + "/switch", form: fields("to", "on"), status: 303, to: page},
		{name: "is on", as: "admin", path: page, status: 200, contains: []string{"Nothing waits for it."}, absent: []string{"This target is off"}},
		{name: "renamed", as: "admin", method: "POST", path: page + "/settings", form: fields("name", "CRM 2", "url", r.URL, "timeout", "30"), status: 303, to: page},
		{name: "deleted", as: "admin", method: "POST", path: page + "/delete", form: fields(), status: 303, to: "/targets"},
		{name: "told", as: "admin", path: "/targets", status: 200, contains: []string{"“CRM 2” deleted", "Nothing is forwarded yet"}},
		{name: "gone", as: "admin", path: page, status: 404},
	})
	if all, err := s.DB().Targets(t.Context()); err != nil || len(all) != 0 {
		t.Errorf("Targets = %+v, %v; want none", all, err)
	}
}

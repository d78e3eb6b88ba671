package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"switchyard/models"
)

// receiverForm is the form of a receiver of a channel, with pairs that change it.
func receiverForm(channel, address string, pairs ...string) url.Values {
	form := fields("channel", channel, "name", "<b>Crew</b>", "address", address, "moments", "began", "moments", "over", "severity", "2", "forgotten", "30", "days", "1", "days", "2",
		"from", "08:00", "to", "18:30", "timezone", "Europe/Lisbon", "urgent", "1", "hourly", "5", "daily", "15")
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return form
}

func TestAReceiverIsAddedOnlyWhereRequestsMayGoAndItsSecretsAreNotShown(t *testing.T) {
	s, r := openSite(t).addUsers(t), newReceiver(t)
	s.run(t, []scenario{
		{name: "what it is for", as: "admin", path: "/notifications", status: 200, contains: []string{"Nobody is told yet"}},
		{name: "not for operators", as: "operator", method: "POST", path: "/notifications", form: receiverForm("chat", "ntfy://ntfy.sh/x"), status: 403},
		{name: "no channel", as: "admin", path: "/notifications/new?channel=fax", status: 200, contains: []string{"Set the mail server first"}},
		{name: "private", as: "admin", method: "POST", path: "/notifications", form: receiverForm("webhook", "https://10.0.0.5/hook"), status: 422, contains: []string{"10.0.0.5 is a private address", "&lt;b&gt;Crew", "08:00"}},
		{name: "no scheme", as: "admin", method: "POST", path: "/notifications", form: receiverForm("webhook", "javascript:alert(1)"), status: 422, contains: []string{"Write a whole address"}},
		{name: "no service", as: "admin", method: "POST", path: "/notifications", form: receiverForm("chat", "generic://10.0.0.5/sesame"), status: 422, contains: []string{"not supported"}, absent: []string{"sesame"}},
		{name: "no address", as: "admin", method: "POST", path: "/notifications", form: receiverForm("email", "ada@example.com\r\nBcc: eve"), status: 422, contains: []string{"Write plain addresses"}},
		{name: "no time", as: "admin", method: "POST", path: "/notifications", form: receiverForm("email", "ada@example.com", "from", "25:00"), status: 422, contains: []string{"Write a time such as 08:00"}},
		{name: "no number", as: "admin", method: "POST", path: "/notifications", form: receiverForm("email", "ada@example.com", "hourly", "many"), status: 422, contains: []string{"Allow 1 to 60"}},
		{name: "no moment", as: "admin", method: "POST", path: "/notifications", form: receiverForm("email", "ada@example.com", "moments", "never"), status: 422, contains: []string{"Choose when"}},
		{name: "a chat", as: "admin", method: "POST", path: "/notifications", form: receiverForm("chat", "https://hooks.slack.com/services/TAAAAAAAA/BAAAAAAAA/sesame000000000000000000"), status: 303, to: "/notifications/1"},
		{name: "its page", as: "admin", path: "/notifications/1", status: 200, contains: []string{"Chat: Slack", "&lt;b&gt;Crew", "Monday, Tuesday, 08:00 to 18:30 (Europe/Lisbon); high severity at any hour"}, absent: []string{"sesame", "<b>Crew"}},
		{name: "its settings", as: "admin", path: "/notifications/1/settings", status: 200, contains: []string{`value="18:30"`}, absent: []string{"sesame"}},
		{name: "kept without an address", as: "admin", method: "POST", path: "/notifications/1/settings", form: receiverForm("chat", "", "name", "Slack"), status: 303, to: "/notifications/1"},
		{name: "off", as: "admin", method: "POST", path: "/notifications/1/switch", form: fields("to", "off"), status: 303, to: "/notifications/1"},
		{name: "nothing to send again", as: "admin", method: "POST", path: "/notifications/1/retry", form: fields("post", "1"), status: 422, contains: []string{"Switch it on first"}},
		{name: "gone", as: "admin", path: "/notifications/999999", status: 404},
		{name: "allowed", as: "admin", method: "POST", path: "/targets/hosts", form: fields("host", r.host(), "note", ""), status: 303, to: "/targets/hosts"},
	})
	got := s.send(t, scenario{as: "admin", method: "POST", path: "/notifications", form: receiverForm("webhook", r.URL+"/hook?key=sesame")})
	secret := shownSecret.FindString(got.body)
	if got.status != http.StatusOK || secret == "" {
		t.Fatalf("POST /notifications = %d without a secret\n%s", got.status, got.body)
	}
	test := scenario{as: "admin", method: "POST", path: "/notifications/2/test", form: fields(), status: 200, contains: []string{"It was taken", "no flow: this is a test"}, absent: []string{"sesame"}}
	s.send(t, test).check(t, test)
	renewed := s.send(t, scenario{as: "admin", method: "POST", path: "/notifications/2/secret", form: fields()})
	newest := shownSecret.FindString(renewed.body)
	if newest == "" || newest == secret || !strings.Contains(renewed.body, "The one before signs beside it for 24 hours.") {
		t.Errorf("POST /notifications/2/secret = %d; want another secret\n%s", renewed.status, renewed.body)
	}
	r.says(http.StatusInternalServerError, "<script>")
	test.contains = []string{"It was not taken", "It answered 500 Internal Server Error."}
	s.send(t, test).check(t, test)
	if sent := r.all(); len(sent) != 2 || !sent[0].signedBy(t, secret) || sent[0].path != "/hook?key=sesame" || !strings.Contains(sent[0].body, `"alerts.notification"`) ||
		!sent[1].signedBy(t, newest) || !sent[1].signedBy(t, secret) || sent[0].signedBy(t, newest) {
		t.Errorf("the web hook got %+v; want two bodies, signed by the secret of the time, and the second by the one before, too", sent)
	}
	if all, err := s.DB().Receivers(t.Context()); err != nil || len(all) != 2 || all[0].Failures+all[1].Failures != 0 {
		t.Errorf("Receivers = %+v, %v; want none that a test changed", all, err)
	}
	s.run(t, []scenario{
		{name: "list", as: "admin", path: "/notifications", status: 200, contains: []string{r.host(), "&lt;b&gt;Crew"}, absent: []string{"sesame"}},
		{name: "settings of a web hook", as: "admin", path: "/notifications/2/settings", status: 200, contains: []string{"key=sesame"}},
		{name: "deleted", as: "admin", method: "POST", path: "/notifications/2/delete", form: fields(), status: 303, to: "/notifications"},
	})
	if log := s.log.String(); strings.Contains(log, "sesame") || strings.Contains(log, secret) {
		t.Error("the log holds a secret")
	}
}

func TestTheMailServerIsTriedAndItsPasswordNeverShown(t *testing.T) {
	s := openSite(t).addUsers(t)
	form := func(pairs ...string) url.Values {
		f := fields("host", "mail.example.com", "port", "587", "security", "starttls", "user", "ada", "password", "sesame sesame", "from", "Alerts <alerts@example.com>")
		for i := 0; i < len(pairs); i += 2 {
			f.Set(pairs[i], pairs[i+1])
		}
		return f
	}
	const at = "/notifications/mail-server"
	s.run(t, []scenario{
		{name: "none yet", as: "admin", path: at, status: 200, contains: []string{`value="587"`}, absent: []string{"Send a test"}},
		{name: "private", as: "admin", method: "POST", path: at, form: form("host", "10.0.0.5"), status: 422, contains: []string{"an administrator can allow 10.0.0.5:587"}, absent: []string{"sesame"}},
		{name: "plain", as: "admin", method: "POST", path: at, form: form("security", "none"), status: 422, contains: []string{"Mail goes only over TLS"}},
		{name: "no sender", as: "admin", method: "POST", path: at, form: form("from", "<b>nobody</b>"), status: 422, contains: []string{"Write an address", "&lt;b&gt;nobody"}},
		{name: "kept", as: "admin", method: "POST", path: at, form: form(), status: 303, to: at},
		{name: "shown", as: "admin", path: at, status: 200, contains: []string{"mail.example.com", "never shown", "Send a test"}, absent: []string{"sesame"}},
		{name: "test to nobody", as: "admin", method: "POST", path: at + "/test", form: fields("to", "x"), status: 422, contains: []string{"Write an address such as"}},
		{name: "removed", as: "admin", method: "POST", path: at + "/remove", form: fields(), status: 303, to: at},
	})
	if m, err := s.DB().MailServer(t.Context()); m != (models.MailServer{}) || err != nil {
		t.Errorf("MailServer = %+v, %v; want none", m, err)
	}
	if strings.Contains(s.log.String(), "sesame") {
		t.Error("the log holds the password")
	}
}

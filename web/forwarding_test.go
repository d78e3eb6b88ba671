package web_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"switchyard/models"
)

// forwards waits until a target has that many forwards in a state, and returns them.
func (s *site) forwards(t *testing.T, target int64, state models.ForwardState, n int) []models.Forward {
	t.Helper()
	var page models.ForwardPage
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		var err error
		if page, err = s.DB().Forwards(t.Context(), models.ForwardFilter{Target: target, State: state}); err != nil {
			t.Fatal(err)
		}
		if len(page.Rows) == n {
			return page.Rows
		}
	}
	t.Fatalf("target %d has %d forwards %s after 10 s; want %d", target, len(page.Rows), state, n)
	return nil
}

func TestADeadLetterIsSeenAndSentWhenSomebodyTriesItAgain(t *testing.T) {
	s, r := openSite(t).addUsers(t), newReceiver(t)
	s.addSamples(t)
	made, secret := s.addTarget(t, r, "CRM <b>", "/hook")
	body := fixture(t, "webhooks", "text.json")
	r.says(410, "<script>alert(1)</script>")
	s.deliver(t, body)
	dead := s.forwards(t, made.ID, models.ForwardDead, 1)[0]
	page, delivery := fmt.Sprintf("/targets/%d", made.ID), fmt.Sprintf("/deliveries/%d", dead.DeliveryID)
	one := fields("one", fmt.Sprint(dead.ID), "delivery", fmt.Sprint(dead.DeliveryID))
	s.run(t, []scenario{
		{name: "list", as: "viewer", path: "/targets", status: 200, contains: []string{"CRM &lt;b&gt;", "Off", "Dead letters"}},
		{name: "why", as: "viewer", path: page, status: 200, contains: []string{"Switched off by itself", "410 Gone", delivery}, absent: []string{"Retry", "alert(1)"}},
		{name: "on the delivery", as: "support", path: delivery, status: 200, contains: []string{"Forwarded", "Dead", "410 Gone", "Retry"}},
		{name: "on the overview", as: "viewer", path: "/", status: 200, contains: []string{"CRM &lt;b&gt;: 1 dead letter"}},
		{name: "not by viewers", as: "viewer", method: "POST", path: page + "/retry", form: one, status: 403},
		{name: "on again", as: "admin", method: "POST", path: page + "/switch", form: fields("to", "on"), status: 303, to: page},
		{name: "counted", as: "support", path: page + "/retry", status: 200, contains: []string{"1 dead letter", "webhook-id"}},
	})
	r.says(200, "")
	s.run(t, []scenario{
		{name: "nothing ticked", as: "support", method: "POST", path: page + "/retry", form: fields(), status: 303, to: page + "?state=dead"},
		{name: "retried", as: "support", method: "POST", path: page + "/retry", form: one, status: 303, to: delivery},
	})
	s.forwards(t, made.ID, models.ForwardDone, 1)
	got := r.all()
	if len(got) != 2 || got[1].body != string(body) || !got[1].signedBy(t, secret) || got[0].header.Get("webhook-id") != got[1].header.Get("webhook-id") ||
		got[1].header.Get("X-Hub-Signature-256") == "" {
		t.Errorf("the receiver got %d bodies; want the one that came, twice under one id, with both signatures", len(got))
	}
	s.run(t, []scenario{
		{name: "sent", as: "viewer", path: page + "?state=done", status: 200, contains: []string{delivery, "Well"}},
		{name: "on the delivery, sent", as: "viewer", path: delivery, status: 200, contains: []string{"Sent"}, absent: []string{"Retry"}},
		{name: "not twice", as: "support", method: "POST", path: page + "/retry", form: one, status: 303, to: delivery},
		{name: "nothing left", as: "support", method: "POST", path: page + "/retry-all", form: fields(), status: 422, contains: []string{"nothing to try again"}},
		{name: "the overview is quiet", as: "viewer", path: "/", status: 200, absent: []string{"dead letter"}},
	})
	audited(t, s, "target.off", "target.update", "forwards.retry")
}

// audited fails the test when nobody did one of these.
func audited(t *testing.T, s *site, actions ...string) {
	t.Helper()
	rows, err := s.DB().AuditRows(t.Context(), 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, r := range rows {
		fmt.Fprintf(&all, "%s by %s\n", r.Action, r.Actor)
	}
	for _, a := range actions {
		if !strings.Contains(all.String(), a+" by ") {
			t.Errorf("the audit log has no %s:\n%s", a, &all)
		}
	}
}

func TestAllDeadLettersAreTriedAgainAtOnce(t *testing.T) {
	s, r := openSite(t).addUsers(t), newReceiver(t)
	made, _ := s.addTarget(t, r, "CRM", "/hook")
	page := fmt.Sprintf("/targets/%d", made.ID)
	r.says(410, "")
	for n := range 2 { // each switches the target off
		s.deliver(t, fmt.Appendf(nil, `{"object":"whatsapp_business_account","entry":[{"id":"%d","changes":[]}]}`, n))
		s.forwards(t, made.ID, models.ForwardDead, n+1)
		sc := scenario{as: "admin", method: "POST", path: page + "/switch", form: fields("to", "on"), status: 303, to: page}
		s.send(t, sc).check(t, sc)
	}
	r.says(204, "")
	s.run(t, []scenario{
		{name: "ticks and buttons", as: "support", path: page + "?state=dead", status: 200, contains: []string{"Retry selected", "Retry all…", `name="ids"`, `name="one"`}},
		{name: "counted", as: "support", path: page + "/retry", status: 200, contains: []string{"2 dead letters"}},
		{name: "all", as: "support", method: "POST", path: page + "/retry-all", form: fields(), status: 303, to: page + "?state=waiting"},
	})
	s.forwards(t, made.ID, models.ForwardDone, 2)
}

func TestACompletedTestIsMarkedAndGoesToThoseWhoAskForTests(t *testing.T) {
	s, r := openSite(t).addUsers(t), newReceiver(t)
	s.addSamples(t)
	without, _ := s.addTarget(t, r, "CRM", "/hook")
	body := []byte(strings.Replace(string(fixture(t, "webhooks", "flow-response.json")), "appointment.7f3c2a90", models.TestToken+"appointment.7f3c2a90", 1))
	s.deliver(t, body)
	s.decoded(t)
	all := s.deliveries(t, models.DeliveryFilter{})
	if len(all) != 1 || !all[0].Test {
		t.Fatalf("deliveries = %+v; want one, a test", all)
	}
	s.forwards(t, without.ID, "", 0)
	s.run(t, []scenario{
		{name: "marked", as: "viewer", path: fmt.Sprintf("/deliveries/%d", all[0].ID), status: 200, contains: []string{`data-state="test"`}, absent: []string{"Forwarded"}},
	})
}

package web_test

import (
	"testing"

	"switchyard/models"
)

// TestBrowserAPersonForwardsAndCuresATarget is the whole way: a host is allowed, a target made and tested; it fails, and
// what it did not take arrives when somebody has mended it.
func TestBrowserAPersonForwardsAndCuresATarget(t *testing.T) {
	t.Parallel()
	s, r := openSite(t).addUsers(t), newReceiver(t)
	b := signedIn(t, s, "admin")
	b.open("/targets")
	b.leave("Allowed hosts")
	b.fill("#host", r.host())
	b.fill("#note", "CRM of the clinic")
	b.leave("Allow host")
	b.sees(r.host()+" is allowed.", "CRM of the clinic")
	b.open("/targets")
	b.leave("Add a target")
	b.fill("#name", "CRM")
	b.fill("#url", r.URL+"/hook")
	b.leave("Add target")
	b.sees("It is shown only now.")
	if secret := b.value("#signing-secret"); len(secret) != len("whsec_")+44 {
		t.Errorf("the secret shown has %d characters", len(secret))
	}
	b.leave("I have kept it")
	b.sees("Nothing sent yet")
	b.leave("Send a test")
	b.sees("The target took it", "200 OK")

	all, err := s.DB().Targets(t.Context())
	must(t, err)
	id := all[0].ID
	r.says(410, "<b>closed</b>")
	s.deliver(t, fixture(t, "webhooks", "text.json"))
	s.forwards(t, id, models.ForwardDead, 1)
	b.open("/")
	b.sees("CRM: 1 dead letter")
	b.leave("Open the target")
	b.sees("Switched off by itself", "410 Gone")
	r.says(200, "")
	b.leave("Switch on")
	b.sees("The target is on.")
	b.leave("Dead letters")
	b.leave("Retry all…")
	b.sees("1 dead letter")
	b.leave("Retry all")
	b.sees("The body is tried again.")
	s.forwards(t, id, models.ForwardDone, 1)
	b.leave("Sent")
	b.sees("Well", "200")
}

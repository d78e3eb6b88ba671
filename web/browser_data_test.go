package web_test

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"switchyard/models"
	"switchyard/models/alert"
	"switchyard/models/rules"
)

// Texts that customers and colleagues may well enter.
const hostile = `<img src=x onerror=alert(1)>`

// stranger is Meta's id of a flow that is not added.
const stranger = "99887766554433221100"

var longWord = strings.Repeat("Donaudampfschiff", 20)

// reply is a webhook with one completed flow.
func reply(id, phone, name string, answers map[string]any) []byte {
	response, err := json.Marshal(answers)
	if err != nil {
		panic(err)
	}
	type o map[string]any
	body, err := json.Marshal(o{"object": "whatsapp_business_account", "entry": []o{{"id": "1", "changes": []o{{"field": "messages", "value": o{
		"messaging_product": "whatsapp",
		"metadata":          o{"display_phone_number": "15550783881", "phone_number_id": "106540352242922"},
		"contacts":          []o{{"profile": o{"name": name}, "wa_id": phone}},
		"messages": []o{{"from": phone, "id": "wamid." + id, "timestamp": fmt.Sprint(time.Now().Unix()), "type": "interactive",
			"interactive": o{"type": "nfm_reply", "nfm_reply": o{"name": "flow", "body": "Sent", "response_json": string(response)}}}},
	}}}}}})
	if err != nil {
		panic(err)
	}
	return body
}

// lived is a site with people, flows and data of every kind, some of it hostile.
func lived(t *testing.T) *site {
	t.Helper()
	s := openSite(t).addUsers(t)
	ctx, db := t.Context(), s.DB()
	pub := s.addSamples(t)
	must(t, db.Note(ctx, []models.Mark{{Name: models.MarkBadSignature, At: models.Time{Time: time.Now()}, Count: 2, Detail: longWord}, {Name: models.MarkDialog360Bad, At: models.Time{Time: time.Now()}, Detail: longWord}}))
	must(t, db.SetSetting(ctx, models.Dialog360Secret, longWord, tester))
	s.ready(t, pub)
	for _, name := range []string{"init.json", "data-exchange.json", "back.json", "error-notification.json"} {
		s.exchange(t, pub, "appointment", fixture(t, "endpoint", name))
	}
	for _, name := range webhooks(t) {
		s.deliver(t, fixture(t, "webhooks", name))
	}
	for _, body := range [][]byte{
		reply("HOSTILE1", "5511999887766", hostile, map[string]any{"flow_token": "appointment.1", "department": hostile, "notes": "=1+1", "name": longWord, hostile: longWord}),
		reply("HOSTILE2", "4915112345678", longWord, map[string]any{"flow_token": "appointment.2", "notes": longWord, "symptoms": []string{longWord, "0_pain"}}),
		bytes.ReplaceAll(fixture(t, "webhooks", "alert-client-error-rate-activated.json"), []byte("691244242662581"), []byte("12345678")),
		bytes.ReplaceAll(fixture(t, "webhooks", "template-status.json"), []byte("booking_confirm"), []byte(longWord+hostile)),
		fixture(t, "partner", "channel_live.json"), fixture(t, "more", "user-preferences.json"),
		bytes.ReplaceAll(fixture(t, "webhooks", "alert-endpoint-latency-activated.json"), []byte("691244242662581"), []byte(stranger)),
	} {
		if got := s.deliver(t, body); got.status != http.StatusOK {
			t.Fatalf("delivery = %d %s", got.status, got.body)
		}
	}
	s.decoded(t)
	for _, a := range alertsOf(t, s, alert.Active) {
		if a.MetaID == "12345678" {
			_, err := db.AcknowledgeAlert(ctx, a.ID, longWord+" "+hostile, models.By{UserID: 1, Name: hostile})
			must(t, err)
		}
	}
	s.addOddities(t)
	return s
}

// addOddities adds what makes pages hard to lay out: names without a space, a draft with problems, a plain flow.
func (s *site) addOddities(t *testing.T) {
	t.Helper()
	ctx, db := t.Context(), s.DB()
	f, err := db.CreateFlow(ctx, models.Flow{Slug: "odd", Name: longWord[:100], Mode: models.Plain, FallbackMessage: longWord[:300]}, tester)
	must(t, err)
	_, err = db.SaveFlowJSON(ctx, f.ID, fixture(t, "flows", "appointment.json"), tester)
	must(t, err)
	doc := strings.NewReplacer("No time chosen", longWord, "Minors need a parent", hostile, "SUMMARY", "NOWHERE").Replace(string(fixture(t, "rules", "appointment.json")))
	s.draft(t, f, []byte(doc))
	_, err = db.CreateFlow(ctx, models.Flow{Slug: "bare", Name: "预约", Mode: models.Encrypted}, tester)
	must(t, err)
	l, err := rules.ReadList("odd_list", strings.NewReader("id,title,description,"+strings.ToLower(longWord[:60])+"\n"+longWord+","+hostile+","+longWord+",=1+1\n"))
	must(t, err)
	must(t, db.SaveList(ctx, l, tester))
	_, err = db.CreateUser(ctx, models.User{Email: longWord[:60] + "@example.com", Name: hostile, Role: models.Support}, password, tester)
	must(t, err)
	keys, err := db.Keys(ctx)
	must(t, err)
	s.addKey(t)
	must(t, db.RetireKey(ctx, keys[0].ID, models.Time{Time: time.Now().Add(time.Hour)}, tester))
}

// addForwarding adds a target that wants nothing any more and one that takes everything, and a delivery that both got.
func (s *site) addForwarding(t *testing.T) (off, well, delivery string) {
	t.Helper()
	gone, good := newReceiver(t), newReceiver(t)
	gone.says(http.StatusGone, hostile+longWord)
	good.says(http.StatusOK, hostile+longWord)
	bad, _ := s.addTarget(t, gone, hostile+longWord[:60], "/"+longWord)
	takes, _ := s.addTarget(t, good, "CRM", "/hook")
	all, err := s.DB().AllowedHosts(t.Context())
	must(t, err)
	must(t, s.DB().DisallowHost(t.Context(), all[0].ID, tester))
	must(t, s.DB().AllowHost(t.Context(), all[0].Host, hostile+longWord[:100], models.By{UserID: 1, Name: hostile}))
	s.deliver(t, reply("FORWARDED", "5511999887766", "Ana", map[string]any{"flow_token": "appointment.77"}))
	f := s.forwards(t, bad.ID, models.ForwardDead, 1)[0]
	s.forwards(t, takes.ID, models.ForwardDone, 1)
	return fmt.Sprintf("/targets/%d", bad.ID), fmt.Sprintf("/targets/%d", takes.ID), fmt.Sprintf("/deliveries/%d", f.DeliveryID)
}

// addReceivers adds a mail server, and a receiver with a hostile name and one without, that are never told anything.
func (s *site) addReceivers(t *testing.T) (hostileOne, plain string) {
	t.Helper()
	must(t, s.DB().SetMailServer(t.Context(), models.MailServer{Host: longWord[:60] + ".example.com", Port: 587, Security: "starttls", From: "alerts@example.com"}, tester))
	r := models.Receiver{Name: hostile + longWord[:60], Channel: models.Email, Place: "20 addresses at " + longWord[:200], Moments: []models.Moment{models.Forgotten}, Severity: 3, Forgotten: 10080, Hourly: 5, Daily: 15}
	fails, _, err := s.DB().CreateReceiver(t.Context(), r, "ada@example.com", tester)
	must(t, err)
	r.Name, r.Channel, r.Place = "CRM", models.WebHook, "example.com"
	takes, _, err := s.DB().CreateReceiver(t.Context(), r, "https://example.com/hook", tester)
	must(t, err)
	return fmt.Sprintf("/notifications/%d", fails.ID), fmt.Sprintf("/notifications/%d", takes.ID)
}

// draft saves raw as the draft of a flow.
func (s *site) draft(t *testing.T, f models.Flow, raw []byte) {
	t.Helper()
	doc, _ := rules.Parse(raw, func() string { return strings.ToLower(rand.Text()[:10]) })
	was, _ := s.DB().DraftRules(t.Context(), f.ID)
	_, err := s.DB().SaveDraft(t.Context(), f.ID, doc.Encode(), was.Edit, tester)
	must(t, err)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// ruleIDs are the ids of the published rules of a flow, by name.
func (s *site) ruleIDs(t *testing.T, slug string) map[string]string {
	t.Helper()
	f, err := s.DB().Flow(t.Context(), slug)
	must(t, err)
	set, err := s.DB().PublishedRules(t.Context(), f.ID)
	must(t, err)
	doc, _ := rules.Parse(set.Document, rand.Text)
	found := map[string]string{}
	for _, screen := range doc.Screens {
		for _, r := range screen.Rules {
			found[r.Name] = r.ID
		}
	}
	return found
}

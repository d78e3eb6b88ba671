package web_test

import (
	"archive/zip"
	"fmt"
	"io"
	"net/url"
	"strings"
	"testing"
	"time"

	"switchyard/models"
)

// A maskedSite is a site with one customer wherever one can be.
type maskedSite struct {
	*site
	detail, unmatched, unreadable, visit, replay string
	deliveries, events                           []string
}

func openMasked(t *testing.T) (m maskedSite) {
	m.site = openSite(t).addUsers(t)
	pub := m.addSamples(t)
	m.ready(t, pub)
	m.send(t, scenario{as: "operator", method: "POST", path: "/flows/appointment/sensitive", form: url.Values{"other": {"notes"}}})
	m.send(t, scenario{as: "operator", method: "POST", path: "/flows/appointment/sensitive", form: url.Values{"other": {"address.street"}}})
	m.exchange(t, pub, "appointment", fmt.Appendf(nil, `{"version":"3.0","action":"INIT","flow_token":%q}`, maskedToken))
	m.exchange(t, pub, "appointment", fmt.Appendf(nil, `{"version":"3.0","action":"data_exchange","screen":"APPOINTMENT","flow_token":%q,"data":{"department":"dental","notes":%q,"phone":"+55 11 98765-0017"}}`, maskedToken, maskedAnswer))
	m.exchange(t, pub, "appointment", fmt.Appendf(nil, `{"version":"3.0","action":"data_exchange","screen":%q,"flow_token":%q,"data":{}}`, maskedNumber, maskedToken))
	for end := time.Now().Add(5 * time.Second); m.visit == ""; time.Sleep(10 * time.Millisecond) {
		found, err := m.DB().VisitsByToken(t.Context(), maskedToken)
		if err != nil || time.Now().After(end) {
			t.Fatalf("VisitsByToken = %v, %v; want one within 5 s", found, err)
		}
		if len(found) > 0 && found[0].Steps > 2 {
			m.visit = fmt.Sprintf("/visits/%d", found[0].ID)
		}
	}
	m.response(t, maskedNumber, "Ana (+55 11 98765-0017)", map[string]any{"flow_token": maskedToken, "name": "Ana", "phone": "+55 11 98765-0017", "notes": maskedAnswer,
		"email": "ana@example.com", "other": "call 5511987650017 please", maskedNumber: "as a key", "address": map[string]any{"street": maskedStreet, "city": "Leeds"}, "list": []any{map[string]any{"notes": maskedAnswer}}})
	r := m.newest(t)
	m.detail = fmt.Sprintf("/responses/%d", r.ID)
	m.deliver(t, completed(t, "un", maskedNumber, `{"flow_token":"nobody.`+maskedToken+`","notes":"`+maskedAnswer+`","a":"+55 (11) 98765 0017"}`))
	m.deliver(t, completed(t, "br", maskedNumber, `{"flow_token":"`+maskedToken+`","notes":"`+maskedAnswer+``))
	m.deliver(t, fmt.Appendf(nil, `{"name":"Ana","wa_id":%q,"notes":%q}`, maskedNumber, maskedAnswer))
	m.deliver(t, fmt.Appendf(nil, `{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"account_review_update","value":{"decision":"APPROVED","wa_id":%q}}]}]}`, maskedNumber))
	m.decoded(t)
	m.found(t)
	m.followed(t)
	m.settledSearch(t)
	return m
}

// found fills the addresses of what was delivered.
func (m *maskedSite) found(t *testing.T) {
	t.Helper()
	for r, err := range m.DB().EachResponse(t.Context(), models.ResponseFilter{}) {
		must(t, err)
		switch r.State {
		case models.UnmatchedResponse:
			m.unmatched = fmt.Sprintf("/responses/%d", r.ID)
		case models.Unreadable:
			m.unreadable = fmt.Sprintf("/responses/%d", r.ID)
		}
	}
	for _, d := range m.site.deliveries(t, models.DeliveryFilter{}) {
		m.deliveries = append(m.deliveries, fmt.Sprintf("/deliveries/%d", d.ID))
	}
	events, _, err := m.DB().AccountEvents(t.Context(), models.AccountEventFilter{})
	must(t, err)
	for _, e := range events {
		m.events = append(m.events, fmt.Sprintf("/account-events/%d", e.ID))
	}
	if m.unmatched == "" || m.unreadable == "" || len(m.deliveries) < 5 || len(m.events) == 0 {
		t.Fatalf("the scenario lacks something: %+v", *m)
	}
}

// followed is what people at work leave behind that may name the customer.
func (m *maskedSite) followed(t *testing.T) {
	t.Helper()
	for _, sc := range []scenario{
		{name: "note", as: "support", method: "POST", path: m.detail + "/notes", form: url.Values{"note": {"called 55 11 98765-0017, token " + maskedToken}}, status: 303},
		{name: "view", as: "support", method: "POST", path: "/views", form: url.Values{"query": {"q=" + maskedNumber}, "name": {"Ana +55 11 98765 0017"}, "shared": {"1"}}, status: 303},
		{name: "view of an answer", as: "support", method: "POST", path: "/views", form: url.Values{"query": {"flow=appointment&w=phone~is~" + maskedNumber}, "name": {"By phone"}, "shared": {"1"}}, status: 303},
		{name: "reveal", as: "support", method: "POST", path: m.detail + "/reveal", form: url.Values{"reason": {"asked by " + maskedNumber}}, status: 200},
		{name: "assign alike", as: "support", method: "POST", path: m.unmatched + "/assign", form: url.Values{"flow": {"appointment"}, "like": {"contact"}}, status: 303},
	} {
		if got := m.send(t, sc); got.status != sc.status {
			t.Fatalf("%s = %d; want %d", sc.name, got.status, sc.status)
		}
	}
	replay := m.send(t, scenario{as: "operator", method: "POST", path: "/deliveries/replay-all", form: url.Values{"q": {maskedNumber}}})
	if m.replay = replay.header.Get("Location"); replay.status != 303 {
		t.Fatalf("POST /deliveries/replay-all = %d %s", replay.status, replay.body[:min(len(replay.body), 2000)])
	}
	m.decoded(t)
}

// unzipped is the text of all parts of a workbook.
func unzipped(t *testing.T, body string) string {
	t.Helper()
	z, err := zip.NewReader(strings.NewReader(body), int64(len(body)))
	must(t, err)
	var all strings.Builder
	for _, f := range z.File {
		r, err := f.Open()
		must(t, err)
		_, err = io.Copy(&all, r)
		must(t, err)
	}
	return all.String()
}

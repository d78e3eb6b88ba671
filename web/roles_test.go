package web_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"switchyard/models"
)

// response posts a completed flow of a customer and returns the body.
func (s *site) response(t *testing.T, phone, name string, answers map[string]any) []byte {
	t.Helper()
	inner, err := json.Marshal(answers)
	if err != nil {
		t.Fatal(err)
	}
	body, err := json.Marshal(map[string]any{"object": "whatsapp_business_account", "entry": []any{map[string]any{"id": "1", "changes": []any{map[string]any{
		"field": "messages", "value": map[string]any{"messaging_product": "whatsapp", "metadata": map[string]any{"phone_number_id": "2", "display_phone_number": "15550783881"},
			"contacts": []any{map[string]any{"profile": map[string]any{"name": name}, "wa_id": phone}},
			"messages": []any{map[string]any{"from": phone, "id": "wamid." + phone, "timestamp": "1795000000", "type": "interactive",
				"interactive": map[string]any{"type": "nfm_reply", "nfm_reply": map[string]any{"name": "flow", "body": "Sent", "response_json": string(inner)}}}}}}}}}})
	if err != nil {
		t.Fatal(err)
	}
	if got := s.deliver(t, body); got.status != 200 {
		t.Fatalf("deliver = %d %s", got.status, got.body)
	}
	s.decoded(t)
	return body
}

func (s *site) newest(t *testing.T) models.Response {
	t.Helper()
	page, err := s.DB().Responses(t.Context(), models.ResponseFilter{Limit: 1})
	if err != nil || len(page.Rows) != 1 {
		t.Fatalf("Responses = %d rows, %v; want 1", len(page.Rows), err)
	}
	return page.Rows[0]
}

// TestViewersNeverSeeANumber looks at every page that shows customers, as a viewer and as support.
func TestViewersNeverSeeANumber(t *testing.T) {
	s := openSite(t).addUsers(t)
	s.addSamples(t)
	const phone, token = "5511987650017", "appointment.secret-token-1"
	s.response(t, phone, "Ana (+55 11 98765-0017)", map[string]any{"flow_token": token, "name": "Ana", "outcome": "waitlist", "phone": "+55 11 98765-0017", "notes": "call 5511987650017 please", phone: "as a key"})
	id := s.newest(t).ID
	for _, path := range []string{"/", "/responses", "/responses?flow=appointment", "/responses?q=ana", fmt.Sprintf("/responses/%d", id), "/unmatched"} {
		got := s.send(t, scenario{as: "viewer", path: path})
		digits := strings.NewReplacer(" ", "", "-", "", "(", "", ")", "").Replace(got.body)
		if got.status != 200 || strings.Contains(digits, phone) || strings.Contains(got.body, token) {
			t.Errorf("GET %s as viewer = %d; want 200 without the number and the token\n%s", path, got.status, got.body)
		}
	}
	s.run(t, []scenario{
		{name: "masked", as: "viewer", path: fmt.Sprintf("/responses/%d", id), status: 200, contains: []string{"+55 •••• 17"}, absent: []string{"wa.me"}},
		{name: "whole for support", as: "support", path: fmt.Sprintf("/responses/%d", id), status: 200, contains: []string{"+" + phone, token, "https://wa.me/" + phone}},
		{name: "found by name", as: "viewer", path: "/responses?q=ANA", status: 200, contains: []string{"1 response"}},
		{name: "not by number", as: "viewer", path: "/responses?q=98765", status: 200, contains: []string{"No responses match"}},
		{name: "not by token", as: "viewer", path: "/responses?q=secret-token", status: 200, contains: []string{"No responses match"}},
		{name: "by number for support", as: "support", path: "/responses?q=98765", status: 200, contains: []string{"1 response"}},
		{name: "a state that is none", as: "support", path: "/responses?state=foo", status: 422, contains: []string{"There is no state"}},
		{name: "nor in an export", as: "support", path: "/responses/export?state=foo", status: 422},
		{name: "no export for viewers", as: "viewer", path: "/responses/export", status: 403, absent: []string{phone}},
		{name: "no button either", as: "viewer", path: "/responses", status: 200, absent: []string{"/responses/export"}},
	})
	s.file(t, "support", "", nil).check(t, scenario{path: "/exports", as: "support", status: 200, contains: []string{phone, token}})
	if log := s.log.String(); strings.Contains(log, phone) || strings.Contains(log, token) {
		t.Error("the log holds the number or the token")
	}
}

// TestHostileTextStaysText puts markup and formulas wherever a customer or Meta can put text.
func TestHostileTextStaysText(t *testing.T) {
	s := openSite(t).addUsers(t)
	s.addSamples(t)
	const evil, formula = `<img src=x onerror=alert(1)>"'<script>alert(2)</script>`, `=HYPERLINK("http://evil.example","x")`
	s.response(t, "447700900999", evil, map[string]any{"flow_token": "appointment." + evil, "name": formula, evil: evil, "notes": evil})
	event := fmt.Sprintf(`{"object":"whatsapp_business_account","entry":[{"id":"1","time":1795000000,"changes":[{"field":"flows","value":{"event":"CLIENT_ERROR_RATE","flow_id":%q,"error_rate":9,"threshold":5,
		"alert_state":"ACTIVATED","message":%q,"errors":[{"error_type":%q,"error_count":1}]}}]}]}`, "691244242662581", evil, evil)
	if got := s.deliver(t, []byte(event)); got.status != 200 {
		t.Fatalf("deliver = %d", got.status)
	}
	if got := s.deliver(t, []byte(`{"not": "closed `+evil)); got.status != 200 {
		t.Fatalf("deliver = %d", got.status)
	}
	name := fmt.Sprintf(`{"object":"whatsapp_business_account","entry":[{"id":%q,"changes":[{"field":"phone_number_name_update","value":{"display_phone_number":%q,"requested_verified_name":%q}}]}]}`, evil, evil, evil)
	if got := s.deliver(t, []byte(name)); got.status != 200 {
		t.Fatalf("deliver = %d", got.status)
	}
	s.decoded(t)
	alerts := alertsOf(t, s, "active")
	for _, path := range []string{"/", "/responses", "/responses?flow=appointment", fmt.Sprintf("/responses/%d", s.newest(t).ID), "/unmatched", "/account-events", s.accountEvent(t, "phone_number_name_update"), "/alerts", fmt.Sprintf("/alerts/%d", alerts[0].ID),
		"/flows/appointment", "/responses?q=" + "%3Cscript%3Ealert(2)%3C/script%3E", "/responses?flow=%3Cscript%3Ealert(2)", "/no-such-page/%3Cscript%3Ealert(2)"} {
		got := s.send(t, scenario{as: "support", path: path})
		if got.status >= 500 || strings.Contains(got.body, "<img src=x") || strings.Contains(got.body, "<script>alert") {
			t.Errorf("GET %s = %d and holds the markup as markup", path, got.status)
		}
	}
	s.file(t, "support", "", nil).check(t, scenario{path: "/exports", as: "support", status: 200, contains: []string{`'=HYPERLINK(`}, absent: []string{`,"=HYPERLINK(`}})
}

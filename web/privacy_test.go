package web_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"switchyard/models"
)

// TestAPersonIsErasedFromThePages goes the way of an administrator, and looks at what is left as everybody.
func TestAPersonIsErasedFromThePages(t *testing.T) {
	s := openSite(t).addUsers(t)
	s.addSamples(t)
	const phone, name, answer = "5511987650017", "Anabela Quintanilha", "allergic to penicillin"
	body := s.response(t, phone, name, map[string]any{"flow_token": "appointment.ana-1", "notes": answer})
	s.response(t, "447700900123", "Ada Lovelace", map[string]any{"flow_token": "appointment.ada-1", "notes": "none"})
	page, err := s.DB().ContactsByPhone(t.Context(), phone)
	if err != nil || len(page) != 1 {
		t.Fatalf("ContactsByPhone = %v, %v; want one", page, err)
	}
	number, sure := url.Values{"number": {"+55 11 98765-0017"}}, url.Values{"number": {"+55 11 98765-0017"}, "sure": {"1"}}
	s.run(t, []scenario{
		{name: "for nobody else", as: "operator", path: "/privacy", status: 403},
		{name: "nor to do", as: "operator", method: "POST", path: "/privacy/erase", form: sure, status: 403},
		{name: "nor to look", as: "operator", method: "POST", path: "/privacy/find", form: number, status: 403, absent: []string{name}},
		{name: "the form", as: "admin", path: "/privacy", status: 200, contains: []string{"Nobody was erased so far"}},
		{name: "no number", as: "admin", method: "POST", path: "/privacy/find", form: url.Values{"number": {"12"}}, status: 422, contains: []string{"7 to 15 digits"}},
		{name: "no contact", as: "admin", method: "POST", path: "/privacy/find", form: url.Values{"contact": {"999999"}}, status: 404},
		{name: "what there is", as: "admin", method: "POST", path: "/privacy/find", form: number, status: 200, contains: []string{name, "+" + phone, "1, from", "35 days", "Erase for good"}},
		{name: "by the contact", as: "admin", method: "POST", path: "/privacy/find", form: url.Values{"contact": {fmt.Sprint(page[0])}}, status: 200, contains: []string{name}},
		{name: "not confirmed", as: "admin", method: "POST", path: "/privacy/erase", form: number, status: 422, contains: []string{"Confirm that this person"}},
		{name: "erased", as: "admin", method: "POST", path: "/privacy/erase", form: sure, status: 303, to: "/privacy/erasures/1"},
	})
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		e, err := s.DB().Erasure(t.Context(), 1)
		if err != nil || time.Now().After(end) {
			t.Fatalf("Erasure = %+v, %v; want it to end", e, err)
		}
		if !e.Running {
			break
		}
	}
	if got := s.deliver(t, append(body, ' ')); got.status != 200 {
		t.Fatalf("deliver again = %d", got.status)
	}
	s.decoded(t)
	for _, path := range []string{"/", "/responses", "/deliveries", "/unmatched", "/visits", "/privacy", "/privacy/erasures/1", "/responses/export"} {
		got := s.send(t, scenario{as: "admin", path: path})
		if got.status != 200 || strings.Contains(got.body, phone) || strings.Contains(got.body, name) || strings.Contains(got.body, answer) {
			t.Errorf("GET %s = %d; want 200 without the person\n%s", path, got.status, got.body)
		}
	}
	s.run(t, []scenario{
		{name: "the receipt", as: "admin", path: "/privacy/erasures/1", status: 200, contains: []string{"Responses", "Nothing here says who"}, absent: []string{"This goes on"}},
		{name: "there is none", as: "admin", path: "/privacy/erasures/2", status: 404},
		{name: "others are there", as: "admin", path: "/responses", status: 200, contains: []string{"Ada Lovelace"}},
	})
	if log := s.log.String(); strings.Contains(log, phone) || strings.Contains(log, name) {
		t.Error("the log names the person")
	}
	if late := s.deliveries(t, models.DeliveryFilter{})[0]; late.State != models.Done {
		t.Errorf("the late delivery is %s: %s; want it done", late.State, late.Reason)
	}
}

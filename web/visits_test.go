package web_test

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"switchyard/models"
)

// wandering is the token of a customer who leaves.
const wandering = "appointment.7f3c2a90"

// wander plays a customer who chose a time and left, and one who finished, and waits until that is recorded.
func (s *site) wander(t *testing.T) (left, finished models.Visit) {
	t.Helper()
	pub := s.addSamples(t)
	s.ready(t, pub)
	s.exchange(t, pub, "appointment", fixture(t, "endpoint", "init.json"))
	s.exchange(t, pub, "appointment", []byte(`{"version":"3.0","action":"data_exchange","screen":"APPOINTMENT","flow_token":"`+wandering+`","data":{"department":"dental","date":"2026-12-01","time":"10:30"}}`))
	s.exchange(t, pub, "appointment", []byte(`{"version":"3.0","action":"INIT","flow_token":"unused"}`))
	s.exchange(t, pub, "appointment", []byte(`{"version":"3.0","action":"INIT","flow_token":"appointment.done"}`))
	s.exchange(t, pub, "appointment", []byte(`{"version":"3.0","action":"INIT","flow_token":"test.appointment.x"}`))
	s.exchange(t, pub, "appointment", fixture(t, "endpoint", "error-notification.json"))
	s.deliver(t, reply("DONE1", "5511999887766", "João Silva", map[string]any{"flow_token": "appointment.done", "department": "dental"}))
	s.decoded(t)
	one := func(token string, steps int, outcome models.Outcome) (v models.Visit) {
		t.Helper()
		for end := time.Now().Add(5 * time.Second); v.Steps < steps || v.Outcome != outcome; time.Sleep(10 * time.Millisecond) {
			found, err := s.DB().VisitsByToken(t.Context(), token)
			if err != nil || time.Now().After(end) {
				t.Fatalf("VisitsByToken(%s) = %+v, %v; want %d steps, %s, within 5 s", token, found, err, steps, outcome)
			}
			if len(found) > 0 {
				v = found[0]
			}
		}
		return v
	}
	one("test.appointment.x", 1, models.VisitOpen)
	return one(wandering, 2, models.VisitOpen), one("appointment.done", 1, models.VisitFinished)
}

func TestVisitsShowWhereTheyStopped(t *testing.T) {
	s := openSite(t).addUsers(t)
	left, finished := s.wander(t)
	one, other := fmt.Sprintf("/visits/%d", left.ID), fmt.Sprintf("/visits/%d", finished.ID)
	s.run(t, []scenario{
		{name: "listed", as: "viewer", path: "/flows/appointment/visits", status: 200, contains: []string{"Your details", "Open", "2 runs of customers", "João Silva"}, absent: []string{"7f3c2a90", "99988"}},
		{name: "of all flows", as: "viewer", path: "/visits", status: 200, contains: []string{"Your details", "Book an appointment"}, absent: []string{"7f3c2a90", "Find by flow token"}},
		{name: "nothing yet", as: "viewer", path: "/flows/claim/visits", status: 200, contains: []string{"No visit yet"}},
		{name: "with tests", as: "viewer", path: "/visits?tests=1", status: 200, contains: []string{`data-state="test"`, "3 runs"}},
		{name: "finished ones", as: "viewer", path: "/visits?outcome=finished", status: 200, contains: []string{"1 run of", other + "?outcome=finished"}, absent: []string{one}},
		{name: "of a screen", as: "viewer", path: "/flows/appointment/visits?screen=DETAILS", status: 200, contains: []string{one}, absent: []string{other}},
		{name: "of a name", as: "viewer", path: "/visits?name=joao", status: 200, contains: []string{other}, absent: []string{one}},
		{name: "of another name", as: "viewer", path: "/visits?name=grace", status: 200, contains: []string{"No visits match"}},
		{name: "none abandoned so soon", as: "viewer", path: "/visits?outcome=abandoned", status: 200, contains: []string{"No visits match"}},
		{name: "before this year", as: "viewer", path: "/visits?to=2020-01-01", status: 200, contains: []string{"No visits match"}},
		{name: "an odd outcome", as: "viewer", path: "/visits?outcome=odd", status: 422, contains: []string{"no such outcome"}},
		{name: "an odd date", as: "viewer", path: "/visits?from=yesterday", status: 422, contains: []string{"Enter a date"}},
		{name: "no such flow", as: "viewer", path: "/flows/none/visits", status: 404},
		{name: "for support", as: "support", path: one, status: 200, contains: []string{" → Your details", "Dental care", wandering, "Otherwise", "after 2 of", "departments"}},
		{name: "for viewers", as: "viewer", path: one, status: 200, contains: []string{" → Your details", "Dental care"}, absent: []string{"7f3c2a90"}},
		{name: "whose it is", as: "support", path: other, status: 200, contains: []string{"João Silva", "+5511999887766", "/responses/"}},
		{name: "whose it is, for viewers", as: "viewer", path: other, status: 200, contains: []string{"João Silva", "+55 •••• 66"}, absent: []string{"99988", "appointment.done"}},
		{name: "its response, with the versions that routed it", as: "viewer", path: s.responseOf(t, finished), status: 200,
			contains: []string{`href="/flows/appointment/versions/1">Version 1<`, `href="/flows/appointment/json/1">Version 1<`, "(version 1)"}},
		{name: "no such visit", as: "viewer", path: "/visits/99", status: 404},
		{name: "what a missing token costs", as: "viewer", path: "/flows/appointment", status: 200, contains: []string{"1 request without a flow token"}},
		{name: "a flow without an endpoint", as: "viewer", path: "/flows", status: 200, contains: []string{"Needs none"}},
	})
}

// responseOf is the page of the response that a visit led to.
func (s *site) responseOf(t *testing.T, v models.Visit) string {
	t.Helper()
	page := s.send(t, scenario{as: "support", path: fmt.Sprintf("/visits/%d", v.ID)}).body
	path := regexp.MustCompile(`/responses/\d+`).FindString(page)
	if path == "" {
		t.Fatal("the page of the visit leads to no response")
	}
	return path
}

func TestTokensAndNumbersAreFoundWithoutStandingInAnAddress(t *testing.T) {
	s := openSite(t).addUsers(t)
	left, finished := s.wander(t)
	find := func(what, flow string) url.Values { return url.Values{"what": {what}, "flow": {flow}} }
	s.run(t, []scenario{
		{name: "a token", as: "support", method: "POST", path: "/visits/find", form: find(" "+wandering+" ", "appointment"), status: 303, to: fmt.Sprintf("/visits/%d", left.ID)},
		{name: "a number", as: "support", method: "POST", path: "/visits/find", form: find("+55 (11) 99988-7766", "appointment"), status: 303, to: "/flows/appointment/visits?contact=1"},
		{name: "what that finds", as: "support", path: "/visits?contact=1", status: 200, contains: []string{fmt.Sprintf("/visits/%d?contact=1", finished.ID), "João Silva"}, absent: []string{fmt.Sprintf("/visits/%d?", left.ID)}},
		{name: "nobody", as: "support", method: "POST", path: "/visits/find", form: find("claim.nobody", ""), status: 303, to: "/visits"},
		{name: "an empty one", as: "support", method: "POST", path: "/visits/find", form: find("", ""), status: 303, to: "/visits"},
		{name: "a number as a name", as: "support", path: "/visits?name=5511999887766&outcome=open", status: 303, to: "/visits?outcome=open"},
		{name: "not by viewers", as: "viewer", method: "POST", path: "/visits/find", form: find(wandering, ""), status: 403},
	})
}

func TestWhatASensitiveFlowWasToldIsHidden(t *testing.T) {
	s := openSite(t).addUsers(t)
	pub := s.addSamples(t)
	s.ready(t, pub)
	s.exchange(t, pub, "claim", []byte(`{"version":"3.0","action":"INIT","flow_token":"claim.secret"}`))
	s.exchange(t, pub, "claim", []byte(`{"version":"3.0","action":"data_exchange","screen":"POLICY","flow_token":"claim.secret","data":{"policy_number":"POL-4711-00","pin":"9182","phone":"+44 7700 900123"}}`))
	var path string
	for end := time.Now().Add(5 * time.Second); path == ""; time.Sleep(10 * time.Millisecond) {
		found, err := s.DB().VisitsByToken(t.Context(), "claim.secret")
		if err != nil || time.Now().After(end) {
			t.Fatalf("VisitsByToken = %v, %v; want one within 5 s", found, err)
		}
		if len(found) > 0 && found[0].Steps > 1 {
			path = fmt.Sprintf("/visits/%d", found[0].ID)
		}
	}
	s.run(t, []scenario{
		{name: "for support", as: "support", path: path, status: 200, contains: []string{"Show hidden answers", "claim.secret"}, absent: []string{"POL-4711-00", "9182"}},
		{name: "without a reason", as: "support", method: "POST", path: path + "/reveal", status: 422, contains: []string{"Say why"}, absent: []string{"POL-4711-00"}},
		{name: "with a reason", as: "support", method: "POST", path: path + "/reveal", form: url.Values{"reason": {"a fault in the rules"}}, status: 200, contains: []string{"POL-4711-00", "•••", "claim.secret", "Hidden answers shown to Person support"}, absent: []string{"9182"}},
		{name: "hidden again", as: "support", path: path, status: 200, contains: []string{"Hidden answers shown to Person support", "a fault in the rules"}, absent: []string{"POL-4711-00"}},
		{name: "no reveal for viewers", as: "viewer", method: "POST", path: path + "/reveal", form: url.Values{"reason": {"curious"}}, status: 403},
		{name: "for viewers", as: "viewer", path: path, status: 200, contains: []string{"what was entered and sent is hidden"}, absent: []string{"POL-4711", "4711-00", "9182", "7700", "claim.secret", strings.ToLower("What was sent")}},
	})
}

package web_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
)

func TestAnswersAreMarkedAsSensitiveByHand(t *testing.T) {
	s := openSite(t).addUsers(t)
	s.addSamples(t)
	const allergy = "penicillin"
	s.response(t, "447700900123", "Ada", map[string]any{"flow_token": "appointment.9", "name": "Grace", "notes": allergy, "address": map[string]any{"street": "Hazel Road", "city": "Leeds"}})
	r := s.newest(t)
	detail, delivery := fmt.Sprintf("/responses/%d", r.ID), fmt.Sprintf("/deliveries/%d", r.DeliveryID)
	const page = "/flows/appointment/sensitive"
	mark := func(keys ...string) url.Values {
		return url.Values{"field": {"name", "notes", "address.street"}, "marked": keys}
	}
	s.run(t, []scenario{
		{name: "not by support", as: "support", method: "POST", path: page, form: mark("notes"), status: 403},
		{name: "nor seen", as: "support", path: page, status: 403},
		{name: "listed", as: "operator", path: page, status: 200, contains: []string{`value="notes"`, `value="address.street"`}},
		{name: "before", as: "support", path: detail, status: 200, contains: []string{allergy, "Hazel Road"}, absent: []string{"Show hidden answers"}},
		{name: "body before", as: "support", path: delivery + "/body", status: 200, contains: []string{allergy}},
		{name: "marked", as: "operator", method: "POST", path: page, form: mark("notes", "address.street"), status: 303, to: page},
		{name: "a key that is none", as: "operator", method: "POST", path: page, form: url.Values{"other": {strings.Repeat("x", 600)}}, status: 422, contains: []string{"There is no answer of that name."}},
		{name: "ticked", as: "operator", path: page, status: 200, contains: []string{`value="notes" checked`, `value="address.street" checked`}},
		{name: "said on the flow", as: "support", path: "/flows/appointment", status: 200, contains: []string{"2 hidden"}},
	})
	s.settledSearch(t)
	for _, as := range []string{"viewer", "support", "admin"} {
		for _, path := range []string{"/", "/responses", "/responses?flow=appointment", detail, "/unmatched", delivery, "/responses/distribution?flow=appointment"} {
			s.run(t, []scenario{{name: as + " " + path, as: as, path: path, status: 200, absent: []string{allergy, "Hazel"}}})
		}
	}
	why := url.Values{"reason": {"a complaint"}}
	s.run(t, []scenario{
		{name: "the rest of an object", as: "support", path: detail, status: 200, contains: []string{"Leeds", "street: Hidden"}},
		{name: "not by word", as: "admin", path: "/responses?q=penicillin", status: 200, contains: []string{"No responses match"}},
		{name: "nor in bodies", as: "admin", path: "/deliveries?q=penicillin&in=bodies", status: 200, contains: []string{"No deliveries match"}},
		{name: "nor counted for a replay", as: "operator", path: "/deliveries/replay?q=penicillin&in=bodies", absent: []string{"1 delivery"}, status: 200},
		{name: "no filter", as: "admin", path: "/responses?flow=appointment&w=address.street~is~Hazel%20Road", status: 422, contains: []string{"are hidden"}},
		{name: "no body", as: "admin", path: delivery + "/body", status: 303, to: delivery},
		{name: "body without a reason", as: "support", method: "POST", path: delivery + "/reveal", form: url.Values{}, status: 422, absent: []string{allergy}},
		{name: "body with one", as: "support", method: "POST", path: delivery + "/reveal", form: why, status: 200, contains: []string{allergy, "Hidden answers shown to Person support"}},
		{name: "body to keep", as: "support", method: "POST", path: delivery + "/reveal", form: url.Values{"reason": {"a complaint"}, "do": {"download"}}, status: 200, contains: []string{allergy}, want: map[string]string{"Content-Type": "application/octet-stream"}},
		{name: "body not for viewers", as: "viewer", method: "POST", path: delivery + "/reveal", form: why, status: 403},
		{name: "unmarked", as: "operator", method: "POST", path: page, form: mark(), status: 303, to: page},
		{name: "seen again", as: "support", path: detail, status: 200, contains: []string{allergy, "Hazel Road"}},
	})
	s.settledSearch(t)
	s.run(t, []scenario{{name: "found again", as: "support", path: "/responses?q=penicillin", status: 200, contains: []string{"1 response"}}})
	audited(t, s, "flow.sensitive", "answers.reveal")
}

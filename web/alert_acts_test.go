package web_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"switchyard/models/alert"
)

func TestPeopleSnoozeAssignCommentResolveAndTakeBack(t *testing.T) {
	s := openSite(t).addUsers(t)
	s.addSamples(t)
	s.deliverAll(t, []string{"alert-endpoint-latency-activated.json"})
	a := alertsOf(t, s, alert.Active)[0]
	at := fmt.Sprintf("/alerts/%d", a.ID)
	act := func(verb string, form url.Values, status int, contains ...string) scenario {
		to := ""
		if status == 303 {
			to = at
		}
		return scenario{name: verb + form.Encode(), as: "support", method: "POST", path: at + "/" + verb, form: form, status: status, to: to, contains: contains}
	}
	page := func(contains ...string) scenario {
		return scenario{name: "the page", as: "support", path: at, status: 200, contains: contains}
	}
	s.run(t, []scenario{
		page("Meta: activated", "Snooze", "Resolve by hand"),
		{name: "from the list without the script", as: "support", method: "POST", path: at + "/acknowledge", form: url.Values{"back": {"/alerts?state=active&kind=ENDPOINT_LATENCY"}},
			status: 303, to: "/alerts?kind=ENDPOINT_LATENCY&state=active"},
		{name: "back to another site", as: "support", method: "POST", path: at + "/unacknowledge", form: url.Values{"back": {"//example.org/alerts"}}, status: 303, to: "/alerts?state=active"},
		{name: "nothing to do for viewers", as: "viewer", path: at, status: 200, absent: []string{"Resolve by hand", "Take back"}},
		act("acknowledge", url.Values{"note": {"kept " + strings.Repeat("x", 2000)}}, 422, "A note has at most 2,000 characters.", `href="#acknowledge-note"`, ">kept xxx"),
		act("comment", url.Values{"note": {" "}}, 422, "Write the comment first."),
		act("comment", url.Values{"note": {"<b>looking"}}, 303),
		act("comment", url.Values{"note": {"long " + strings.Repeat("x", 1500) + " end"}}, 303),
		page("&lt;b&gt;looking", "Person support wrote", "Take back", "xxx end", `maxlength="2000"`),
		{name: "another's comment is not offered", as: "operator", path: at, status: 200, absent: []string{"Take back"}},
		act("snooze", url.Values{"for": {"9999h"}, "note": {"kept"}}, 422, "Choose for how long.", "kept"),
		act("snooze", url.Values{"for": {"4h"}, "note": {"deploying"}}, 303),
		page("Snoozed by Person support until", "deploying"),
		{name: "not among the active", as: "viewer", path: "/alerts", status: 200, contains: []string{"No active alerts"}},
		{name: "among the snoozed", as: "viewer", path: "/alerts?state=snoozed", status: 200, contains: []string{"Endpoint latency", "Until "}},
		act("assign", url.Values{"to": {"x"}}, 422, "Choose a person."),
		act("assign", url.Values{"to": {"2"}}, 303),
		page("Assigned to Person support by Person support"),
		act("resolve", url.Values{}, 422, "Say why it is resolved"),
		act("resolve", url.Values{"note": {"the proxy was restarted"}}, 303),
		page("resolved it by hand:", "the proxy was restarted"),
		act("snooze", url.Values{"for": {"1h"}, "note": {"typed <b>late"}}, 409, "resolved meanwhile", ">typed &lt;b&gt;late</textarea>"),
		act("snooze", url.Values{"for": {"1h"}}, 409, "resolved meanwhile"),
		{name: "no act", as: "support", method: "POST", path: at + "/undo", form: url.Values{"act": {"x"}}, status: 404},
	})
	a, err := s.DB().Alert(t.Context(), a.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, done := range a.Acts {
		if done.Verb == alert.Comment {
			s.run(t, []scenario{{name: "another's comment", as: "operator", method: "POST", path: at + "/undo", form: url.Values{"act": {fmt.Sprint(done.ID)}}, status: 409,
				contains: []string{"Only who wrote a comment takes it back."}}})
		}
		s.run(t, []scenario{act("undo", url.Values{"act": {fmt.Sprint(done.ID)}}, 303)})
	}
	s.run(t, []scenario{page("took back the resolution", "took back the snooze", "took back a comment", "(taken back)", "Nobody has acknowledged it yet.")})
	if a, err = s.DB().Alert(t.Context(), a.ID); err != nil || a.Status != alert.Active || a.AssignedTo != 0 || !a.SnoozedUntil.IsZero() {
		t.Errorf("after everything was taken back: %s, for %d, snoozed until %v, %v; want as before", a.Status, a.AssignedTo, a.SnoozedUntil, err)
	}
}

func TestLimitsOfAFlowAreShownBesideMetasAndChanged(t *testing.T) {
	s := openSite(t).addUsers(t)
	s.addFlow(t, "appointment", "691244242662581")
	limits := func(change url.Values, status int, contains ...string) scenario {
		form := url.Values{"latency": {"900"}, "endpoint_errors": {"2,5"}, "client_errors": {"0"}, "availability": {"99"}, "requests": {"10"}}
		for name, values := range change {
			form[name] = values
		}
		to := ""
		if status == 303 {
			to = "/flows/appointment#monitor"
		}
		return scenario{name: form.Encode(), as: "operator", method: "POST", path: "/flows/appointment/limits", form: form, status: status, to: to, contains: contains}
	}
	s.run(t, []scenario{
		{name: "the default", as: "operator", path: "/flows/appointment", status: 200, contains: []string{"From 700 ms", "From 1 s, 5 s, 7 s", "Below 95%", "Below 90%", "Save limits"}},
		{name: "nothing to change for support", as: "support", path: "/flows/appointment", status: 200, contains: []string{"From 700 ms"}, absent: []string{"Save limits"}},
		limits(url.Values{"latency": {"soon"}}, 422, "Write a number, such as 5.", `value="soon"`),
		limits(url.Values{"availability": {"100"}}, 422, "Write 1 to 99.9 percent, or 0 for never."),
		limits(nil, 303),
		{name: "changed", as: "viewer", path: "/flows/appointment", status: 200, contains: []string{"From 900 ms", "From 2.5%", "Never", "Below 99%"}},
	})
	f, err := s.DB().Flow(t.Context(), "appointment")
	if err != nil {
		t.Fatal(err)
	}
	l, err := s.DB().Limits(t.Context(), f.ID)
	if err != nil || l != (alert.Limits{Latency: 900, EndpointErrors: 2.5, Availability: 99, Requests: 10}) {
		t.Errorf("Limits() = %+v, %v", l, err)
	}
}

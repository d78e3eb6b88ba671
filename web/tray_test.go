package web_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"switchyard/models"
)

// crm are responses of another system's tokens: three that fit the survey, one with words of its own.
func (s *site) crm(t *testing.T) (first models.Response) {
	t.Helper()
	for n := range 3 {
		s.response(t, fmt.Sprint("5511987650", 100+n), "Ana "+hostile, map[string]any{"flow_token": fmt.Sprintf("crm-%d", n), "score": "4", "comment": hostile})
	}
	first = s.newest(t)
	s.response(t, "5511987650200", "Bea", map[string]any{"flow_token": "odd-1", "nobody": "asked", "5511987650200": "as a key"})
	return first
}

func TestTheTraySuggestsAssignsRemembersAndTakesBack(t *testing.T) {
	s := openSite(t).addUsers(t)
	s.addSamples(t)
	r := s.crm(t)
	page := fmt.Sprintf("/responses/%d", r.ID)
	assign := page + "/assign"
	s.run(t, []scenario{
		{name: "signed out", path: "/unmatched", status: 303, to: "/sign-in?next=%2Funmatched"},
		{name: "the tray", as: "support", path: "/unmatched", status: 200, contains: []string{"Flow survey", "Both answers are fields of this flow", "crm-1", "No flow here has such answers", "&lt;img src=x"}, absent: []string{hostile}},
		{name: "as a viewer", as: "viewer", path: "/unmatched", status: 200, contains: []string{"Flow survey", "+55 •••• 02"}, absent: []string{"crm-", "5511987650", "Choose…", `value="survey"`}},
		{name: "an unknown tab is the first", as: "viewer", path: "/unmatched?show=lost", status: 200, contains: []string{"May belong to"}},
		{name: "a page by key", as: "viewer", path: fmt.Sprintf("/unmatched?show=no-flow&before=%d", r.ID), status: 200, contains: []string{"Newer"}, absent: []string{fmt.Sprintf(`href="%s"`, page)}},
		{name: "the question", as: "support", path: assign, status: 200, contains: []string{"All 3 whose token begins with crm-", "All 4 sent to our number", "All 3 with the same answers", `value="survey" checked`}, absent: []string{hostile, "Remember", "All 1"}},
		{name: "as operator", as: "operator", path: assign, status: 200, contains: []string{"Remember", "The token begins with crm-"}},
		{name: "not for viewers", as: "viewer", path: assign, status: 403},
		{name: "nor by form", as: "viewer", method: "POST", path: assign, form: url.Values{"flow": {"survey"}}, status: 403},
		{name: "cross-site", as: "support", method: "POST", path: assign, form: url.Values{"flow": {"survey"}}, header: map[string]string{"Sec-Fetch-Site": "cross-site"}, status: 403},
		{name: "no flow", as: "support", method: "POST", path: assign, form: url.Values{}, status: 422, contains: []string{"Choose the flow that the response belongs to."}},
		{name: "no such likeness", as: "support", method: "POST", path: assign, form: url.Values{"flow": {"survey"}, "like": {"all"}}, status: 422, contains: []string{"Choose which responses are assigned"}},
		{name: "support remembers nothing", as: "support", method: "POST", path: assign, form: url.Values{"flow": {"survey"}, "remember": {"1"}, "as": {"token"}}, status: 403},
		{name: "no such response", as: "support", path: "/responses/98765/assign", status: 404},
		{name: "all like it, remembered", as: "operator", method: "POST", path: assign, form: url.Values{"flow": {"survey"}, "like": {"token"}, "remember": {"1"}, "as": {"token"}, "back": {"tray"}}, status: 303, to: "/unmatched"},
		{name: "what is left", as: "operator", path: "/unmatched", status: 200, contains: []string{"3 responses assigned to Flow survey. Responses like that belong to it from now on.", "odd-1", "Token begins with crm-; remembered."}, absent: []string{"Both answers"}},
		{name: "how it was matched", as: "support", path: page, status: 200, contains: []string{"Assigned by", "Token begins with crm-", "Change flow", "Undo"}},
		{name: "how, for a viewer", as: "viewer", path: page, status: 200, contains: []string{"Assigned by", "Token of the same form"}, absent: []string{"crm-", "Change flow", "Undo"}},
		{name: "the list", as: "support", path: "/responses?flow=survey", status: 200, contains: []string{"3 responses"}},
	})
	s.file(t, "support", "flow=survey", nil).check(t, scenario{path: "/exports", as: "support", status: 200, contains: []string{"crm-0", "crm-2"}})
	s.response(t, "5511987650300", "Caio", map[string]any{"flow_token": "crm-77", "score": "2"})
	mapped := fmt.Sprintf("/responses/%d", s.newest(t).ID)
	s.run(t, []scenario{
		{name: "the next by itself", as: "support", path: mapped, status: 200, contains: []string{"A mapping of", "Token begins with crm-"}},
		{name: "undone", as: "support", method: "POST", path: "/assignments/1/undo", form: url.Values{"back": {fmt.Sprint(r.ID)}}, status: 303, to: page},
		{name: "told", as: "support", path: page, status: 200, contains: []string{"The assignment is undone.", "No flow could be found"}},
		{name: "the next is back, too", as: "support", path: mapped, status: 200, contains: []string{"No flow could be found"}},
		{name: "in the list", as: "viewer", path: "/assignments", status: 200, contains: []string{"Undone", "undone by Person support"}, absent: []string{"crm-"}},
		{name: "not by viewers", as: "viewer", method: "POST", path: "/assignments/1/undo", form: url.Values{}, status: 403},
		{name: "no such assignment", as: "support", method: "POST", path: "/assignments/99/undo", form: url.Values{}, status: 404},
	})
	if log := s.log.String(); strings.Contains(log, "crm-") || strings.Contains(log, "551198765") {
		t.Error("the log holds a token or a number")
	}
}

func TestMappingsAreCountedBeforeTheyAreSaved(t *testing.T) {
	s := openSite(t).addUsers(t)
	s.addSamples(t)
	s.crm(t)
	form := func(kind, value, flow string) url.Values {
		return url.Values{"kind": {kind}, "value": {value}, "flow": {flow}}
	}
	s.run(t, []scenario{
		{name: "not for support", as: "support", path: "/mappings", status: 403},
		{name: "none yet", as: "operator", path: "/mappings", status: 200, contains: []string{"No mapping yet"}},
		{name: "counted", as: "operator", method: "POST", path: "/mappings/check", form: form("token", "crm-*", "survey"), status: 200, contains: []string{"3 unmatched responses fit it now", "Save mapping"}},
		{name: "not saved by that", as: "operator", path: "/mappings", status: 200, contains: []string{"No mapping yet"}},
		{name: "nothing fits", as: "operator", method: "POST", path: "/mappings/check", form: form("number", "+49 30 1234567", "survey"), status: 200, contains: []string{"No unmatched response fits it now"}},
		{name: "all", as: "operator", method: "POST", path: "/mappings/check", form: form("token", "*", "survey"), status: 422, contains: []string{"Write how the tokens begin"}},
		{name: "hostile", as: "operator", method: "POST", path: "/mappings/check", form: form("token", hostile, "survey"), status: 422, contains: []string{"&lt;img"}, absent: []string{hostile}},
		{name: "no flow", as: "operator", method: "POST", path: "/mappings", form: form("token", "crm-*", ""), status: 422, contains: []string{"Choose a flow."}},
		{name: "a customer is not typed", as: "operator", method: "POST", path: "/mappings", form: form("contact", "1", "survey"), status: 422},
		{name: "saved", as: "operator", method: "POST", path: "/mappings", form: form("token", "crm-*", "survey"), status: 303, to: "/mappings"},
		{name: "with its hits", as: "operator", path: "/mappings", status: 200, contains: []string{"Token begins with crm-", `<td class="num">3</td>`, "The mapping is saved."}},
		{name: "not twice", as: "operator", method: "POST", path: "/mappings", form: form("token", "crm-*", "claim"), status: 422, contains: []string{"mapped to Flow survey already"}},
		{name: "its responses", as: "support", path: "/responses?flow=survey", status: 200, contains: []string{"3 responses"}},
		{name: "removed", as: "operator", method: "POST", path: "/mappings/1/remove", form: url.Values{}, status: 303, to: "/mappings"},
		{name: "gone", as: "operator", path: "/mappings", status: 200, contains: []string{"No mapping yet", "stays where it is"}},
		{name: "its responses stay", as: "support", path: "/responses?flow=survey", status: 200, contains: []string{"3 responses"}},
		{name: "none to remove", as: "operator", method: "POST", path: "/mappings/9/remove", form: url.Values{}, status: 404},
	})
}

func TestWhatNobodyCanReadIsDismissedWithAReason(t *testing.T) {
	s := openSite(t).addUsers(t)
	s.addSamples(t)
	s.deliver(t, []byte(oddBody))
	s.decoded(t)
	s.response(t, "5511987650200", "Bea", map[string]any{"nobody": "asked"})
	r := s.newest(t)
	response, delivery := fmt.Sprintf("/responses/%d", r.ID), fmt.Sprintf("/deliveries/%d", s.deliveries(t, models.DeliveryFilter{State: models.Unmatched})[1].ID)
	why := url.Values{"reason": {"Ours: " + hostile}}
	s.run(t, []scenario{
		{name: "not by viewers", as: "viewer", method: "POST", path: response + "/dismiss", form: why, status: 403},
		{name: "not without a reason", as: "support", method: "POST", path: response + "/dismiss", form: url.Values{}, status: 303, to: response},
		{name: "told", as: "support", path: response, status: 200, contains: []string{"Say why in at most 500 characters", "Assign to a flow"}},
		{name: "a response", as: "support", method: "POST", path: response + "/dismiss", form: why, status: 303, to: response},
		{name: "its page", as: "viewer", path: response, status: 200, contains: []string{"Dismissed by", "Ours: &lt;img"}, absent: []string{hostile, "Bring back"}},
		{name: "a body", as: "support", method: "POST", path: delivery + "/dismiss", form: url.Values{"reason": {"A scanner"}, "back": {"bodies"}}, status: 303, to: "/unmatched?show=bodies"},
		{name: "its page, too", as: "support", path: delivery, status: 200, contains: []string{"Dismissed by", "A scanner."}, absent: []string{"Dismiss…"}},
		{name: "again", as: "support", method: "POST", path: delivery + "/dismiss", form: why, status: 303, to: delivery},
		{name: "the empty tray", as: "support", path: "/unmatched", status: 200, contains: []string{"Everything is matched", "somebody else was quicker"}},
		{name: "brought back", as: "support", method: "POST", path: response + "/restore", form: url.Values{}, status: 303, to: response},
		{name: "in the tray", as: "support", path: "/unmatched", status: 200, contains: []string{response}},
	})
}

package web_test

import (
	"fmt"
	"testing"
)

func TestBrowserAssignsOneAllLikeThisRemembersAndUndoes(t *testing.T) {
	t.Parallel()
	s := openSite(t).addUsers(t)
	s.addSamples(t)
	r := s.crm(t)
	b := signedIn(t, s, "operator")
	b.open("/unmatched")
	ask[any](b, `document.querySelector("tr.tray-row form button").focus(), 1`)
	b.leave("Assign")
	b.sees("1 response assigned to Flow survey.")
	b.leave("Undo")
	b.sees("The assignment is undone.")
	b.until("all four wait", `document.querySelectorAll("tr.tray-row").length === 4`)
	b.open(fmt.Sprintf("/responses/%d/assign?back=tray", r.ID))
	ask[any](b, `document.querySelector("#like-token").click(), document.querySelector("#remember").click(), 1`)
	b.leave("Assign")
	b.sees("3 responses assigned to Flow survey.")
	b.until("one is left", `document.querySelectorAll("tr.tray-row").length === 1`)
	s.response(t, "5511987650300", "Caio", map[string]any{"flow_token": "crm-77", "score": "2"})
	b.open(fmt.Sprintf("/responses/%d", s.newest(t).ID))
	b.sees("A mapping of")
	b.open(fmt.Sprintf("/responses/%d", r.ID))
	b.sees("Assigned by")
	b.leave("Undo")
	b.sees("No flow could be found for this response.")
	b.open("/mappings")
	b.sees("No mapping yet")
}

package web_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"switchyard/models"
)

func TestAResponseIsFollowedUpByWhoMay(t *testing.T) {
	s := finding(t)
	r := s.newest(t)
	page := fmt.Sprint("/responses/", r.ID)
	support := s.userID(t, "support")
	save := url.Values{"list": {"flow=appointment&status=open"}, "status": {"in-progress"}, "assignee": {fmt.Sprint(support)}}
	s.run(t, []scenario{
		{name: "unread", as: "viewer", path: "/responses?unread=1", status: 200, contains: []string{"60 responses", "data-unread"}},
		{name: "a viewer opens it", as: "viewer", path: page, status: 200, contains: []string{"Timeline", "First opened by"}, absent: []string{"Add note", "Assign to me", "Mark as"}},
		{name: "that is not reading it", as: "viewer", path: "/responses?unread=1", status: 200, contains: []string{"60 responses"}},
		{name: "support opens it", as: "support", path: page + "?flow=appointment", status: 200, contains: []string{"Add note", "Assign to me", `rel="next"`}},
		{name: "now it is read", as: "viewer", path: "/responses?unread=1", status: 200, contains: []string{"59 responses"}},
		{name: "unread again", as: "support", method: "POST", path: page + "/triage", form: url.Values{"list": {"flow=appointment"}, "do": {"unread"}}, status: 303, to: "/responses?flow=appointment"},
		{name: "it stays so", as: "support", path: "/responses?unread=1", status: 200, contains: []string{"60 responses", "Saved."}},
		{name: "read without opening it", as: "support", method: "POST", path: page + "/triage", form: url.Values{"do": {"read"}}, status: 303, to: page},
		{name: "unread beside the list", as: "support", method: "POST", path: page + "/triage", header: map[string]string{"HX-Request": "true"}, form: url.Values{"do": {"unread"}}, status: 200, contains: []string{"Mark as read"}},
		{name: "it stays so there", as: "support", path: "/responses?unread=1", status: 200, contains: []string{"60 responses"}},
		{name: "opened again", as: "support", path: page, status: 200, contains: []string{"Mark as unread"}},
		{name: "saved", as: "support", method: "POST", path: page + "/triage", form: save, status: 303, to: page + "?flow=appointment&status=open"},
		{name: "told", as: "support", path: page, status: 200, contains: []string{"Status: In progress", "It was “New”.", "Assigned to Person support"}},
		{name: "mine", as: "support", path: "/responses?assignee=me&status=open", status: 200, contains: []string{"1 response", "In progress"}},
		{name: "counted in the sidebar", as: "support", path: "/views/counts", status: 200, contains: []string{"Mine", ">1<"}},
		{name: "not a colleague's", as: "operator", path: "/responses?assignee=me", status: 200, contains: []string{"No responses match"}},
		{name: "a tag", as: "support", method: "POST", path: page + "/triage", form: url.Values{"do": {"tag"}, "tag": {"<b>VIP"}}, status: 303, to: page},
		{name: "found by it", as: "viewer", path: "/responses?tag=%3Cb%3EVIP", status: 200, contains: []string{"1 response", "&lt;b&gt;VIP"}, absent: []string{"<b>VIP"}},
		{name: "no tag", as: "support", method: "POST", path: page + "/triage", form: url.Values{"do": {"tag"}, "tag": {"a,b"}}, status: 422, contains: []string{"no comma", `href="#follow-tag"`, `value="a,b"`}},
		{name: "no status", as: "support", method: "POST", path: page + "/triage", form: url.Values{"status": {"gone"}, "assignee": {"0"}}, status: 422, contains: []string{"Choose a status of the list."}},
		{name: "given to a viewer", as: "support", method: "POST", path: page + "/triage", form: url.Values{"status": {"new"}, "assignee": {fmt.Sprint(s.userID(t, "viewer"))}}, status: 422, contains: []string{"role support or above"}},
		{name: "a note", as: "support", method: "POST", path: page + "/notes", form: url.Values{"note": {"=cmd <i> @operator call " + r.Contact.Phone}}, status: 303, to: page},
		{name: "an empty note", as: "support", method: "POST", path: page + "/notes", form: url.Values{"note": {" "}}, status: 422, contains: []string{"Write the note first."}},
		{name: "the note", as: "support", path: page, status: 200, contains: []string{"=cmd &lt;i&gt;", `<strong class="mention">@operator</strong>`, r.Contact.Phone}},
		{name: "the note without the number", as: "viewer", path: page, status: 200, contains: []string{"=cmd &lt;i&gt;"}, absent: []string{r.Contact.Phone}},
		{name: "mentioned", as: "operator", path: "/responses?mentioned=1", status: 200, contains: []string{"1 response"}},
		{name: "seen", as: "operator", path: page, status: 200},
		{name: "no mention left", as: "operator", path: "/responses?mentioned=1", status: 200, contains: []string{"No responses match"}},
		{name: "another's note", as: "operator", method: "POST", path: page + "/notes/1/remove", status: 404},
		{name: "removed", as: "support", method: "POST", path: page + "/notes/1/remove", status: 303, to: page},
		{name: "wrong status", as: "support", path: "/responses?status=gone&assignee=77&tag=never", status: 422, contains: []string{"There is no status “gone”", "There is no such person.", "There is no tag “never”"}},
	})
}

func TestManyAreChangedOnceTheyWereCounted(t *testing.T) {
	s := finding(t)
	list := "flow=appointment&w=department~is~dental"
	form := func(pairs ...string) url.Values {
		v := url.Values{"list": {list}, "status": {"done"}, "tag": {"Spring"}, "how": {"tag"}}
		for i := 0; i < len(pairs); i += 2 {
			v.Add(pairs[i], pairs[i+1])
		}
		return v
	}
	s.run(t, []scenario{
		{name: "asked", as: "support", method: "POST", path: "/responses/bulk", form: form("of", "all"), status: 200, contains: []string{"Change 20 responses", "Status: Done", "Tag added: Spring", `name="upto" value="60"`}},
		{name: "nothing was changed by asking", as: "support", path: "/responses?status=done", status: 200, contains: []string{"No responses match"}},
		{name: "nothing selected", as: "support", method: "POST", path: "/responses/bulk", form: form("of", "selected"), status: 303, to: "/responses?" + list},
		{name: "an unreadable list", as: "support", method: "POST", path: "/responses/bulk", form: url.Values{"list": {"flow=appointment&w=age~like~5"}, "status": {"done"}, "of": {"confirmed"}, "upto": {"60"}}, status: 422},
		{name: "done", as: "support", method: "POST", path: "/responses/bulk", form: form("of", "confirmed", "upto", "60"), status: 303, to: "/responses?done=1&done=2&" + list},
	})
	s.run(t, []scenario{
		{name: "told", as: "support", path: "/responses?" + list + "&done=1&done=2", status: 200, contains: []string{"20 responses were changed", "Undo"}},
		{name: "all of them", as: "support", path: "/responses?status=done&tag=Spring", status: 200, contains: []string{"20 responses"}},
		{name: "in the list of changes", as: "viewer", path: "/triage", status: 200, contains: []string{"Status: Done", "Tag added: Spring", "Person support"}, absent: []string{"Undo the change"}},
		{name: "undone", as: "operator", method: "POST", path: "/triage/1/undo", status: 303, to: "/triage"},
		{name: "as before", as: "support", path: "/responses?status=done", status: 200, contains: []string{"No responses match"}},
		{name: "the tag stays", as: "support", path: "/responses?tag=spring", status: 200, contains: []string{"20 responses"}},
		{name: "selected", as: "support", method: "POST", path: "/responses/bulk", form: url.Values{"list": {""}, "read": {"read"}, "of": {"selected"}, "ids": {"3", "5", "x"}}, status: 303, to: "/responses?done=3"},
		{name: "read", as: "support", path: "/responses?unread=1", status: 200, contains: []string{"58 responses"}},
		{name: "two that the filter asks", as: "support", method: "POST", path: "/responses/bulk", form: url.Values{"list": {"status=new&assignee=none"}, "status": {"done"}, "assignee": {fmt.Sprint(s.userID(t, "support"))}, "of": {"confirmed"}, "upto": {"60"}}, status: 303, to: "/responses?assignee=none&status=new"},
	})
	if cells, _ := s.listed(t, "support", "/responses?flow=appointment&tag=Spring", "Tags"); len(cells) != 20 || !strings.Contains(cells[0], "Spring") {
		t.Errorf("the column of tags: %q; want Spring 20 times", cells)
	}
}

func TestStatusesAreNamedByAdministrators(t *testing.T) {
	s := openSite(t).addUsers(t)
	s.run(t, []scenario{
		{name: "an operator", as: "operator", path: "/statuses", status: 403},
		{name: "added", as: "admin", method: "POST", path: "/statuses", form: url.Values{"name": {"Waiting <b>"}}, status: 303, to: "/statuses"},
		{name: "shown", as: "admin", path: "/statuses", status: 200, contains: []string{"Always there", `value="Waiting &lt;b&gt;"`}},
		{name: "twice", as: "admin", method: "POST", path: "/statuses", form: url.Values{"name": {"waiting <B>"}}, status: 422, contains: []string{"There is a status with this name already.", `value="waiting &lt;B&gt;"`}},
		{name: "offered", as: "support", path: "/responses?status=waiting-b", status: 200},
		{name: "changed", as: "admin", method: "POST", path: "/statuses/waiting-b", form: url.Values{"name": {"Parked"}, "removed": {"1"}}, status: 303, to: "/statuses"},
		{name: "refused", as: "admin", method: "POST", path: "/statuses/waiting-b", form: url.Values{"name": {"New"}}, status: 422, contains: []string{`href="#name-waiting-b"`}},
		{name: "one that is always there", as: "admin", method: "POST", path: "/statuses/done", form: url.Values{"name": {"Finished"}}, status: 404},
	})
}

// userID is the id of the person of a role.
func (s *site) userID(t *testing.T, role string) int64 {
	t.Helper()
	users, err := s.DB().Users(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, u := range users {
		if u.Role == models.Role(role) {
			return u.ID
		}
	}
	t.Fatalf("nobody is %s", role)
	return 0
}

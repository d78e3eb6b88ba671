package web_test

import (
	"strconv"
	"strings"
	"testing"
)

func TestAFlowHasATimeZoneOfItsOwn(t *testing.T) {
	s := openSite(t).addUsers(t)
	s.addSamples(t)
	const here = "/flows/appointment/rules"
	post := func(name, zone string, edit, status int, contains ...string) scenario {
		return scenario{name: name, as: "operator", method: "POST", path: here + "/zone", form: pairs("timezone", zone, "edit", strconv.Itoa(edit)), status: status, contains: contains}
	}
	_, set := s.document(t, "appointment")
	s.run(t, []scenario{
		{name: "that of the installation", as: "operator", path: here, status: 200, contains: []string{"Time zone: that of this installation"}},
		post("no such zone", `Europe/"><b>`, set.Edit, 422, "There is no such time zone.", `value="Europe/&#34;&gt;&lt;b&gt;"`),
		post("that of whatever machine", "Local", set.Edit, 422, "There is no such time zone."),
		{name: "saved", as: "operator", method: "POST", path: here + "/zone", form: pairs("timezone", " America/Sao_Paulo ", "edit", strconv.Itoa(set.Edit)), status: 303, to: here + "#zone"},
		{name: "shown and told", as: "viewer", path: here, status: 200, contains: []string{"Time zone: America/Sao_Paulo", "1 change in this draft"}, absent: []string{"Save time zone"}},
		post("another one from an old page", "Europe/Berlin", set.Edit, 409, "America/Sao_Paulo", "Europe/Berlin"),
	})
	if doc, _ := s.document(t, "appointment"); doc.Timezone != "America/Sao_Paulo" {
		t.Errorf("the zone of the draft is %q; want America/Sao_Paulo", doc.Timezone)
	}
}

// TestAScreenNamedLikeTheOpeningIsNotTakenForIt: such an id is an error, but the page is still one that can be read.
func TestAScreenNamedLikeTheOpeningIsNotTakenForIt(t *testing.T) {
	s := openSite(t).addUsers(t)
	s.addSamples(t)
	f, err := s.DB().Flow(t.Context(), "appointment")
	must(t, err)
	kept, err := s.DB().NewestFlowJSON(t.Context(), f.ID)
	must(t, err)
	_, err = s.DB().SaveFlowJSON(t.Context(), f.ID, []byte(strings.ReplaceAll(string(kept.Raw), `"SUMMARY"`, `"opening"`)), tester)
	must(t, err)
	page := s.send(t, scenario{as: "operator", path: "/flows/appointment/rules"}).body
	if n := strings.Count(page, `id="screen-opening"`); n != 1 || !strings.Contains(page, "Give the screen another id") {
		t.Errorf("the page has %d sections screen-opening; want one, and words beside the other screen", n)
	}
}

package web_test

import (
	"strings"
	"testing"
)

// importing is an import of a Flow JSON of appointment as a file.
func importing(t *testing.T, raw string) scenario {
	t.Helper()
	sc := upload(t, "file", "flow.json", []byte(raw), nil)
	sc.as, sc.path = "operator", "/flows/appointment/json"
	return sc
}

func TestANewFlowJSONSaysWhatItBreaksBeforeAndAfter(t *testing.T) {
	s := openSite(t).addUsers(t)
	s.addSamples(t)
	old := string(fixture(t, "flows", "appointment.json"))
	const key = `"age": "${form.age}"`
	if !strings.Contains(old, key) {
		t.Fatalf("appointment.json does not send %s any more", key)
	}
	broken := strings.Replace(old, key, `"years": "${form.age}"`, 1)
	same := importing(t, old)
	same.name, same.status, same.to = "the same again", 303, "/flows/appointment#flow-json"
	preview := importing(t, broken)
	preview.status = 200
	preview.contains = []string{"What the import changes", "1 rule uses the field “age” on “Your details”, which is gone.", "no longer sends “age”", "now sends “years”", "Save it all the same", "/flows/appointment/rules/DETAILS/"}
	s.run(t, []scenario{same})
	got := s.send(t, preview)
	got.check(t, preview)
	s.run(t, []scenario{
		{name: "nothing is saved by looking", as: "viewer", path: "/flows/appointment/json/2", status: 404},
		{name: "rubbish instead", as: "operator", method: "POST", path: "/flows/appointment/json", form: pairs("carried", "rubbish"), status: 422},
		{name: "saved", as: "operator", method: "POST", path: "/flows/appointment/json", form: pairs("carried", field(t, got, "carried")), status: 303, to: "/flows/appointment/json/2"},
		{name: "said after", as: "viewer", path: "/flows/appointment/json/2", status: 200, contains: []string{"What this version breaks in the rules", "1 rule uses the field “age”", "Changed since version 1", "now sends “years”"}},
		{name: "versions", as: "viewer", path: "/flows/appointment/json", status: 200, contains: []string{"Current", "Person operator", "Compare"}, absent: []string{"Import a Flow JSON"}},
		{name: "compared", as: "viewer", path: "/flows/appointment/json/compare?from=2&to=1", status: 200, contains: []string{"now sends “age”"}},
		{name: "compared with nothing", as: "viewer", path: "/flows/appointment/json/compare?from=2&to=x", status: 404},
		{name: "the text", as: "viewer", path: "/flows/appointment/json/1/download", status: 200, contains: []string{key}, want: map[string]string{"Content-Disposition": `attachment; filename="appointment-1.json"`}},
		{name: "not restored by viewers", as: "viewer", method: "POST", path: "/flows/appointment/json/1/restore", form: pairs(), status: 403},
		{name: "the older one would mend it", as: "operator", path: "/flows/appointment/json/1", status: 200, contains: []string{"It breaks no rule.", "Make it current again"}},
		{name: "restored", as: "operator", method: "POST", path: "/flows/appointment/json/1/restore", form: pairs(), status: 303, to: "/flows/appointment/json/3"},
		{name: "is whole again", as: "viewer", path: "/flows/appointment/json/3", status: 200, contains: []string{"It breaks no rule."}},
	})
}

func TestTheScreensPageTellsAllThatAFlowJSONSays(t *testing.T) {
	s := openSite(t).addUsers(t)
	s.addSamples(t)
	odd := `{"version":"9.9","theme":"dark","data_api_version":"4.0","routing_model":{"A":["B"],"B":[]},"screens":[
 {"id":"A","title":"<b>Ask","refresh_on_back":true,"data":{"plans":{"type":"array","items":{"type":"object","properties":{"id":{"type":"string"},"title":{"type":"string"}}},"__example__":[{"id":"g","title":"Gold"}]}},
  "layout":{"type":"SingleColumnLayout","children":[
  {"type":"Dropdown","name":"plan","label":"Your plan","required":true,"data-source":"${data.plans}"},
  {"type":"Hologram","name":"holo","label":"Wave"},
  {"type":"TextHeading","text":" "},
  {"type":"Footer","label":"Go on","on-click-action":{"name":"data_exchange","payload":{"plan":"${form.plan}","why":"always"}}}]}},
 {"id":"B","title":"Bye","terminal":true,"success":false,"layout":{"type":"SingleColumnLayout","children":[{"type":"Footer","label":"Done","on-click-action":{"name":"complete","payload":{}}}]}}]}`
	flow, err := s.DB().Flow(t.Context(), "survey")
	must(t, err)
	_, err = s.DB().SaveFlowJSON(t.Context(), flow.ID, []byte(odd), tester)
	must(t, err)
	s.run(t, []scenario{
		{name: "screens", as: "viewer", path: "/flows/survey/screens", status: 200, contains: []string{
			"Flow JSON 9.9, data_api_version 4.0, 2 screens", "&lt;b&gt;Ask", "First screen", "Last screen", "Not a success", "Asks on back",
			"Your plan", "Dropdown", "Required", "From the data key", "Gold", "“Go on” (Footer) asks the endpoint", "field plan", "always &#34;always&#34;",
			"list of {id text, title text}", "Dropdown plan data-source", "Component “Hologram” called holo", "Not known here", "Key “theme”",
			"PATTERN_MISMATCH", "/screens/0/layout/children/2/text line 6"}, absent: []string{"<b>Ask"}},
		{name: "without one", as: "viewer", path: "/flows/nothing/screens", status: 404},
		{name: "the flow's page leads there", as: "viewer", path: "/flows/survey", status: 200, contains: []string{`href="/flows/survey/screens"`, `href="/flows/survey/json"`}},
	})
}

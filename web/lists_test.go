package web_test

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"switchyard/models"
	"switchyard/models/rules"
	"switchyard/views"
)

// rowsForm is the form of a list's rows as the page gives it, with some fields changed: name, value, …
func rowsForm(l models.ListRow, do string, changed ...string) url.Values {
	v := url.Values{"version": {strconv.Itoa(l.Version)}, "page": {"1"}, "do": {do}, "enabled.new": {"1"}}
	for i, r := range l.Rows {
		n := "." + strconv.Itoa(i)
		v["was"+n], v["id"+n], v["pos"+n] = []string{r.ID}, []string{r.ID}, []string{strconv.Itoa(i + 1)}
		v["title"+n], v["description"+n] = []string{r.Title}, []string{r.Description}
		if r.Enabled {
			v["enabled"+n] = []string{"1"}
		}
		for j, cell := range r.Cells {
			v["c"+strconv.Itoa(j)+n] = []string{cell}
		}
	}
	for i := 0; i < len(changed); i += 2 {
		v.Set(changed[i], changed[i+1])
	}
	return v
}

// listSaid is a list in a line: "theft=Theft 500, …", an id that is not offered in brackets.
func (s *site) listSaid(t *testing.T, name string) (models.ListRow, string) {
	t.Helper()
	l, err := s.DB().List(t.Context(), name)
	must(t, err)
	var rows []string
	for _, r := range l.Rows {
		text := strings.TrimSpace(r.ID + "=" + r.Title + " " + strings.Join(r.Cells, " "))
		if !r.Enabled {
			text = "(" + text + ")"
		}
		rows = append(rows, text)
	}
	return l, strings.Join(rows, ", ")
}

func TestAListIsEditedAsATableWithoutScripts(t *testing.T) {
	s := openSite(t).addUsers(t)
	must(t, s.DB().SaveList(t.Context(), rules.List{Name: "plans", Columns: []rules.Column{{Name: "price", Type: "number"}}, Rows: []rules.Row{
		{ID: "g", Title: "Gold", Enabled: true, Cells: []string{"10"}}, {ID: "s", Title: "Silver", Enabled: true, Cells: []string{"5"}}, {ID: "b", Title: "Bronze", Enabled: true, Cells: []string{"1"}}}}, tester))
	for _, step := range []struct {
		name, do string
		changed  []string
		status   int
		at       string // of the page afterwards
		contains string
		want     string
	}{
		{"cells are typed over", "save", []string{"title.0", "Golden", "c0.2", "2", "enabled.1", ""}, 303, "#list-rows", "", "g=Golden 10, (s=Silver 5), b=Bronze 2"},
		{"a row goes down", "down.0", nil, 303, "#" + views.ListRowAnchor("g"), "", "(s=Silver 5), g=Golden 10, b=Bronze 2"},
		{"a row goes up", "up.2", nil, 303, "#" + views.ListRowAnchor("b"), "", "(s=Silver 5), b=Bronze 2, g=Golden 10"},
		{"a row goes to a position", "save", []string{"pos.2", "1"}, 303, "#list-rows", "", "g=Golden 10, (s=Silver 5), b=Bronze 2"},
		{"a row is removed, another changed with it", "remove.1", []string{"title.2", "Bronzen"}, 303, "#list-rows", "", "g=Golden 10, b=Bronzen 2"},
		{"a row is added, its id made of the title", "add", []string{"title.new", "Über Plus!", "c0.new", "7"}, 303, "#new", "", "g=Golden 10, b=Bronzen 2, über_plus=Über Plus! 7"},
		{"a number that is none", "save", []string{"c0.0", "ten"}, 422, "", "price must be a number", "g=Golden 10, b=Bronzen 2, über_plus=Über Plus! 7"},
		{"an id twice", "save", []string{"id.1", "g"}, 422, "", "is already that of row 1", "g=Golden 10, b=Bronzen 2, über_plus=Über Plus! 7"},
		{"a title that is gone", "save", []string{"title.1", " ", "title.0", "<b>"}, 422, "", "&lt;b&gt;", "g=Golden 10, b=Bronzen 2, über_plus=Über Plus! 7"},
		{"nothing", "save", nil, 303, "#list-rows", "", "g=Golden 10, b=Bronzen 2, über_plus=Über Plus! 7"},
	} {
		l, _ := s.listSaid(t, "plans")
		sc := scenario{name: step.name, as: "operator", method: "POST", path: "/lists/plans/rows", form: rowsForm(l, step.do, step.changed...), status: step.status}
		if step.status == 303 {
			sc.to = "/lists/plans" + step.at
		}
		if step.contains != "" {
			sc.contains = []string{step.contains, "data-error-summary"}
		}
		t.Run(step.name, func(t *testing.T) { s.send(t, sc).check(t, sc) })
		if _, got := s.listSaid(t, "plans"); got != step.want {
			t.Fatalf("%s: the list is %s; want %s", step.name, got, step.want)
		}
	}
	if l, _ := s.listSaid(t, "plans"); l.Version != 7 {
		t.Errorf("the list is at version %d; want 7: one for each change", l.Version)
	}
}

func TestTwoWhoEditAListLoseNothing(t *testing.T) {
	s := openSite(t).addUsers(t)
	s.addSamples(t)
	old, _ := s.listSaid(t, "claim_kinds")
	path := "/lists/claim_kinds"
	s.run(t, []scenario{
		{name: "first", as: "operator", method: "POST", path: path + "/rows", form: rowsForm(old, "save", "title.0", "Burglary"), status: 303, to: path + "#list-rows"},
		{name: "second, from the old page", as: "admin", method: "POST", path: path + "/rows", form: rowsForm(old, "save", "title.1", "Breakage"), status: 409,
			contains: []string{"Not saved", "Person operator saved this list", "Burglary", "Breakage", "Restore version 3"}},
		{name: "the first stands", as: "operator", path: path, status: 200, contains: []string{"Burglary", "Version 2"}, absent: []string{"Breakage"}},
		{name: "both are versions", as: "operator", path: path + "/versions", status: 200, contains: []string{"Set aside", "Person admin", "Current"}},
		{name: "restored over a newer one is refused too", as: "admin", method: "POST", path: path + "/versions/1/restore", form: pairs("version", "1"), status: 409, contains: []string{"Not saved"}},
		{name: "restored", as: "admin", method: "POST", path: path + "/versions/3/restore", form: pairs("version", "2"), status: 303, to: path},
		{name: "is the list now", as: "operator", path: path, status: 200, contains: []string{"Breakage"}, absent: []string{"Burglary"}},
		{name: "compared", as: "operator", path: path + "/compare?from=1&to=2", status: 200, contains: []string{"1 changed", "Theft", "Burglary"}},
		{name: "compared with what is not there", as: "operator", path: path + "/compare?from=1&to=99", status: 404},
		{name: "not by viewers", as: "viewer", method: "POST", path: path + "/versions/1/restore", form: pairs("version", "5"), status: 403},
		{name: "an old version as CSV", as: "operator", path: path + "/versions/1/export", status: 200, contains: []string{"theft,Theft"}},
	})
}

func TestAnUploadIsSeenBeforeItReplaces(t *testing.T) {
	s := openSite(t).addUsers(t)
	s.addSamples(t)
	send := func(csv, mode string) answer {
		t.Helper()
		sc := upload(t, "file", "l.csv", []byte(csv), map[string]string{"mode": mode})
		sc.as, sc.path, sc.status = "operator", "/lists/claim_kinds/upload", 200
		got := s.send(t, sc)
		got.check(t, sc)
		return got
	}
	const csv = "id,title,description,limit:number\ntheft,Theft,Something was stolen,700\nhail,Hail,,50\n"
	if body := send(csv, "merge").body; !strings.Contains(body, "1 added, 1 changed</p>") {
		t.Errorf("an upload that adds does not say: 1 added, 1 changed")
	}
	if body := send("id,title\ntheft,Theft\n", "replace").body; !strings.Contains(body, "Rules look up columns that would be gone") || !strings.Contains(body, "Over the limit of its kind") {
		t.Error("an upload without the column limit does not name the rule that looks it up")
	}
	got := send(csv, "replace")
	if !strings.Contains(got.body, "1 added, 1 changed, 3 removed") {
		t.Errorf("the preview does not count what changes")
	}
	if _, is := s.listSaid(t, "claim_kinds"); strings.Contains(is, "hail") {
		t.Fatal("the preview saved the list")
	}
	form := pairs("version", field(t, got, "version"), "carried", field(t, got, "carried"), "note", "hail insured")
	s.run(t, []scenario{
		{name: "a form that somebody changed", as: "operator", method: "POST", path: "/lists/claim_kinds/replace", form: pairs("version", "1", "carried", "rubbish"), status: 422},
		{name: "saved", as: "operator", method: "POST", path: "/lists/claim_kinds/replace", form: form, status: 303, to: "/lists/claim_kinds"},
		{name: "told", as: "operator", path: "/lists/claim_kinds/versions", status: 200, contains: []string{"hail insured", "Uploaded"}},
	})
	if _, is := s.listSaid(t, "claim_kinds"); is != "theft=Theft 700, hail=Hail 50" {
		t.Errorf("the list is %s; want the uploaded rows", is)
	}
}

// field is the value of the first input of that name.
func field(t *testing.T, r answer, name string) string {
	t.Helper()
	value, ok := parsed(t, r.body).Find(fmt.Sprintf("input[name=%q]", name)).Last().Attr("value")
	if !ok {
		t.Fatalf("the page has no input %s", name)
	}
	return value
}

func TestColumnsOfAListComeChangeAndGo(t *testing.T) {
	s := openSite(t).addUsers(t)
	s.addSamples(t)
	const path = "/lists/claim_kinds/columns"
	version := func() string {
		l, _ := s.listSaid(t, "claim_kinds")
		return strconv.Itoa(l.Version)
	}
	send := func(name string, status int, contains string, kv ...string) {
		t.Helper()
		sc := scenario{name: name, as: "operator", method: "POST", path: path, form: pairs(append(kv, "version", version())...), status: status}
		if contains != "" {
			sc.contains = []string{contains}
		}
		if status == 303 {
			sc.to = "/lists/claim_kinds#list-columns"
		}
		s.send(t, sc).check(t, sc)
	}
	send("one more", 303, "", "was.0", "limit", "name.0", "limit", "type.0", "number", "was.1", "", "name.1", "vip", "type.1", "yesno")
	send("a name that does not work", 422, "does not work", "was.0", "limit", "name.0", "limit", "type.0", "number", "was.1", "vip", "name.1", "V I P", "type.1", "yesno")
	send("a type that the cells do not fit", 422, "must be yes or no", "was.0", "limit", "name.0", "limit", "type.0", "yesno", "was.1", "vip", "name.1", "vip", "type.1", "yesno")
	gone := []string{"was.0", "limit", "name.0", "most", "type.0", "number", "was.1", "vip", "name.1", "vip", "type.1", "yesno", "remove.1", "1"}
	send("a column that a rule looks up", 422, "Rules look up limit: Flow claim", gone...)
	send("all the same", 303, "", append(gone, "sure", "1")...)
	s.send(t, scenario{as: "operator", method: "POST", path: "/lists/claim_kinds/rows", form: pairs("version", version(), "was.0", "theft", "id.0", "theft", "title.0", "Theft", "enabled.0", "1", "c0.0", "500", "do", "up.0")})
	l, _ := s.listSaid(t, "claim_kinds")
	if len(l.Rows) != 4 {
		t.Errorf("moving the first row up leaves %d rows; want all 4", len(l.Rows))
	}
	if len(l.Columns) != 1 || l.Columns[0] != (rules.Column{Name: "most", Type: "number"}) || l.Rows[0].Cells[0] != "500" {
		t.Errorf("the list has the columns %+v and begins with %+v; want most, with what limit held", l.Columns, l.Rows[0])
	}
}

func TestAColumnsFormThatWasRefusedOverwritesNoColumnAddedMeanwhile(t *testing.T) {
	s := openSite(t).addUsers(t)
	s.addSamples(t)
	const path = "/lists/claim_kinds/columns"
	gone := []string{"version", "1", "was.0", "limit", "name.0", "limit", "type.0", "number", "remove.0", "1"}
	s.run(t, []scenario{
		{name: "somebody adds a column", as: "admin", method: "POST", path: path, form: pairs("version", "1", "was.0", "limit", "name.0", "limit", "type.0", "number", "was.1", "", "name.1", "floor", "type.1", "text"), status: 303, to: "/lists/claim_kinds#list-columns"},
		{name: "another is asked first", as: "operator", method: "POST", path: path, form: pairs(gone...), status: 422, contains: []string{`name="version" value="1"`, "Change it all the same"}, absent: []string{`name="version" value="2"`, "floor"}},
		{name: "and then told", as: "operator", method: "POST", path: path, form: pairs(append(gone, "sure", "1")...), status: 409, contains: []string{"Person admin saved this list", "floor"}},
	})
	if l, _ := s.listSaid(t, "claim_kinds"); len(l.Columns) != 2 {
		t.Errorf("the list has the columns %+v; want limit and floor", l.Columns)
	}
}

func TestCellsOfSeveralLinesStayAsLongAsNobodyTypesOverThem(t *testing.T) {
	s := openSite(t).addUsers(t)
	must(t, s.DB().SaveList(t.Context(), rules.List{Name: "plans", Columns: []rules.Column{{Name: "terms", Type: "text"}}, Rows: []rules.Row{
		{ID: "g\nold", Title: "Gold", Description: "First\nsecond", Enabled: true, Cells: []string{"a\nb"}}}}, tester))
	for i, step := range []struct{ terms, want string }{{"ab", "a\nb"}, {"a, b", "a, b"}} {
		s.send(t, scenario{as: "operator", method: "POST", path: "/lists/plans/rows", form: pairs("version", strconv.Itoa(i+1), "page", "1", "do", "save", "was.0", "g\r\nold", "pos.0", "1",
			"id.0", "gold", "title.0", "Gold!", "description.0", "Firstsecond", "enabled.0", "1", "c0.0", step.terms)})
		l, _ := s.listSaid(t, "plans")
		if got, want := fmt.Sprintf("%+v", l.Rows[0]), fmt.Sprintf("%+v", rules.Row{ID: "g\nold", Title: "Gold!", Description: "First\nsecond", Enabled: true, Cells: []string{step.want}}); got != want {
			t.Errorf("after %q the row is %q; want %q", step.terms, got, want)
		}
	}
}

func TestAListIsRenamedAndItsUsersAreSaid(t *testing.T) {
	s := openSite(t).addUsers(t)
	s.addSamples(t)
	s.run(t, []scenario{
		{name: "who uses it", as: "operator", path: "/lists/claim_kinds", status: 200, contains: []string{"2 rules use it", "Over the limit of its kind", ">Published<"}},
		{name: "no name", as: "operator", method: "POST", path: "/lists/claim_kinds/rename", form: pairs("version", "1", "name", "Kinds!"), status: 422, contains: []string{"Use small letters"}},
		{name: "from an old page", as: "operator", method: "POST", path: "/lists/claim_kinds/rename", form: pairs("version", "7", "name", "kinds"), status: 422, contains: []string{"Somebody else changed the list"}},
		{name: "renamed", as: "operator", method: "POST", path: "/lists/claim_kinds/rename", form: pairs("version", "1", "name", " kinds "), status: 303, to: "/lists/kinds"},
		{name: "nobody uses the new name", as: "operator", path: "/lists/kinds", status: 200, contains: []string{"No rule uses it"}},
		{name: "an empty one", as: "operator", method: "POST", path: "/lists", form: pairs("name", "claim_kinds", "do", "empty"), status: 303, to: "/lists/claim_kinds"},
		{name: "not twice", as: "operator", method: "POST", path: "/lists", form: pairs("name", "claim_kinds", "do", "empty"), status: 422, contains: []string{"There is a list of this name already"}},
		{name: "deleted", as: "operator", method: "POST", path: "/lists/claim_kinds/delete", form: pairs(), status: 303, to: "/lists"},
		{name: "to be had back", as: "operator", path: "/lists", status: 200, contains: []string{"Deleted lists", "claim_kinds"}},
		{name: "its versions", as: "operator", path: "/lists/claim_kinds/versions", status: 200, contains: []string{"was deleted"}},
		{name: "restored", as: "operator", method: "POST", path: "/lists/claim_kinds/versions/1/restore", form: pairs("version", "0"), status: 303, to: "/lists/claim_kinds"},
	})
}

func TestAColumnThatIsSentWithTheRowsIsUsed(t *testing.T) {
	s := openSite(t).addUsers(t)
	s.addSamples(t)
	f, err := s.DB().CreateFlow(t.Context(), models.Flow{Slug: "offer", Name: "Flow offer", Mode: models.Encrypted}, tester)
	if err != nil {
		t.Fatal(err)
	}
	const raw = `{"version":"7.3","data_api_version":"3.0","routing_model":{"A":[]},"screens":[{"id":"A","title":"A","terminal":true,
		"data":{"kinds":{"type":"array","items":{"type":"object","properties":{"id":{"type":"string"},"title":{"type":"string"},"limit":{"type":"number"}}},"__example__":[]}},
		"layout":{"type":"SingleColumnLayout","children":[{"type":"Dropdown","name":"kind","label":"Kind","data-source":"${data.kinds}"},
		{"type":"Footer","label":"Done","on-click-action":{"name":"data_exchange","payload":{"kind":"${form.kind}"}}}]}}]}`
	if _, err := s.DB().SaveFlowJSON(t.Context(), f.ID, []byte(raw), tester); err != nil {
		t.Fatal(err)
	}
	s.publish(t, f, []byte(`{"switchyard":1,"opening":{"otherwise":{"go":"A","data":{"kinds":"{{ filter(list('claim_kinds'), .id != 'fire') }}"}}},"screens":{"A":{"otherwise":{"finish":{}}}}}`))
	s.run(t, []scenario{{
		name: "removing it asks", as: "operator", method: "POST", path: "/lists/claim_kinds/columns", status: 422,
		form:     pairs("version", "1", "was.0", "limit", "name.0", "limit", "type.0", "number", "remove.0", "1"),
		contains: []string{"Rules look up limit: ", "Flow offer"},
	}})
}

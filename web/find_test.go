package web_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

// finding is a site with 60 appointments, of which 8 are of the newest version's past.
func finding(t *testing.T) *site {
	t.Helper()
	s := openSite(t).addUsers(t)
	s.addSamples(t)
	for i := range 60 {
		answers := map[string]any{"flow_token": fmt.Sprint("appointment.", i), "name": fmt.Sprint("Person ", i), "age": fmt.Sprint(20 + i%40),
			"department": []string{"dental", "cardiology", "other"}[i%3], "terms": i%2 == 0, "symptoms": []string{"0_pain", "2_swelling"}[:1+i%2]}
		if i%8 == 0 {
			answers["colour"] = "blue"
		}
		if got := s.deliver(t, reply(fmt.Sprint("FIND", i), fmt.Sprint(5511987650100+i%5), []string{"Ana", "Bia", "Caio", "Davi", "Eva Núñez"}[i%5], answers)); got.status != 200 {
			t.Fatalf("deliver = %d %s", got.status, got.body)
		}
	}
	s.decoded(t)
	return s
}

// listed is the first cells of a column of the list by its head, and the page.
func (s *site) listed(t *testing.T, as, path, head string) (cells []string, doc *goquery.Document) {
	t.Helper()
	got := s.send(t, scenario{as: as, path: path})
	if got.status != 200 {
		t.Fatalf("GET %s as %s = %d", path, as, got.status)
	}
	doc = parsed(t, got.body)
	at := -1
	doc.Find("#results thead th").Each(func(i int, th *goquery.Selection) {
		if strings.HasPrefix(strings.TrimSpace(th.Text()), head) {
			at = i
		}
	})
	doc.Find("#results tbody tr").Each(func(_ int, tr *goquery.Selection) {
		cells = append(cells, strings.TrimSpace(tr.Find("td").Eq(at).Text()))
	})
	return cells, doc
}

func TestAFilterStandsInTheAddressForEverybody(t *testing.T) {
	s := finding(t)
	list := "/responses?flow=appointment&w="
	s.run(t, []scenario{
		{name: "two answers", as: "support", path: list + "all(department~is~dental,age~gt~50)", status: 200, contains: []string{"Filter (2)", "3 responses", "1–3 of 3"}},
		{name: "the same for a colleague", as: "operator", path: list + "all(department~is~dental,age~gt~50)", status: 200, contains: []string{"1–3 of 3"}},
		{name: "none of", as: "support", path: list + "none(department~is~dental,terms~yes)", status: 200, contains: []string{"1–20 of 20"}},
		{name: "a list", as: "support", path: list + "symptoms~has_all~0_pain~2_swelling", status: 200, contains: []string{"1–30 of 30"}},
		{name: "nothing", as: "support", path: list + "department~is~surgery", status: 200, contains: []string{"No responses match", "Clear filters"}},
		{name: "no such operator", as: "support", path: list + "age~like~5", status: 422, contains: []string{"There is a problem", "“like”: is no operator."}},
		{name: "no number", as: "support", path: list + "age~gt~%3Cb%3E", status: 422, contains: []string{"“&lt;b&gt;”: is no number."}},
		{name: "too deep", as: "support", path: list + "all(all(all(all(all(age~empty)))))", status: 422, contains: []string{"at most 4 deep"}},
		{name: "without a flow", as: "support", path: "/responses?w=age~gt~5", status: 422, contains: []string{"Choose a flow to filter by its answers."}},
		{name: "sorted without a flow", as: "support", path: "/responses?sort=age", status: 422, contains: []string{"Choose a flow to sort by its answers."}},
		{name: "what a viewer sees", as: "viewer", path: list + "department~is~dental", status: 200, contains: []string{"1–20 of 20"}},
		{name: "what a viewer does not see", as: "viewer", path: list + "name~contains~55119", status: 422, contains: []string{"Your role does not see all of the answer “name”"}},
		{name: "nor by sorting", as: "viewer", path: "/responses?flow=appointment&sort=name", status: 422},
		{name: "a number in disguise", as: "viewer", path: list + "age~gt~5511987650", status: 422},
		{name: "nor in an export", as: "support", path: "/responses/export?flow=appointment&w=age~like~5", status: 422},
	})
	if got := s.exported(t, "?flow=appointment&w=all(department~is~dental,age~gt~50)", "age"); len(got) != 3 {
		t.Errorf("the export of the filter has ages %v; want the 3 of the list", got)
	}
	ages, doc := s.listed(t, "support", "/responses?flow=appointment&sort=-age", "Age")
	if len(ages) != 50 || ages[0] != "59" || ages[49] != "25" || doc.Find(`th[aria-sort="descending"]`).Length() != 1 {
		t.Errorf("sorted by age downwards: %v; want 59 to 25", ages)
	}
	next := doc.Find(`a[rel="next"]`).AttrOr("href", "")
	rest, doc := s.listed(t, "support", next, "Age")
	if len(rest) != 10 || rest[9] != "20" || doc.Find("#page-place").Text() != "51–60 of 60" {
		t.Errorf("%s shows %v, %q; want the last 10 to 20", next, rest, doc.Find("#page-place").Text())
	}
	if back, _ := s.listed(t, "support", doc.Find(`a[rel="prev"]`).AttrOr("href", ""), "Age"); strings.Join(back, " ") != strings.Join(ages, " ") {
		t.Errorf("back again: %v; want the first page", back)
	}
}

func TestTheFilterFormWorksWithoutScripts(t *testing.T) {
	s := finding(t)
	list := url.Values{"list": {"flow=appointment&q=person"}, "join": {"all"}, "field.0": {"age"}, "asked.0": {"age"}}
	with := func(pairs ...string) url.Values {
		v := url.Values{}
		for name, values := range list {
			v[name] = values
		}
		for i := 0; i < len(pairs); i += 2 {
			v.Add(pairs[i], pairs[i+1])
		}
		return v
	}
	s.run(t, []scenario{
		{name: "an answer is chosen", as: "support", method: "POST", path: "/responses/filter", form: with("do", "refresh"), status: 200, contains: []string{`name="op.0"`, `name="value.0"`, `open`}},
		{name: "no value", as: "support", method: "POST", path: "/responses/filter", form: with("do", "apply", "op.0", "between", "value.0", "1"), status: 422, contains: []string{"Enter both ends of the range."}},
		{name: "the end of a range alone", as: "support", method: "POST", path: "/responses/filter", form: with("do", "apply", "op.0", "between", "value.0", "", "value.0", "41"), status: 422,
			contains: []string{"Enter both ends of the range.", `id="value.0" name="value.0" value=""`, `id="value.0-1" name="value.0" value="41"`}},
		{name: "no number", as: "support", method: "POST", path: "/responses/filter", form: with("do", "apply", "op.0", "gt", "value.0", "old"), status: 422, contains: []string{"is no number", `href="#field.0"`}},
		{name: "a group more", as: "support", method: "POST", path: "/responses/filter", form: with("do", "group:", "op.0", "gt", "value.0", "30"), status: 200, contains: []string{`name="join.1"`, `name="field.1.0"`}},
		{name: "one less", as: "support", method: "POST", path: "/responses/filter", form: with("do", "remove:0", "op.0", "gt", "value.0", "30"), status: 200, contains: []string{"Choose an answer"}},
		{name: "applied", as: "support", method: "POST", path: "/responses/filter", form: with("do", "apply", "op.0", "gt", "value.0", "30", "join.1", "any", "field.1.0", "department", "op.1.0", "one_of", "value.1.0", "dental", "value.1.0", "other", "field.1.1", "", "join.2", "all"),
			status: 303, to: "/responses?flow=appointment&q=person&w=all(age~gt~30,department~one_of~dental~other)"},
		{name: "nothing chosen", as: "support", method: "POST", path: "/responses/filter", form: url.Values{"list": {"flow=appointment"}, "join": {"all"}, "field.0": {""}, "do": {"apply"}}, status: 303, to: "/responses?flow=appointment"},
		{name: "a viewer asks too much", as: "viewer", method: "POST", path: "/responses/filter", form: url.Values{"list": {"flow=appointment"}, "join": {"all"}, "field.0": {"name"}, "asked.0": {"name"}, "op.0": {"contains"}, "value.0": {"5"}, "do": {"apply"}},
			status: 422, contains: []string{"Your role does not see"}},
	})
}

func TestAContactIsFoundWithoutAnAddressThatTells(t *testing.T) {
	s := finding(t)
	contact := s.newest(t).Contact.ID
	found := fmt.Sprintf("/responses?contact=%d&flow=appointment", contact)
	form := func(what string) url.Values { return url.Values{"list": {"flow=appointment"}, "what": {what}} }
	s.run(t, []scenario{
		{name: "by number", as: "support", method: "POST", path: "/responses/find", form: form("+55 11 98765-0104"), status: 303, to: found},
		{name: "by name", as: "support", method: "POST", path: "/responses/find", form: form("nunez"), status: 303, to: found},
		{name: "by name, as a viewer", as: "viewer", method: "POST", path: "/responses/find", form: form("EVA"), status: 303, to: found},
		{name: "nobody", as: "viewer", method: "POST", path: "/responses/find", form: form("nobody"), status: 303, to: "/responses?flow=appointment"},
		{name: "a number, as a viewer", as: "viewer", method: "POST", path: "/responses/find", form: form("5511987650104"), status: 303, to: "/responses?flow=appointment"},
		{name: "theirs", as: "support", path: found, status: 200, contains: []string{"Responses of", "Eva Núñez", "1–12 of 12"}},
	})
}

func TestColumnsAreKeptForThePersonAndTheFlow(t *testing.T) {
	s := finding(t)
	_, doc := s.listed(t, "support", "/responses?flow=appointment", "Age")
	heads := func(doc *goquery.Document) string {
		return strings.Join(strings.Fields(doc.Find("#results thead").Text()), " ")
	}
	if got := heads(doc); !strings.Contains(got, "Department Name") || !strings.Contains(got, "colour") {
		t.Errorf("heads = %s; want the answers in the Flow JSON's order, the others after them", got)
	}
	form := url.Values{"list": {"flow=appointment"}, "do": {"save"}}
	for i, key := range []string{"age", "colour", "department"} {
		form.Set(fmt.Sprint("key.", i), key)
		form.Set(fmt.Sprint("width.", i), "180")
		if key != "colour" {
			form.Set(fmt.Sprint("show.", i), "1")
		}
	}
	wide := url.Values{"list": {"flow=appointment"}, "do": {"save"}, "key.0": {"age"}, "width.0": {"4000"}}
	s.run(t, []scenario{
		{name: "the page", as: "support", path: "/responses/columns?flow=appointment", status: 200, contains: []string{"Save columns", `value="colour"`}},
		{name: "of no flow", as: "support", path: "/responses/columns", status: 404},
		{name: "moved", as: "support", method: "POST", path: "/responses/columns", form: url.Values{"list": {"flow=appointment"}, "do": {"up-1"}, "key.0": {"age"}, "key.1": {"terms"}}, status: 200},
		{name: "too wide", as: "support", method: "POST", path: "/responses/columns", form: wide, status: 422, contains: []string{"80 to 800 pixels"}},
		{name: "kept", as: "support", method: "POST", path: "/responses/columns", form: form, status: 303, to: "/responses?flow=appointment"},
	})
	_, doc = s.listed(t, "support", "/responses?flow=appointment", "Age")
	if got := heads(doc); !strings.HasPrefix(got, "Select Received From Age Department") || strings.Contains(got, "colour") || doc.Find(`col[width="180"]`).Length() != 2 {
		t.Errorf("heads = %s; want age and department first, 180 wide, without colour", got)
	}
	if _, doc := s.listed(t, "operator", "/responses?flow=appointment", "Age"); !strings.Contains(heads(doc), "colour") {
		t.Error("another person's table changed too")
	}
	form.Set("do", "reset")
	s.run(t, []scenario{{name: "reset", as: "support", method: "POST", path: "/responses/columns", form: form, status: 303, to: "/responses?flow=appointment"}})
	if _, doc := s.listed(t, "support", "/responses?flow=appointment", "Age"); !strings.Contains(heads(doc), "colour") {
		t.Error("the columns are not as the flow has them again")
	}
}

func TestAWidthThatWasDraggedIsKept(t *testing.T) {
	s := finding(t)
	size := func(key, width string) scenario {
		return scenario{name: key + " " + width, as: "viewer", method: "POST", path: "/responses/columns/width", form: url.Values{"flow": {"appointment"}, "key": {key}, "width": {width}}, status: 204}
	}
	refused := func(sc scenario, status int) scenario { sc.status = status; return sc }
	_, before := s.listed(t, "viewer", "/responses?flow=appointment", "Age")
	s.run(t, []scenario{size("age", "240"), size("@status", "96"), refused(size("age", "79"), 422), refused(size("age", "wide"), 422), refused(size("shoe", "120"), 404),
		{name: "of no flow", as: "viewer", method: "POST", path: "/responses/columns/width", form: url.Values{"key": {"age"}, "width": {"120"}}, status: 404}})
	_, doc := s.listed(t, "viewer", "/responses?flow=appointment", "Age")
	if got, want := doc.Find("#results thead").Text(), before.Find("#results thead").Text(); got != want {
		t.Errorf("heads = %s; want them in the order that they had: %s", got, want)
	}
	edge := doc.Find(`[data-column="age"]`)
	if now := edge.AttrOr("aria-valuenow", ""); now != "240" || !edge.Parent().HasClass("sized") || doc.Find(`col[width="240"]`).Length() != 1 || doc.Find(`col[width="96"]`).Length() != 1 {
		t.Errorf("age is %s wide, %d columns have 240, %d have 96; want one each", now, doc.Find(`col[width="240"]`).Length(), doc.Find(`col[width="96"]`).Length())
	}
	s.run(t, []scenario{size("age", "0")})
	if _, doc := s.listed(t, "viewer", "/responses?flow=appointment", "Age"); doc.Find(`col[width="240"]`).Length() != 0 {
		t.Error("age is 240 wide; want it as it needs again")
	}
}

func TestAnswersOfOlderVersionsStayAsColumns(t *testing.T) {
	s := finding(t)
	f, err := s.DB().Flow(t.Context(), "appointment")
	must(t, err)
	older := strings.Replace(string(fixture(t, "flows", "appointment.json")), `"name": "notes"`, `"name": "colour"`, 1)
	older = strings.ReplaceAll(older, "form.notes", "form.colour")
	_, err = s.DB().SaveFlowJSON(t.Context(), f.ID, []byte(older), tester)
	must(t, err)
	_, err = s.DB().SaveFlowJSON(t.Context(), f.ID, fixture(t, "flows", "appointment.json"), tester)
	must(t, err)
	_, doc := s.listed(t, "support", "/responses?flow=appointment", "colour")
	if got := doc.Find("th:has(.removed)").Text(); !strings.Contains(got, "colour") || !strings.Contains(got, "removed") {
		t.Errorf("the column of an older version is %q; want it there, marked as removed", got)
	}
	s.run(t, []scenario{{as: "support", path: "/responses?flow=appointment&w=colour~is~blue&sort=colour", status: 200, contains: []string{"1–8 of 8", "colour (removed)"}}})
}

func TestViewsAreTheirOwnersOrShared(t *testing.T) {
	s := finding(t)
	query := "flow=appointment&w=age~gt~50"
	save := func(name, shared string) url.Values {
		return url.Values{"query": {query}, "name": {name}, "shared": {shared}}
	}
	s.run(t, []scenario{
		{name: "without a name", as: "support", method: "POST", path: "/views", form: save(" ", ""), status: 422, contains: []string{"Enter a name.", "Filter (1)"}},
		{name: "saved", as: "support", method: "POST", path: "/views", form: save("Older than 50", ""), status: 303, to: "/responses?" + query},
		{name: "the same name again", as: "support", method: "POST", path: "/views", form: save("Older than 50", ""), status: 422, contains: []string{"already"}},
		{name: "a shared one", as: "support", method: "POST", path: "/views", form: save("<b>Everybody</b>", "1"), status: 303, to: "/responses?" + query},
		{name: "a viewer shares nothing", as: "viewer", method: "POST", path: "/views", form: save("Mine alone", "1"), status: 303, to: "/responses?" + query},
		{name: "in the sidebar", as: "support", path: "/alerts", status: 200, contains: []string{"Older than 50", "&lt;b&gt;Everybody&lt;/b&gt;"}, absent: []string{"Mine alone"}},
		{name: "counted", as: "support", path: "/views/counts", status: 200, contains: []string{"Older than 50", `<span class="nav-view-count">9</span>`}},
		{name: "shared with others", as: "operator", path: "/views", status: 200, contains: []string{"Shared by others", "by Person support"}, absent: []string{"Older than 50", "/delete"}},
		{name: "its list", as: "support", path: "/responses?" + query, status: 200, contains: []string{"1–9 of 9", `aria-current="page"`, "Rename or delete"}},
	})
	views, err := s.DB().ResponseViews(t.Context(), 0)
	must(t, err)
	if len(views) != 1 || !views[0].Shared {
		t.Fatalf("views that everybody sees: %+v; want the one that support shares", views)
	}
	one := fmt.Sprintf("/views/%d", views[0].ID)
	s.run(t, []scenario{
		{name: "not another's", as: "admin", method: "POST", path: one, form: url.Values{"name": {"Taken"}}, status: 404},
		{name: "nor to delete", as: "admin", method: "POST", path: one + "/delete", status: 404},
		{name: "renamed", as: "support", method: "POST", path: one, form: url.Values{"name": {"For all"}, "shared": {"1"}}, status: 303, to: "/views"},
		{name: "refused", as: "support", method: "POST", path: one, form: url.Values{"name": {""}}, status: 422, contains: []string{"Enter a name."}},
		{name: "a name twice", as: "support", method: "POST", path: one, form: url.Values{"name": {"Older than 50"}}, status: 422, contains: []string{"already", `value="Older than 50" maxlength="60" aria-describedby`, "Delete the view For all"}},
		{name: "everybody's now", as: "viewer", path: "/", status: 200, contains: []string{"For all"}},
		{name: "deleted", as: "support", method: "POST", path: one + "/delete", status: 303, to: "/views"},
		{name: "gone", as: "viewer", path: "/", status: 200, absent: []string{"For all"}},
	})
	if rows, err := s.DB().ResponseViews(t.Context(), 0); err != nil || len(rows) != 0 {
		t.Errorf("views for all = %+v, %v; want none", rows, err)
	}
}

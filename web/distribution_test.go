package web_test

import (
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

// spreadOf is a chart of the distribution: its bars as label, responses and share, and the links by label.
func spreadOf(doc *goquery.Document, label string) (rows []string, links map[string]string, chart *goquery.Selection) {
	links = map[string]string{}
	chart = doc.Find(".spread").FilterFunction(func(_ int, s *goquery.Selection) bool {
		return strings.HasPrefix(strings.TrimSpace(s.Find("header h2").Text()), label)
	}).First()
	chart.Find("tbody tr").Each(func(_ int, tr *goquery.Selection) {
		var words []string
		tr.Children().Each(func(_ int, cell *goquery.Selection) { words = append(words, strings.Fields(cell.Text())...) })
		rows = append(rows, strings.Join(words, " "))
		if href, ok := tr.Find("a").Attr("href"); ok {
			links[strings.TrimSpace(tr.Find(".spread-word").Text())] = href
		}
	})
	return rows, links, chart
}

func TestADistributionCountsTheFilterOfItsAddress(t *testing.T) {
	s := finding(t)
	page := func(as, query string) *goquery.Document {
		t.Helper()
		got := s.send(t, scenario{as: as, path: "/responses/distribution" + query})
		if got.status != 200 {
			t.Fatalf("GET distribution%s as %s = %d", query, as, got.status)
		}
		return parsed(t, got.body)
	}
	check := func(doc *goquery.Document, label string, want ...string) map[string]string {
		t.Helper()
		rows, links, _ := spreadOf(doc, label)
		if strings.Join(rows, "|") != strings.Join(want, "|") {
			t.Errorf("%s = %q; want %q", label, rows, want)
		}
		return links
	}
	doc := page("support", "?flow=appointment")
	if words := doc.Find("main").Text(); !strings.Contains(words, "All 60 responses.") {
		t.Errorf("the page does not say what it tells of: %.300s", words)
	}
	links := check(doc, "Department", "Dental care 20 33.3%", "Cardiology 20 33.3%", "Something else 20 33.3%")
	if want := "/responses/distribution?flow=appointment&w=department~is~dental"; links["Dental care"] != want {
		t.Errorf("the bar leads to %q; want %q", links["Dental care"], want)
	}
	check(doc, "colour", "blue 8 13.3%", "Empty 52 86.7%")
	if rows, _, chart := spreadOf(doc, "terms"); strings.Join(rows, "|") != "Yes 30 50%|No 30 50%" && chart.Length() == 1 {
		t.Errorf("terms = %q; want half and half", rows)
	}
	doc = page("support", "?flow=appointment&w=all(department~is~dental,age~gt~50)")
	links = check(doc, "Department", "Dental care , in the filter 3 100%", "Cardiology 0 0%", "Something else 0 0%")
	if off, more := links["Dental care"], links["Cardiology"]; off != "/responses/distribution?flow=appointment&w=age~gt~50" || more != "/responses/distribution?flow=appointment&w=all(department~one_of~dental~cardiology,age~gt~50)" {
		t.Errorf("the bars lead to %q and %q; want one condition less, and both departments", off, more)
	}
	if _, _, chart := spreadOf(doc, "Department"); !strings.Contains(chart.Find("header").Text(), "Filtered") || chart.Find(".spread-off").AttrOr("href", "") != "/responses/distribution?flow=appointment&w=age~gt~50" {
		t.Errorf("the chart of a filtered answer says %q", chart.Find("header").Text())
	}
	check(page("support", ""), "Flow", "Flow appointment 60 100%")
	doc = page("viewer", "?flow=appointment")
	check(doc, "Department", "Dental care 20 33.3%", "Cardiology 20 33.3%", "Something else 20 33.3%")
	check(doc, "colour", "Empty 52 86.7%")
	if strings.Contains(doc.Text(), "Person 1") || strings.Contains(doc.Text(), "blue") {
		t.Error("a viewer sees what people wrote")
	}
	s.run(t, []scenario{
		{name: "signed out", path: "/responses/distribution", status: 303, to: "/sign-in?next=%2Fresponses%2Fdistribution"},
		{name: "what cannot be read is said", as: "support", path: "/responses/distribution?flow=appointment&w=age~like~5", status: 422, contains: []string{"There is a problem"}},
		{name: "nothing matches", as: "support", path: "/responses/distribution?flow=appointment&w=department~is~surgery", status: 200, contains: []string{"There is nothing to count"}},
		{name: "beside the list", as: "support", path: "/responses?flow=appointment&show=distribution", status: 200, contains: []string{`hx-get="/responses/distribution?flow=appointment"`, "Hide distribution"}, absent: []string{"All 60 responses."}},
		{name: "not beside it", as: "support", path: "/responses?flow=appointment", status: 200, contains: []string{`href="/responses?flow=appointment&amp;show=distribution#distribution"`}, absent: []string{`id="distribution"`}},
		{name: "its part leads to the list", as: "support", path: "/responses/distribution?flow=appointment", header: map[string]string{"HX-Request": "true", "HX-Target": "distribution"}, status: 200,
			contains: []string{`hx-get="/responses?flow=appointment&amp;show=distribution&amp;w=department~is~dental"`, "All 60 responses."}, absent: []string{"<html"}},
	})
}

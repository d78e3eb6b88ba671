package views_test

import (
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/a-h/templ"

	"switchyard/views"
)

// hostile tries to leave text, an attribute in either quotes, a tag and a comment.
const hostile = `"><b onclick="x" id='evil'>'--></textarea></script><script>alert(1)</script>`

const evilURL = "javascript:alert(1)"

// components is every component with hostile words wherever it takes words.
func components() map[string]templ.Component {
	in := views.Input{ID: hostile, Name: hostile, Label: hostile, Value: hostile, Hint: hostile, Error: hostile, Placeholder: hostile,
		Autocomplete: hostile, InputMode: hostile, Accept: hostile, Min: hostile, Max: hostile}
	typed := in
	typed.Type = hostile
	p := views.Page{Title: hostile, User: &views.User{Name: hostile, Role: hostile, RoleWord: hostile}, Path: hostile, Banner: hostile, Section: hostile,
		Flash: []views.Flash{{Kind: hostile, Text: hostile}}, ActiveAlerts: 3}
	chart := views.Chart{ID: hostile, Title: hostile, Unit: hostile, Threshold: 1, ThresholdLabel: hostile,
		Points: []views.Point{{Label: hostile, Value: 1}, {Label: hostile, Value: 2}}, Marks: []views.Mark{{Index: 1, Label: hostile}}}
	link := views.Link{Href: hostile, Text: hostile}
	now := time.Now()
	return map[string]templ.Component{
		"Layout": views.Layout(p), "Bare": views.Bare(p), "Head": views.Head(hostile, hostile, link),
		"Icon": views.Icon(hostile), "Badge": views.Badge(hostile, hostile),
		"Button": views.Button(hostile, hostile), "IconButton": views.IconButton(hostile, hostile, hostile), "LinkButton": views.LinkButton(hostile, hostile, hostile, hostile),
		"Field": views.Field(in), "TextInput": views.TextInput(in), "TextInput of a type": views.TextInput(typed), "TextArea": views.TextArea(in),
		"Select":   views.Select(in, []views.Option{{Value: hostile, Label: hostile}}),
		"Checkbox": views.Checkbox(in, true), "ErrorSummary": views.ErrorSummary([]views.FieldError{{ID: hostile, Message: hostile}, {Message: hostile}}),
		"Notice": views.Notice(hostile, hostile), "EmptyState": views.EmptyState(hostile, hostile, hostile),
		"Toasts": views.Toasts(p.Flash), "ToastOOB": views.ToastOOB(p.Flash[0]),
		"Card": views.Card(hostile, hostile), "CardWith": views.CardWith(hostile, hostile, views.Badge(hostile, hostile)),
		"Stat":           views.Stat(views.Figure{Label: hostile, Value: hostile, Hint: hostile, Href: hostile, Icon: hostile, State: hostile}),
		"DefinitionList": views.DefinitionList([]views.Term{{Label: hostile, Value: hostile}}),
		"CopyField":      views.CopyField(hostile, hostile), "RawJSON": views.RawJSON(hostile, hostile, hostile),
		"Table": views.Table(hostile, []views.Column{{Title: hostile}, {Title: hostile, Hidden: true}}), "WideTable": views.WideTable(hostile, []views.Column{{Title: hostile}}),
		"Tabs": views.Tabs(hostile, []views.Tab{{Href: hostile, Text: hostile, Count: hostile}}), "Pager": views.Pager(hostile, hostile),
		"Timeline":      views.Timeline([]views.Moment{{At: now, State: hostile, Title: hostile, Text: hostile}}, now, time.UTC),
		"TimeAgo":       views.TimeAgo(now, now, time.FixedZone(hostile, 3600)),
		"ConfirmButton": views.ConfirmButton(views.Confirm{Label: hostile, Kind: hostile, Question: hostile, Text: hostile, Action: hostile, Button: hostile}),
		"BarChart":      views.BarChart(chart), "LineChart": views.LineChart(chart),
	}
}

func TestHostileTextIsTextInEveryComponent(t *testing.T) {
	for name, c := range components() {
		html := render(t, c)
		doc, err := goquery.NewDocumentFromReader(strings.NewReader(html))
		if err != nil {
			t.Fatal(err)
		}
		if n := doc.Find("#evil, [onclick], b").Length(); n > 0 {
			t.Errorf("%s: hostile text became %d elements:\n%s", name, n, html)
		}
		doc.Find("script").Each(func(_ int, s *goquery.Selection) {
			if s.AttrOr("src", "") == "" {
				t.Errorf("%s: hostile text became a script:\n%s", name, html)
			}
		})
	}
}

func TestComponentsHaveNoInlineStyleOrHandler(t *testing.T) {
	for name, c := range components() {
		page(t, c).Find("*").Each(func(_ int, s *goquery.Selection) {
			for _, a := range s.Nodes[0].Attr {
				if a.Key == "style" || strings.HasPrefix(a.Key, "on") || strings.HasPrefix(a.Key, "hx-on") {
					t.Errorf("%s: <%s> has the attribute %s", name, goquery.NodeName(s), a.Key)
				}
			}
		})
	}
}

func TestAddressesCannotBeScripts(t *testing.T) {
	for name, c := range map[string]templ.Component{
		"Head":          views.Head("t", "", views.Link{Href: evilURL, Text: "x"}),
		"LinkButton":    views.LinkButton(views.Primary, "", "x", evilURL),
		"Stat":          views.Stat(views.Figure{Label: "x", Href: evilURL}),
		"Tabs":          views.Tabs("x", []views.Tab{{Href: evilURL, Text: "x"}}),
		"Pager":         views.Pager(evilURL, evilURL),
		"ConfirmButton": views.ConfirmButton(views.Confirm{Action: evilURL}),
	} {
		if html := render(t, c); strings.Contains(html, "javascript:") {
			t.Errorf("%s lets a script through as an address:\n%s", name, html)
		}
	}
}

package web_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

// oneLine is what a text field keeps of a text.
var oneLine = strings.NewReplacer("\r", "", "\n", "", "\x00", "\uFFFD")

// posted is a text with the line breaks of a form, after those of HTML.
func posted(s string) string {
	return strings.NewReplacer("\r\n", "\r\n", "\r", "\r\n", "\n", "\r\n", "\x00", "\uFFFD").Replace(s)
}

// formValues is what a browser would post of a form as it stands, without pressing a button.
func formValues(t testing.TB, page, selector string) url.Values {
	t.Helper()
	doc := parsed(t, page)
	v := url.Values{}
	doc.Find(selector + " [name]").Each(func(_ int, e *goquery.Selection) {
		name := e.AttrOr("name", "")
		switch goquery.NodeName(e) {
		case "select":
			chosen := e.Find("option[selected]").Last()
			if chosen.Length() == 0 {
				chosen = e.Find("option").First()
			}
			v.Add(name, posted(chosen.AttrOr("value", chosen.Text())))
		case "textarea":
			v.Add(name, posted(e.Text()))
		case "input":
			switch value := e.AttrOr("value", "on"); e.AttrOr("type", "text") {
			case "checkbox", "radio":
				if e.Is("[checked]") {
					v.Add(name, posted(value))
				}
			case "hidden":
				v.Add(name, posted(value))
			default:
				v.Add(name, oneLine.Replace(value))
			}
		}
	})
	return v
}

// parsed is a page as a document.
func parsed(t testing.TB, page string) *goquery.Document {
	t.Helper()
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

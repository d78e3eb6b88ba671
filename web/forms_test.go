package web_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

// formValues is what a browser would post of a form as it stands, without pressing a button.
func formValues(t *testing.T, page, selector string) url.Values {
	t.Helper()
	doc := parsed(t, page)
	v := url.Values{}
	doc.Find(selector + " [name]").Each(func(_ int, e *goquery.Selection) {
		name := e.AttrOr("name", "")
		switch goquery.NodeName(e) {
		case "select":
			chosen := e.Find("option[selected]")
			if chosen.Length() == 0 {
				chosen = e.Find("option").First()
			}
			v.Add(name, chosen.AttrOr("value", chosen.Text()))
		case "textarea":
			v.Add(name, e.Text())
		case "input":
			if kind := e.AttrOr("type", ""); kind != "checkbox" && kind != "radio" || e.Is("[checked]") {
				v.Add(name, e.AttrOr("value", "on"))
			}
		}
	})
	return v
}

// parsed is a page as a document.
func parsed(t *testing.T, page string) *goquery.Document {
	t.Helper()
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

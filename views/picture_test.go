package views_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"os"
	"strconv"
	"strings"
	"testing"

	"switchyard/models"
	"switchyard/models/flowjson"
	"switchyard/models/rules"
	"switchyard/views"
)

var update = flag.Bool("update", false, "write the golden files")

// pictured is the page of a fixture: rules have the ids r1, r2, … in the order of the document.
func pictured(t testing.TB, name string) views.RulesPage {
	t.Helper()
	read := func(file string) []byte {
		raw, err := os.ReadFile("testdata/picture/" + name + file)
		if err != nil {
			t.Fatal(err)
		}
		return raw
	}
	flow, _ := flowjson.Parse(read("-flow.json"))
	n := 0
	doc, problems := rules.Parse(read("-rules.json"), func() string { n++; return "r" + strconv.Itoa(n) })
	if flow == nil || len(problems) > 0 {
		t.Fatalf("%s cannot be read: %v", name, problems)
	}
	return views.RulesPage{Flow: models.Flow{Slug: name, Name: name}, JSON: flow, Doc: doc}
}

// pictureOf is the picture as a file.
func pictureOf(t testing.TB, p views.RulesPage) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := views.PictureFile(p).Render(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestPicturesOfTheFixturesAreAsBefore(t *testing.T) {
	for _, name := range []string{"appointment", "claim"} {
		p := pictured(t, name)
		p.Problems = []rules.Problem{
			{Severity: rules.Error, Screen: "SUMMARY", Path: "/screens/SUMMARY/otherwise/finish", Message: "Wrong <here>."},
			{Severity: rules.Warning, Screen: "INCIDENT", RuleID: "r3", Path: "/screens/INCIDENT/rules/0", Message: "Never decides."},
			{Severity: rules.Warning, Screen: "DETAILS", Path: "/screens/DETAILS", Message: "Odd."},
		}
		p.Hits = map[string]int{"r1": 1234, "r3": 12, "r5": 7}
		p.FixedHits = models.FixedHits{Otherwise: map[string]int{"opening": 5000, "DETAILS": 88, "POLICY": 9}, Back: map[string]int{"DETAILS": 2}}
		got, file := pictureOf(t, p), "testdata/picture/"+name+".golden.svg"
		if *update {
			if err := os.WriteFile(file, got, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("the picture of %s is not %s; run with -update and look at what changed", name, file)
		}
	}
}

// wellFormed reads a picture to its end as XML, and counts its elements by class.
func wellFormed(t *testing.T, svg []byte) map[string]int {
	t.Helper()
	classes := map[string]int{}
	for d := xml.NewDecoder(bytes.NewReader(svg)); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return classes
		}
		if err != nil {
			t.Fatalf("the picture is no XML: %v", err)
		}
		if e, ok := token.(xml.StartElement); ok {
			for _, a := range e.Attr {
				for class := range strings.FieldsSeq(a.Value) {
					if a.Name.Local == "class" {
						classes[class]++
					}
				}
			}
		}
	}
}

func TestAPictureFileStandsAlone(t *testing.T) {
	svg := string(pictureOf(t, pictured(t, "claim")))
	for _, not := range []string{"var(", "oklch", "href=", "<script", "<a ", "@import", "url("} {
		if strings.Contains(svg, not) {
			t.Errorf("the file contains %q", not)
		}
	}
	if got := wellFormed(t, []byte(svg)); got["graph-card"] != 7 || got["graph-ground"] != 1 {
		t.Errorf("%d cards on %d grounds; want 7 on 1", got["graph-card"], got["graph-ground"])
	}
}

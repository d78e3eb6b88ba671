package rules_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"switchyard/models/rules"
)

var faultLists = map[string]*rules.List{"departments": {Name: "departments", Columns: []rules.Column{{Name: "fee", Type: "number"}}}}

func TestAFormulasFaultNamesItsPlace(t *testing.T) {
	form := flow(t, "appointment")
	for _, c := range []struct{ source, blames, says string }{
		{"data.age >= 18 and data.terms", "", ""},
		{"data.age >=", "=", "Something is missing at the end."},
		{"data.age >= 18 )", ")", "“)” is not expected here."},
		{"'é' == age", "age", "write data.age"},
		{"data.age > 1 or len(explode(data.age)) > 2", "explode", "“explode” is not available"},
		{"data.nme == 'x'", "nme", "does not send the field “nme”"},
		{"data.name == 'age' and data.ages > 1", "ages", "does not send the field “ages”"},
		{"len(list('nothing')) > 1", "nothing", "no list “nothing”"},
		{"lookup('departments', data.name, 'price') > 1", "price", "no column “price”"},
		{"lookup('departments', data.name, 'fee') > 1", "", ""},
		{"visit.stops > 1", "stops", "has no “stops”"},
		{"answers.NOWHERE.x == 1", "x", "which the flow does not have"},
		{"", "", "It is empty."},
		{strings.Repeat("data.age + ", 500) + "1 > 2", "", "longer than"},
	} {
		got := rules.CheckFormula(c.source, "DETAILS", form, faultLists)
		if c.says == "" {
			if got != nil {
				t.Errorf("CheckFormula(%q) = %+v; want nil", c.source, *got)
			}
			continue
		}
		if got == nil {
			t.Errorf("CheckFormula(%q) = nil; want %q", c.source, c.says)
			continue
		}
		if blamed := string([]rune(c.source)[got.From:got.To]); blamed != c.blames || !strings.Contains(got.Message, c.says) {
			t.Errorf("CheckFormula(%q) blames %q: %s; want %q: %s", c.source, blamed, got.Message, c.blames, c.says)
		}
	}
}

func TestATextsFaultCountsFromItsStart(t *testing.T) {
	form := flow(t, "appointment")
	const text = "Añó {{ data.age }} and {{ data.ago }} years"
	got := rules.CheckText(text, "DETAILS", form, nil)
	if got == nil || string([]rune(text)[got.From:got.To]) != "ago" {
		t.Errorf("CheckText(%q) = %+v; want ago to blame", text, got)
	}
	if got := rules.CheckText("{{ data.age", "DETAILS", form, nil); got == nil || !strings.Contains(got.Message, "}}") {
		t.Errorf("CheckText of an open placeholder = %+v; want a fault", got)
	}
	if got := rules.CheckText("no placeholder", "DETAILS", nil, nil); got != nil {
		t.Errorf("CheckText of a plain text = %+v; want nil", got)
	}
}

// FuzzCheckFormula: whatever is typed, the place is inside of it.
func FuzzCheckFormula(f *testing.F) {
	for _, s := range []string{"data.age >", "'", "é(", "a ? b", "{{", "filter(list('x'), # > 1)", "answers.A.b == data.b"} {
		f.Add(s)
	}
	form := flow(f, "appointment")
	f.Fuzz(func(t *testing.T, source string) {
		got := rules.CheckFormula(source, "DETAILS", form, faultLists)
		if n := utf8.RuneCountInString(source); got != nil && (got.Message == "" || got.From < 0 || got.To > n || got.From > got.To) {
			t.Errorf("CheckFormula(%q) = %+v; want a message and a place within %d characters", source, *got, n)
		}
		rules.CheckText(source, "opening", form, nil)
	})
}

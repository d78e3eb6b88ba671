package rules

import (
	"strconv"
	"strings"
)

// A UseKind is what a rule uses.
type UseKind string

// The kinds of use.
const (
	UsesList   UseKind = "list"   // Name; empty when a formula makes the name up while it runs
	UsesColumn UseKind = "column" // Name of the list, Column
	UsesRows   UseKind = "rows"   // Name of the list whose rows fill a data key: Screen, Column
	UsesScreen UseKind = "screen" // Screen: it leads there
	UsesField  UseKind = "field"  // Screen and Name of what is asked about
	UsesOption UseKind = "option" // Screen and Name of the field, Column: the option's id
	UsesKey    UseKind = "key"    // Screen and Name of the data key that is filled
)

// A Use is one thing that a rule needs from outside the document. Each is told once for each rule.
type Use struct {
	Kind         UseKind
	Screen, Name string
	Column       string

	Place  string // where the rule stands: a screen id, or "opening"
	RuleID string // or "otherwise", "back"
	Rule   string // in words: “Minors need a parent”, "rule 2", "otherwise", "back"
	Off    bool   // the rule is switched off
}

// Uses lists what a document uses, by the syntax trees of its formulas and placeholders: a text that only holds the name
// of a list uses nothing. What cannot be read uses nothing.
func Uses(doc Document) []Use {
	u := &user{seen: map[Use]bool{}, formulas: map[string][]nameUse{}}
	for place, s := range doc.parts() {
		if s == nil {
			continue
		}
		id := openingPlace
		if place != "/opening" {
			id = pointerUnescape.Replace(strings.TrimPrefix(place, "/screens/"))
		}
		for i := range s.Rules {
			r := &s.Rules[i]
			name := "rule " + strconv.Itoa(i+1)
			if r.Name != "" {
				name = "“" + r.Name + "”"
			}
			u.at = Use{Place: id, RuleID: r.ID, Rule: name, Off: r.Off}
			u.condition(r.When)
			u.outcome(&r.Then)
		}
		u.at = Use{Place: id, RuleID: "otherwise", Rule: "otherwise"}
		u.outcome(s.Otherwise)
		u.at = Use{Place: id, RuleID: "back", Rule: "back"}
		u.outcome(s.Back)
	}
	return u.uses
}

package views

import (
	"strings"

	"switchyard/models"
)

// A RuleUse is a rule that uses something: a list, a field, a screen.
type RuleUse struct {
	Flow      models.Flow
	Place     string // screen id or "opening"
	PlaceName string
	RuleID    string   // or "otherwise", "back"
	Rule      string   // in words
	Columns   []string // of a list that it looks up
	Off       bool
	Draft     bool // the draft uses it
	Published bool // what runs uses it
	Drafted   bool // there is a draft, which the form shows
	Unsure    bool // a formula makes the name up while it runs
}

// href is the form of the rule, or the rules of the flow when the draft does not have it any more.
func (u RuleUse) href() string {
	if u.Draft || !u.Drafted {
		return RuleURL(u.Flow.Slug, u.Place, u.RuleID)
	}
	return RulesURL(u.Flow.Slug) + "#screen-" + u.Place
}

// title begins with a capital.
func (u RuleUse) title() string {
	if u.RuleID == "otherwise" || u.RuleID == "back" || strings.HasPrefix(u.Rule, "rule ") {
		return strings.ToUpper(u.Rule[:1]) + u.Rule[1:]
	}
	return u.Rule
}

func (u RuleUse) where() string {
	switch {
	case u.Draft && u.Published:
		return "Draft and published"
	case u.Draft:
		return "Draft"
	}
	return "Published"
}

// UsesWords counts the rules: "3 rules use it", "No rule uses it".
func UsesWords(uses []RuleUse) string {
	sure := 0
	for _, u := range uses {
		if !u.Unsure {
			sure++
		}
	}
	switch {
	case sure == 1:
		return "1 rule uses it"
	case sure > 1:
		return Number(sure) + " rules use it"
	case len(uses) > 0:
		return "Rules may use it"
	}
	return "No rule uses it"
}

// GoneWords says how many rules use something that is gone: "2 rules use the field “plan” on “Details”, which is gone."
func GoneWords(n int, what string) string {
	verb := "use"
	if n == 1 {
		verb = "uses"
	}
	return plural(n, "rule", "rules") + " " + verb + " " + what + ", which is gone."
}

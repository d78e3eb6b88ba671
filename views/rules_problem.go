package views

import "switchyard/models/rules"

// maxListed is how many problems of one severity are listed above the rules; each stands at its rule too.
const maxListed = 100

// ProblemPlace is a screen, or the opening, and a rule of it; no rule: the screen itself.
type ProblemPlace struct{ Screen, Rule string }

// ProblemsByPlace sorts the problems of a document by what they are about.
func ProblemsByPlace(all []rules.Problem) map[ProblemPlace][]rules.Problem {
	by := map[ProblemPlace][]rules.Problem{}
	for _, x := range all {
		at := ProblemPlace{x.Screen, x.RuleID}
		by[at] = append(by[at], x)
	}
	return by
}

func (p RulesPage) problemsOf(place, ruleID string) []rules.Problem {
	return p.ByPlace[ProblemPlace{place, ruleID}]
}

// with are the problems of one severity.
func (p RulesPage) with(s rules.Severity) (some []rules.Problem) {
	for _, x := range p.Problems {
		if x.Severity == s {
			some = append(some, x)
		}
	}
	return some
}

// problemsTitle counts the problems: “2 errors, 1 warning, 3 notes”.
func problemsTitle(p RulesPage) string {
	title := ""
	for _, c := range []struct {
		severity  rules.Severity
		one, many string
	}{{rules.Error, "error", "errors"}, {rules.Warning, "warning", "warnings"}, {rules.Note, "note", "notes"}} {
		if n := len(p.with(c.severity)); n > 0 {
			if title != "" {
				title += ", "
			}
			title += plural(n, c.one, c.many)
		}
	}
	return title
}

// problemAnchor leads to the rule or screen that a problem is about; "" for one about the document.
func problemAnchor(x rules.Problem) string {
	switch {
	case x.RuleID != "":
		return "#rule-" + x.RuleID
	case x.Screen != "":
		return "#screen-" + x.Screen
	}
	return ""
}

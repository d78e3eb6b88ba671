package views

import (
	"cmp"
	"hash/fnv"
	"slices"
	"strconv"

	"switchyard/models/rules"
)

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

// ProblemID names a problem among those of one document.
func ProblemID(x rules.Problem) string {
	h := fnv.New64a()
	for _, s := range []string{x.Code, x.Path, x.Message} {
		h.Write([]byte(s + "\x00")) // never fails
	}
	return strconv.FormatUint(h.Sum64(), 36)
}

// problemForm is the form of the rule or outcome that a problem is in; "" for one that no form mends.
func (p RulesPage) problemForm(x rules.Problem) string {
	rule := x.RuleID
	switch {
	case !p.canEdit() || x.Screen == "":
		return ""
	case rule == "" && x.Slot() != "rules":
		rule = x.Slot()
	}
	if s := p.rulesOf(x.Screen); rule == "" || s == nil {
		return ""
	}
	return RuleURL(p.Flow.Slug, x.Screen, rule) + "?problem=" + ProblemID(x)
}

// afterFix are the ids of what takes the focus when the problem is mended: the first of them that is still there. What
// stood where the button was pressed comes first.
func afterFix(x rules.Problem, from string) string {
	screen := "screen-" + cmp.Or(x.Screen, openingPlace)
	switch {
	case from == "list":
		return "problems " + screen
	case x.RuleID != "":
		return "rule-" + x.RuleID + " " + screen
	}
	return screen
}

func problemFormWords(x rules.Problem) string {
	if part := x.Part(); part != "" {
		return "Open " + part
	}
	return "Open"
}

func (p RulesPage) rulesOf(screen string) *rules.ScreenRules {
	if screen == openingPlace {
		return p.Doc.Opening
	}
	return p.Doc.Screens[screen]
}

// ruleWordsOf is the name of a rule, or its number.
func (p RulesPage) ruleWordsOf(screen, id string) string {
	s := p.rulesOf(screen)
	if s == nil {
		return "the rule"
	}
	i := slices.IndexFunc(s.Rules, func(r rules.Rule) bool { return r.ID == id })
	if i < 0 {
		return "the rule"
	}
	if name := s.Rules[i].Name; name != "" {
		return "“" + name + "”"
	}
	return "rule " + strconv.Itoa(i+1)
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

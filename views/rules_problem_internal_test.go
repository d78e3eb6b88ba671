package views

import (
	"testing"

	"switchyard/models"
	"switchyard/models/flowjson"
	"switchyard/models/rules"
)

func TestProblemsLeadToTheFormOfTheirRule(t *testing.T) {
	p := RulesPage{Flow: models.Flow{Slug: "f"}, JSON: &flowjson.Flow{}}
	p.Can.Operator = true
	p.Doc.Opening = &rules.ScreenRules{}
	p.Doc.Screens = map[string]*rules.ScreenRules{"backup": {}, "otherwise": {}}
	for _, c := range []struct {
		problem rules.Problem
		rule    string // "": no form
	}{
		{rules.Problem{Screen: "backup", Path: "/screens/backup"}, ""},
		{rules.Problem{Screen: "backup", Path: "/screens/backup/back/go"}, "back"},
		{rules.Problem{Screen: "backup", Path: "/screens/backup/otherwise"}, "otherwise"},
		{rules.Problem{Screen: "backup", Path: "/screens/backup/rules/0/then/go", RuleID: "r1"}, "r1"},
		{rules.Problem{Screen: "otherwise", Path: "/screens/otherwise"}, ""},
		{rules.Problem{Screen: "opening", Path: "/opening/otherwise/go"}, "otherwise"},
		{rules.Problem{Path: "/timezone"}, ""},
	} {
		want := ""
		if c.rule != "" {
			want = RuleURL("f", c.problem.Screen, c.rule) + "?problem=" + ProblemID(c.problem)
		}
		if got := p.problemForm(c.problem); got != want {
			t.Errorf("the form for %s is %q; want %q", c.problem.Path, got, want)
		}
	}
}

package admin

import (
	"net/url"
	"strconv"
	"strings"

	"switchyard/models/rules"
	"switchyard/views"
)

// Limits of the form: as many parts as a condition may have, and as many rows of data and of params.
const (
	maxRows   = 500
	maxData   = 500
	maxParams = 500
)

const tooMuch = "This form takes at most 500 conditions, 500 values of data and 500 answers. Nothing was changed. Split the rule, or change it in a file with “switchyard rules import”."

// formOf is the form of a rule as it stands in the document.
func formOf(r rules.Rule) views.RuleForm {
	return views.RuleForm{Name: r.Name, Off: r.Off, When: wholeOf(r.When), Made: madeOf(r)}
}

// newForm is the form of a rule that is not there yet.
func newForm() views.RuleForm {
	return views.RuleForm{When: views.ConditionPart{Join: views.JoinAll, Bare: true, Parts: []views.ConditionPart{{}}}}
}

// readForm reads what was posted. Parts, data and params come numbered; gaps end them. ok is false for more than the form
// takes, of which nothing may be dropped.
func readForm(v url.Values) (f views.RuleForm, ok bool) {
	f = views.RuleForm{Name: v.Get("name"), Made: v.Get("made")}
	for what, most := range map[string]int{"field": maxRows, "kept": maxRows, "formula": maxRows, "group": maxRows, "key": maxData, "param": maxParams} {
		if v.Has(numbered(what, most)) {
			return f, false
		}
	}
	f.When = readWhole(v)
	f.Outcome = readOutcome(v)
	return f, true
}

func numbered(name string, i int) string { return name + "." + strconv.Itoa(i) }

// ruleFrom is the rule that the form says; what is missing is told beside its row.
func ruleFrom(p *views.RuleFormPage) (rules.Rule, formErrors) {
	f, was := p.Form, ruleOf(p.Form.Made)
	r := rules.Rule{Name: strings.TrimSpace(f.Name), Off: f.Off}
	if same(f.Name, was.Name) {
		r.Name = was.Name
	}
	when, errs := conditionFrom(f.When, p.Fields)
	outcome, more := outcomeFrom(f.Outcome, was.Then)
	errs = append(errs, more...)
	if outcome == nil {
		return r, append(errs, noOutcome)
	}
	r.When, r.Then = when, *outcome
	return r, errs
}

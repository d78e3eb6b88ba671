package admin

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"switchyard/models/rules"
	"switchyard/views"
)

// Limits of the form: as many conditions as a document may have in one rule, and as many rows of data and of params.
const (
	maxRows   = 500
	maxData   = 500
	maxParams = 500
)

const tooMuch = "This form takes at most 500 conditions, 500 values of data and 500 answers. Nothing was changed. Split the rule, or change it in a file with “switchyard rules import”."

// formOf is the form of a rule as it stands in the document.
func formOf(r rules.Rule) views.RuleForm {
	f := views.RuleForm{Name: r.Name, Off: r.Off, Join: "all", Made: madeOf(r)}
	parts := []rules.Condition{r.When}
	switch {
	case r.When.All != nil:
		parts = *r.When.All
	case r.When.Any != nil:
		f.Join, parts = "any", *r.When.Any
	default:
		f.Alone = true
	}
	for _, c := range parts {
		f.Rows = append(f.Rows, rowOf(c))
	}
	return f
}

// readForm reads what was posted. Rows, data and params come numbered; gaps end them. ok is false for more than the form
// takes, of which nothing may be dropped.
func readForm(v url.Values) (f views.RuleForm, ok bool) {
	f = views.RuleForm{Name: v.Get("name"), Join: "all", Alone: v.Get("alone") != "", Made: v.Get("made")}
	if v.Get("join") == "any" {
		f.Join = "any"
	}
	if v.Has(numbered("field", maxRows)) || v.Has(numbered("kept", maxRows)) || v.Has(numbered("key", maxData)) || v.Has(numbered("param", maxParams)) {
		return f, false
	}
	for i := 0; v.Has(numbered("field", i)) || v.Has(numbered("kept", i)); i++ {
		f.Rows = append(f.Rows, readRow(v, i))
	}
	f.Outcome = readOutcome(v)
	return f, true
}

func numbered(name string, i int) string { return name + "." + strconv.Itoa(i) }

// change applies what a button of the form asks for, other than saving: another row, one less, other choices.
func change(f *views.RuleForm, do string) {
	name, n, _ := strings.Cut(do, "-")
	i, err := strconv.Atoi(n)
	switch {
	case name == "add" && len(f.Rows) < maxRows:
		f.Rows = append(f.Rows, views.ConditionRow{})
	case name == "param" && len(f.Outcome.Params) < maxParams:
		f.Outcome.Params = append(f.Outcome.Params, views.ParamInput{})
	case err != nil || i < 0:
	case name == "remove" && i < len(f.Rows):
		f.Rows = slices.Delete(f.Rows, i, i+1)
		if len(f.Rows) == 0 {
			f.Join = "all" // any of no conditions would never hold
		}
	case name == "unparam" && i < len(f.Outcome.Params):
		f.Outcome.Params = slices.Delete(f.Outcome.Params, i, i+1)
	}
}

// fit gives a row whose field was just chosen the first operator of that field.
func fit(f *views.RuleForm, groups []views.FieldGroup) {
	for i := range f.Rows {
		row := &f.Rows[i]
		if row.Kept != "" || row.Field == "" || row.Op != "" {
			continue
		}
		if ops := rules.OperatorsFor(views.FindField(groups, row.Field).Kind); len(ops) > 0 {
			row.Op = string(ops[0].Op)
		}
	}
}

// ruleFrom is the rule that the form says; what is missing is told beside its row.
func ruleFrom(f views.RuleForm, groups []views.FieldGroup) (rules.Rule, formErrors) {
	was := ruleOf(f.Made)
	r := rules.Rule{Name: strings.TrimSpace(f.Name), Off: f.Off}
	if same(f.Name, was.Name) {
		r.Name = was.Name
	}
	when, errs := conditionFrom(f, groups)
	outcome, more := outcomeFrom(f.Outcome, was.Then)
	errs = append(errs, more...)
	if outcome == nil {
		return r, append(errs, noOutcome)
	}
	r.When, r.Then = when, *outcome
	return r, errs
}

func conditionFrom(f views.RuleForm, groups []views.FieldGroup) (rules.Condition, formErrors) {
	var errs formErrors
	parts := make([]rules.Condition, 0, len(f.Rows))
	for i, row := range f.Rows {
		c, problem := leafFrom(row, views.FindField(groups, row.Field))
		if problem != "" {
			errs = append(errs, views.FieldError{ID: numbered("value", i), Message: problem})
		}
		parts = append(parts, c)
	}
	switch {
	case f.Alone && len(parts) == 1:
		return parts[0], errs
	case f.Join == "any":
		return rules.Condition{Any: &parts}, errs
	}
	return rules.Condition{All: &parts}, errs
}

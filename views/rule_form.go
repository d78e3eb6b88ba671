package views

import (
	"strconv"

	"switchyard/models"
	"switchyard/models/flowjson"
	"switchyard/models/rules"
)

// A RuleFormPage is the form of one rule, of "otherwise", or of "back".
type RuleFormPage struct {
	Page
	Flow   models.Flow
	JSON   *flowjson.Flow
	Place  string // screen id, or "opening"
	Rule   string // id, "new", "otherwise", "back"
	Edit   int    // of the draft that the form was made from
	Form   RuleForm
	Fields []FieldGroup // that conditions and values can name
	Lists  []ListName
	Alike  []Option // other outcomes that give data to the same screen
	Errors []FieldError
	// Conflict is set when somebody else saved the draft meanwhile, Gone when the rule was deleted and would be added
	// anew; what was entered stays in the form.
	Conflict, Gone bool
	Clash          *DraftClash // what somebody else saved meanwhile; nil: nothing that is in the way
	NewID          string      // of a new rule, so that a form that is sent twice makes one
	Here           HerePart
	// Said tells what a button did, Focus is the id of the control to go on with.
	Said, Focus string
	// Problem is what the form was opened for, nil for none; Marked is the id of the part or the value that it is about.
	Problem *rules.Problem
	Marked  string
}

// RuleForm is what the form holds; every value is text as typed. Made is here and below what the document had, as JSON:
// what comes back as it was shown is put back from it, because a control shows 18 and "18" alike.
type RuleForm struct {
	Name    string
	Off     bool
	When    ConditionPart // a group
	Outcome OutcomeForm
	Made    string // a rules.Rule without what its parts carry
}

// OutcomeForm is the outcome.
type OutcomeForm struct {
	Kind    string // go, stay, finish, expire
	Screen  string
	Error   string
	Message string
	Errors  map[string]string // by field
	Data    []DataInput       // of the target screen
	Params  []DataInput
}

// target is the screen that the outcome's data are for, "" when it has none.
func (p RuleFormPage) target() string { return p.Form.Outcome.Target(p.Place) }

// Target is the screen that the data are for, "" when the outcome has none.
func (o OutcomeForm) Target(place string) string {
	switch o.Kind {
	case "go":
		return o.Screen
	case "stay":
		return place
	}
	return ""
}

// kinds of outcome that a place may have: the opening cannot stay, and going back is going or staying.
func (p RuleFormPage) kinds() []Option {
	all := []Option{{"go", "Go to a screen"}, {"stay", "Stay and show an error"}, {"finish", "Finish the flow"}, {"expire", "End the token with a message"}}
	if p.Place == openingPlace {
		return []Option{all[0], all[2], all[3]}
	}
	return all
}

// IsRule tells whether the form is of a rule, with a condition; not of otherwise and back.
func (p RuleFormPage) IsRule() bool { return p.Rule != "otherwise" && p.Rule != "back" }

func (p RuleFormPage) title() string {
	switch p.Rule {
	case "otherwise":
		return "Otherwise"
	case "back":
		return "When the customer goes back"
	case "new":
		return "New rule"
	}
	return "Edit rule"
}

func (p RuleFormPage) action() string { return RuleURL(p.Flow.Slug, p.Place, p.Rule) }

// here tells whether the focus goes to that control.
func (p RuleFormPage) here(id string) bool { return p.Focus != "" && p.Focus == id }

// bindings are the fields of the place's screen that can show an error of their own.
func (p RuleFormPage) bindings() []flowjson.Field {
	if p.JSON == nil {
		return nil
	}
	s := p.JSON.Screen(p.Place)
	if s == nil {
		return nil
	}
	var out []flowjson.Field
	for _, f := range s.Fields {
		_, bound := s.ErrorKeys[f.Name]
		if _, given := p.Form.Outcome.Errors[f.Name]; bound || given {
			out = append(out, f)
		}
	}
	return out
}

// unbound is how many inputs of the place's screen cannot show an error of their own.
func (p RuleFormPage) unbound() int {
	if p.JSON == nil || p.JSON.Screen(p.Place) == nil {
		return 0
	}
	return len(p.JSON.Screen(p.Place).Fields) - len(p.bindings())
}

// rowName is the name of a control of a row: "field.0".
func rowName(what string, i int) string { return what + "." + strconv.Itoa(i) }

// A marked text is cut in three where a formula's fault is: before it, what is to blame, after it.
func marked(text string, f *rules.FormulaFault) (before, blamed, after string) {
	r := []rune(text)
	if f == nil || f.To <= f.From || f.To > len(r) {
		return text, "", ""
	}
	return string(r[:f.From]), string(r[f.From:f.To]), string(r[f.To:])
}

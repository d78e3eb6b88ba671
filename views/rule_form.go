package views

import (
	"slices"
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
	Lists  []string // names of lists, for choices of options
	Errors []FieldError
	// Conflict is set when somebody else saved the draft meanwhile, Gone when the rule was deleted and would be added
	// anew; what was entered stays in the form.
	Conflict, Gone bool
	Clash          *DraftClash // what somebody else saved meanwhile; nil: nothing that is in the way
	NewID          string      // of a new rule, so that a form that is sent twice makes one
	Here           HerePart
}

// RuleForm is what the form holds; every value is text as typed. Made is here and below what the document had, as JSON:
// what comes back as it was shown is put back from it, because a control shows 18 and "18" alike.
type RuleForm struct {
	Name    string
	Off     bool
	Join    string // all or any
	Alone   bool   // the only condition stands in no group
	Rows    []ConditionRow
	Outcome OutcomeForm
	Made    string // a rules.Rule without what the rows carry
}

// A ConditionRow is one line of the condition. A condition that the form cannot show is kept as it is.
type ConditionRow struct {
	Field, Op string
	Values    []string // one, two for between, or many
	Other     string   // compare with this field instead of Values
	Kept      string   // JSON of a condition that is shown but not edited here
	Made      string   // a rules.Condition
}

// OutcomeForm is the outcome.
type OutcomeForm struct {
	Kind    string // go, stay, finish, expire
	Screen  string
	Error   string
	Message string
	Errors  map[string]string // by field
	Data    []DataInput       // of the target screen
	Params  []ParamInput
}

// A DataInput is one declared key of the target screen.
type DataInput struct {
	Key, Type string
	Source    string // "keep": not given; "value"; "true", "false"; "list:NAME"
	Value     string
	BoundTo   []string
	Declared  bool
	Made      string // an object of the one key
}

// A ParamInput is one param of finish.
type ParamInput struct {
	Key, Value string
	Made       string // an object of the one key
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

func (p RuleFormPage) groups() []FieldGroup { return FieldGroups(p.JSON, p.Place) }

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

// rowName is the name of a control of a row: "field.0".
func rowName(what string, i int) string { return what + "." + strconv.Itoa(i) }

// Value is the n-th value of a row, "" when there is none.
func (r ConditionRow) Value(n int) string {
	if n < len(r.Values) {
		return r.Values[n]
	}
	return ""
}

func (r ConditionRow) has(v string) bool { return slices.Contains(r.Values, v) }

func (r ConditionRow) arity() rules.Arity {
	o, ok := rules.OperatorOf(rules.Op(r.Op))
	if !ok {
		return rules.One
	}
	return o.Arity
}

// control is how a value is entered: options, yesno, number, date, or text.
func (r ConditionRow) control(f FieldChoice) string {
	switch rules.Op(r.Op) {
	case rules.CountLt, rules.CountGte, rules.WithinDays:
		return "number"
	case rules.Matches, rules.Contains, rules.NotContains, rules.StartsWith, rules.EndsWith:
		return "text"
	}
	switch {
	case len(f.Options) > 0:
		return "options"
	case f.Kind == flowjson.YesNo:
		return "yesno"
	case f.Kind == flowjson.Number:
		return "number"
	case f.Kind == flowjson.Date:
		return "date"
	}
	return "text"
}

// valueOptions are a field's options by title, with the value that stands there even if it is none of them.
func valueOptions(f FieldChoice, current string) []Option {
	options := []Option{{"", "Choose…"}}
	for _, o := range f.Options {
		title := o.Title
		if title == "" {
			title = o.ID
		}
		options = append(options, Option{o.ID, title})
	}
	if current != "" && !slices.ContainsFunc(options, func(o Option) bool { return o.Value == current }) {
		options = append(options, Option{current, current})
	}
	return options
}

// otherFields are the fields that a value may be compared with, "" for a fixed value.
func otherFields(groups []FieldGroup, current string) []Option {
	options := []Option{{"", "a fixed value"}}
	for _, g := range groups {
		for _, f := range g.Fields {
			options = append(options, Option{f.Path, "the field " + f.Label})
		}
	}
	if current != "" && !offered(groups, current) {
		options = append(options, Option{current, "the field " + current})
	}
	return options
}

// dataSources are the ways to fill a key of that type.
func dataSources(d DataInput, lists []string) []Option {
	options := []Option{{"keep", "Leave as it was"}}
	switch d.Type {
	case "boolean":
		options = append(options, Option{"true", "Yes"}, Option{"false", "No"}, Option{"value", "Template"})
	case "array":
		for _, name := range lists {
			options = append(options, Option{"list:" + name, "List " + name})
		}
		options = append(options, Option{"value", "Fixed options or template"})
	default:
		options = append(options, Option{"value", "Value"})
	}
	if !slices.ContainsFunc(options, func(o Option) bool { return o.Value == d.Source }) {
		options = append(options, Option{d.Source, d.Source})
	}
	return options
}

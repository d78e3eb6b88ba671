package views

import (
	"slices"

	"switchyard/models/flowjson"
	"switchyard/models/rules"
)

// A FieldChoice is one thing that a condition can ask about.
type FieldChoice struct {
	Path    string // as it stands in the document: "age", "answers.DETAILS.age", "today"
	Label   string
	Kind    flowjson.Kind
	Options []flowjson.Option // of a choice, when they are known
}

// A FieldGroup is choices under one heading.
type FieldGroup struct {
	Title  string
	Fields []FieldChoice
}

// FieldGroups lists what a rule on a screen can ask about: this screen's fields first, then earlier answers, then the
// visit and the date (design/decisions.md 11, 19). screen "opening" has no fields of its own.
func FieldGroups(flow *flowjson.Flow, screen string) []FieldGroup {
	var groups []FieldGroup
	if flow != nil {
		if s := flow.Screen(screen); s != nil {
			groups = append(groups, FieldGroup{"This screen", sentFields(s, "")})
		}
		for _, s := range flow.Screens {
			if s.ID != screen && s.SendsDataExchange() && screen != openingPlace {
				groups = append(groups, FieldGroup{"Earlier answers: " + screenTitle(s), sentFields(s, "answers."+s.ID+".")})
			}
		}
	}
	return append(groups, FieldGroup{"Visit and date", []FieldChoice{
		{Path: "today", Label: "Today", Kind: flowjson.Date},
		{Path: "visit.started", Label: "Visit started", Kind: flowjson.Date},
		{Path: "visit.steps", Label: "Steps so far", Kind: flowjson.Number},
		{Path: "visit.contact", Label: "Contact", Kind: flowjson.Text},
		{Path: "visit.test", Label: "Is a test", Kind: flowjson.YesNo},
	}})
}

// openingPlace is the place of the rules that decide the first screen.
const openingPlace = "opening"

func sentFields(s *flowjson.Screen, prefix string) []FieldChoice {
	var fields []FieldChoice
	for _, k := range s.Sent() {
		f := FieldChoice{Path: prefix + k.Name, Label: k.Label, Kind: k.Kind}
		if k.Field != nil {
			f.Options = k.Field.Options
		}
		if k.Kind == flowjson.Range {
			fields = append(fields, FieldChoice{Path: f.Path + ".start-date", Label: k.Label + ", from", Kind: flowjson.Date},
				FieldChoice{Path: f.Path + ".end-date", Label: k.Label + ", to", Kind: flowjson.Date})
			continue
		}
		fields = append(fields, f)
	}
	return fields
}

// FindField looks a path up; a path that is not offered is text under its own name.
func FindField(groups []FieldGroup, path string) FieldChoice {
	for _, g := range groups {
		for _, f := range g.Fields {
			if f.Path == path || "data."+f.Path == path {
				return f
			}
		}
	}
	return FieldChoice{Path: path, Label: path, Kind: flowjson.Text}
}

// offered tells whether a path is among the choices.
func offered(groups []FieldGroup, path string) bool {
	return slices.ContainsFunc(groups, func(g FieldGroup) bool {
		return slices.ContainsFunc(g.Fields, func(f FieldChoice) bool { return f.Path == path })
	})
}

// operatorOptions are the operators that fit a field, and the one that stands there even if it does not.
func operatorOptions(f FieldChoice, current rules.Op) []Option {
	var options []Option
	for _, o := range rules.OperatorsFor(f.Kind) {
		options = append(options, Option{string(o.Op), o.Words})
	}
	if current != "" && !slices.ContainsFunc(options, func(o Option) bool { return o.Value == string(current) }) {
		words := string(current)
		if o, ok := rules.OperatorOf(current); ok {
			words = o.Words
		}
		options = append(options, Option{string(current), words})
	}
	return options
}

// screenTitle names a screen for people: its title, else its id.
func screenTitle(s *flowjson.Screen) string {
	if s.Title != "" {
		return s.Title
	}
	return s.ID
}

// ScreenName is the name of a place of the rules: a screen's title with its id, or the opening.
func ScreenName(flow *flowjson.Flow, place string) string {
	if place == openingPlace {
		return "Opening"
	}
	if flow != nil {
		if s := flow.Screen(place); s != nil {
			return screenTitle(s)
		}
	}
	return place
}

// targetOptions are the screens that an outcome of a place may go to: those that the routing model allows first.
func targetOptions(flow *flowjson.Flow, place, current string) []Option {
	var allowed, others []Option
	found := current == ""
	if flow != nil {
		for _, s := range flow.Screens {
			o := Option{s.ID, screenTitle(s) + " (" + s.ID + ")"}
			found = found || s.ID == current
			if place == openingPlace || s.ID == place || flow.Leads(place, s.ID) {
				allowed = append(allowed, o)
			} else {
				o.Label += " — not in the routing model"
				others = append(others, o)
			}
		}
	}
	if !found {
		others = append(others, Option{current, current + " — not in the Flow JSON"})
	}
	return append(allowed, others...)
}

package views

import (
	"encoding/json"
	"slices"
	"strings"

	"switchyard/models/flowjson"
	"switchyard/models/rules"
)

// A FieldChoice is one thing that a condition can ask about.
type FieldChoice struct {
	Path    string // as it stands in the document: "age", "answers.DETAILS.age", "today"
	Label   string
	Kind    flowjson.Kind
	Options []flowjson.Option // of a choice, when they are known
	Open    bool              // other values than the options may come: they are known only when the flow runs
	Source  *flowjson.Field   // the input whose options are decided by the rules, else nil
}

// Name is the label with the id, unless they are the same.
func (f FieldChoice) Name() string {
	id := strings.TrimPrefix(f.Path, "answers.")
	if strings.EqualFold(f.Label, id) {
		return f.Label
	}
	if f.Label == "" {
		return id
	}
	return f.Label + " (" + id + ")"
}

// A FieldGroup is choices under one heading.
type FieldGroup struct {
	Title  string
	Fields []FieldChoice
}

// FieldGroups lists what a rule on a screen can ask about: this screen's fields first, then earlier answers by screen,
// then the visit and the date (design/decisions.md 11, 19). screen "opening" has no fields of its own. Screens that do
// not come before have none to offer, unless one is used already.
func FieldGroups(flow *flowjson.Flow, screen string, used ...string) []FieldGroup {
	var groups []FieldGroup
	if flow != nil && screen != openingPlace {
		if s := flow.Screen(screen); s != nil {
			groups = append(groups, FieldGroup{"This screen", sentFields(s, "")})
		}
		before := screensBefore(flow, screen)
		for _, s := range flow.Screens {
			prefix := "answers." + s.ID + "."
			isUsed := slices.ContainsFunc(used, func(path string) bool { return strings.HasPrefix(path, prefix) })
			switch {
			case s.ID == screen || !s.SendsDataExchange():
			case before[s.ID]:
				groups = append(groups, FieldGroup{"Earlier answers: " + screenTitle(s), sentFields(s, prefix)})
			case isUsed:
				groups = append(groups, FieldGroup{"Does not come before: " + screenTitle(s), sentFields(s, prefix)})
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

// screensBefore are the screens from which the routing model leads to that one. A screen that the flow does not have
// may come after any.
func screensBefore(flow *flowjson.Flow, screen string) map[string]bool {
	from := map[string][]string{}
	for _, s := range flow.Screens {
		for _, to := range flow.Routes(s.ID) {
			from[to] = append(from[to], s.ID)
		}
	}
	before := map[string]bool{}
	if flow.Screen(screen) == nil {
		for _, s := range flow.Screens {
			before[s.ID] = true
		}
	}
	for todo := from[screen]; len(todo) > 0; todo = todo[1:] {
		if id := todo[0]; !before[id] {
			before[id] = true
			todo = append(todo, from[id]...)
		}
	}
	return before
}

// openingPlace is the place of the rules that decide the first screen.
const openingPlace = "opening"

func sentFields(s *flowjson.Screen, prefix string) []FieldChoice {
	var fields []FieldChoice
	for _, k := range s.Sent() {
		f := FieldChoice{Path: prefix + k.Name, Label: k.Label, Kind: k.Kind}
		if k.Field == nil {
			f.Options = constants(k)
		} else {
			f.Options = k.Field.Known()
			if k.Field.OptionsKey != "" {
				f.Open, f.Source = true, k.Field
			}
		}
		if k.Kind == flowjson.Range {
			fields = append(fields, FieldChoice{Path: f.Path + ".start-date", Label: k.EndLabel("start-date"), Kind: flowjson.Date},
				FieldChoice{Path: f.Path + ".end-date", Label: k.EndLabel("end-date"), Kind: flowjson.Date})
			continue
		}
		fields = append(fields, f)
	}
	return fields
}

// constants are the texts that payloads give a key, such as what an action calls itself: they can be picked.
func constants(k flowjson.SentKey) (options []flowjson.Option) {
	for _, raw := range k.Constants {
		var text string
		if json.Unmarshal(raw, &text) == nil && text != "" {
			options = append(options, flowjson.Option{ID: text, Title: text})
		}
	}
	return options
}

// FindField looks a path up; a path that is not offered is text under its own name.
func FindField(groups []FieldGroup, path string) FieldChoice {
	if f := fieldAt(groups, path); f != nil {
		return *f
	}
	return FieldChoice{Path: path, Label: path, Kind: flowjson.Text}
}

// EachField goes over all choices; they may be changed.
func EachField(groups []FieldGroup, do func(*FieldChoice)) {
	for _, g := range groups {
		for i := range g.Fields {
			do(&g.Fields[i])
		}
	}
}

func fieldAt(groups []FieldGroup, path string) *FieldChoice {
	for _, g := range groups {
		for i := range g.Fields {
			if f := &g.Fields[i]; f.Path == path || len(path) == len(f.Path)+5 && strings.HasPrefix(path, "data.") && path[5:] == f.Path {
				return f
			}
		}
	}
	return nil
}

// offered tells whether a path is among the choices.
func offered(groups []FieldGroup, path string) bool {
	return slices.ContainsFunc(groups, func(g FieldGroup) bool {
		return slices.ContainsFunc(g.Fields, func(f FieldChoice) bool { return f.Path == path })
	})
}

// signs make the words of order exact at a glance.
var signs = map[rules.Op]string{rules.Lt: "<", rules.Lte: "≤", rules.Gt: ">", rules.Gte: "≥"}

// OperatorOptions are the operators that fit a field, and the one that stands there even if it does not.
func OperatorOptions(f FieldChoice, current rules.Op) []Option {
	var options []Option
	for _, o := range rules.OperatorsFor(f.Kind) {
		options = append(options, Option{string(o.Op), operatorWords(o)})
	}
	if current != "" && !slices.ContainsFunc(options, func(o Option) bool { return o.Value == string(current) }) {
		words := string(current)
		if o, ok := rules.OperatorOf(current); ok {
			words = operatorWords(o) + " — does not suit this field"
		}
		options = append(options, Option{string(current), words})
	}
	return options
}

func operatorWords(o rules.Operator) string {
	if sign := signs[o.Op]; sign != "" {
		return o.Words + " (" + sign + ")"
	}
	return strings.TrimSuffix(o.Words, ":")
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

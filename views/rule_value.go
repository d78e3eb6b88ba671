package views

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"switchyard/models/flowjson"
	"switchyard/models/rules"
)

// mostOptions is how many options a control lists; of more, the rest is typed in.
const mostOptions = 300

// control is how a value is entered: options, yesno, number, days, date, or text.
func (r ConditionRow) control(f FieldChoice) string {
	switch rules.Op(r.Op) {
	case rules.CountLt, rules.CountGte:
		return "number"
	case rules.WithinDays:
		if isDays(r.Value(0)) {
			return "days"
		}
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
	case f.Kind == flowjson.Date && (isDay(r.Value(0)) && isDay(r.Value(1))):
		return "date"
	}
	return "text"
}

// isDay tells whether a control for dates can show the text.
func isDay(text string) bool {
	_, err := time.Parse(time.DateOnly, text)
	return err == nil || text == ""
}

// isDays tells whether a number of days with a direction says the text exactly.
func isDays(text string) bool {
	n := strings.TrimPrefix(text, "-")
	return strings.Trim(n, "0123456789") == "" && n != "0" && !strings.HasPrefix(n, "00") && !(n == "" && text != "") || text == "0"
}

// open tells whether another value than the options can be typed in.
func (f FieldChoice) open() bool { return f.Open || len(f.Options) > mostOptions }

// listed are the options that a control shows.
func (f FieldChoice) listed() []flowjson.Option { return f.Options[:min(len(f.Options), mostOptions)] }

// IsOption tells whether an option has that id.
func (f FieldChoice) IsOption(id string) bool {
	return slices.ContainsFunc(f.Options, func(o flowjson.Option) bool { return o.ID == id })
}

// valueOptions are a field's options by title, with the value that stands there even if it is none of them.
func valueOptions(f FieldChoice, current string) []Option {
	options := []Option{{"", "Choose…"}}
	for _, o := range f.listed() {
		options = append(options, Option{o.ID, optionTitle(o)})
	}
	if current != "" && !slices.ContainsFunc(options, func(o Option) bool { return o.Value == current }) {
		options = append(options, Option{current, current})
	}
	return options
}

func optionTitle(o flowjson.Option) string {
	if o.Title == "" || o.Title == o.ID {
		return o.ID
	}
	return o.Title + " (" + o.ID + ")"
}

// chips are the options of a value that may be many, and what stands there without being one.
func chips(f FieldChoice, r ConditionRow) []Option {
	options := valueOptions(f, "")[1:]
	for _, v := range r.Values {
		if !slices.ContainsFunc(options, func(o Option) bool { return o.Value == v }) {
			options = append(options, Option{v, cmp.Or(v, "(empty)")})
		}
	}
	return options
}

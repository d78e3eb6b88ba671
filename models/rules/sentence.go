package rules

import (
	"strings"

	"switchyard/models/flowjson"
)

// Sentence says a condition in words, with labels and option titles where the flow has them:
// "Age is less than 18 and Country is one of BR, PT". screen is where the rule stands; flow may be nil.
func Sentence(c Condition, screen string, flow *flowjson.Flow) string {
	return speaker{screen, flow}.condition(c, false)
}

// A speaker knows the labels of a flow as seen from one screen.
type speaker struct {
	screen string
	flow   *flowjson.Flow
}

// condition says c; inside a group, another group stands in brackets.
func (s speaker) condition(c Condition, inGroup bool) string {
	switch {
	case c.All != nil:
		return s.group(*c.All, " and ", "always", inGroup)
	case c.Any != nil:
		return s.group(*c.Any, " or ", "never", inGroup)
	case c.Not != nil && c.Not.Field != "":
		return s.leaf(*c.Not, true)
	case c.Not != nil:
		return "not (" + s.condition(*c.Not, false) + ")"
	case c.Formula != "":
		return "the formula " + c.Formula + " holds"
	}
	return s.leaf(c, false)
}

func (s speaker) group(parts []Condition, word, empty string, inGroup bool) string {
	if len(parts) == 0 {
		return empty
	}
	if len(parts) == 1 {
		return s.condition(parts[0], inGroup)
	}
	said := make([]string, len(parts))
	for i, p := range parts {
		said[i] = s.condition(p, true)
	}
	text := strings.Join(said, word)
	if inGroup {
		return "(" + text + ")"
	}
	return text
}

// denied says what an operator's words become under not.
var denied = strings.NewReplacer("is not ", "is ", "is none of", "is one of", "does not contain", "contains",
	"is ", "is not ", "contains", "does not contain", "starts with", "does not start with",
	"ends with", "does not end with", "matches", "does not match", "has ", "does not have ", "counts ", "does not count ")

func (s speaker) leaf(c Condition, not bool) string {
	op, known := OperatorOf(c.Op)
	words := op.Words
	if !known {
		words = string(c.Op)
	}
	if n, ok := toNumber(c.Value); ok && c.Op == WithinDays {
		words = withinWords(n)
	}
	if not {
		words = strings.TrimSpace(denied.Replace(words + " "))
	}
	text := s.field(c.Field) + " " + words
	switch {
	case known && op.Arity == None, c.Op == WithinDays && isNumber(c.Value):
		return text
	case op.Arity == Two:
		if l, ok := c.Value.([]any); ok && len(l) == 2 {
			return text + " " + s.value(c.Field, l[0]) + " and " + s.value(c.Field, l[1])
		}
	}
	return text + " " + s.value(c.Field, c.Value)
}

func withinWords(n float64) string {
	switch {
	case n == 0:
		return "is today"
	case n < 0:
		return "is within the last " + numberText(-n) + " days"
	}
	return "is within the next " + numberText(n) + " days"
}

// field is the label of what a leaf asks about.
func (s speaker) field(name string) string {
	if screen, field, ok := answerPath(name); ok {
		label := s.label(screen, field)
		if screen != s.screen && s.flow != nil {
			label += " on " + screenTitle(s.flow, screen)
		}
		return label
	}
	switch name {
	case "visit.started":
		return "start of the visit"
	case "visit.steps":
		return "number of steps"
	case "visit.test":
		return "test visit"
	case "visit.contact":
		return "contact"
	}
	return s.label(s.screen, strings.TrimPrefix(name, "data."))
}

func (s speaker) label(screen, field string) string {
	if k := sentKey(s.flow, screen, field); k != nil && k.Label != "" {
		return k.Label
	}
	if whole, rest, ok := strings.Cut(field, "."); ok {
		if k := sentKey(s.flow, screen, whole); k != nil && k.Label != "" {
			return k.EndLabel(rest)
		}
	}
	return field
}

// value says the value that a field is compared with, as the option's title where it is one.
func (s speaker) value(field string, v any) string {
	switch v := v.(type) {
	case nil:
		return "nothing"
	case []any:
		said := make([]string, len(v))
		for i, e := range v {
			said[i] = s.value(field, e)
		}
		return strings.Join(said, ", ")
	case map[string]any:
		name, _ := v["field"].(string)
		return s.field(name)
	case string:
		if strings.TrimSpace(v) == "" {
			return "“" + v + "”"
		}
		if title := s.title(field, v); title != "" {
			return title
		}
	}
	return toText(v)
}

func (s speaker) title(field, id string) string {
	screen, name, ok := answerPath(field)
	if !ok {
		screen, name = s.screen, strings.TrimPrefix(field, "data.")
	}
	if k := sentKey(s.flow, screen, name); k != nil && k.Field != nil {
		return k.Field.Title(id)
	}
	return ""
}

func screenTitle(flow *flowjson.Flow, id string) string {
	if flow != nil {
		if s := flow.Screen(id); s != nil && s.Title != "" {
			return s.Title
		}
	}
	return id
}

// sentKey finds a key that the screen sends, or nil.
func sentKey(flow *flowjson.Flow, screen, name string) *flowjson.SentKey {
	if flow == nil {
		return nil
	}
	s := flow.Screen(screen)
	if s == nil {
		return nil
	}
	return s.SentKey(name)
}

// words are a condition as people read it, made when somebody asks.
type words struct {
	by speaker
	of *Condition
}

func (w words) String() string { return w.by.condition(*w.of, false) }

package rules

import (
	"cmp"
	"time"

	"switchyard/models/flowjson"
)

// Preview decides an outcome as if a customer had given sample answers on every screen and now asked on that place, a
// screen's id or "opening". What cannot be computed is told in the decision's Faults. flow may be nil.
func Preview(o Outcome, place string, flow *flowjson.Flow, lists map[string]*List, zone *time.Location, now time.Time) Decision {
	doc := Document{Switchyard: 1, Opening: &ScreenRules{Otherwise: &Outcome{}}, Screens: map[string]*ScreenRules{}}
	in := Request{Action: Init, Now: now}
	if place == openingPlace {
		doc.Opening.Otherwise = &o
	} else {
		doc.Screens[place] = &ScreenRules{Otherwise: &o}
		in = Request{Action: Exchange, Screen: place, Now: now}
	}
	doc = doc.Clone()
	c := newCompiler(doc, flow, lists, zone)
	for at, part := range doc.parts() {
		c.part(at, part)
	}
	v := Visit{Known: true, Started: now, Steps: 1, Answers: map[string]map[string]any{}}
	if flow != nil {
		for _, s := range flow.Screens {
			v.Answers[s.ID] = Samples(s, now.In(c.set.zone))
		}
		in.Data = v.Answers[place]
	}
	return c.set.Next(in, v, Fallback{})
}

// Samples is what a customer could submit on a screen: the first option, today, the label of a text in brackets.
func Samples(s *flowjson.Screen, today time.Time) map[string]any {
	data := map[string]any{}
	for _, k := range s.Sent() {
		data[k.Name] = Sample(k, today)
	}
	return data
}

// Sample is a value that a customer could send for a key.
func Sample(k flowjson.SentKey, now time.Time) any {
	today := now.Format(time.DateOnly)
	option := "‹" + k.Label + "›"
	if k.Field != nil && len(k.Field.Known()) > 0 {
		option = k.Field.Known()[0].ID
	}
	switch k.Kind {
	case flowjson.Number:
		return "42"
	case flowjson.Email:
		return "ana@example.com"
	case flowjson.Phone:
		return "+1 555 0100"
	case flowjson.Choice:
		return option
	case flowjson.Choices, flowjson.List:
		return []any{option}
	case flowjson.YesNo:
		return true
	case flowjson.Date:
		return today
	case flowjson.Range:
		return map[string]any{"start-date": today, "end-date": today}
	case flowjson.Media:
		return []any{map[string]any{"file_name": "photo.jpg"}}
	case flowjson.Object:
		return map[string]any{}
	}
	return "‹" + cmp.Or(k.Label, k.Name) + "›"
}

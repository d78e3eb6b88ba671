package rules

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strconv"

	"switchyard/models/flowjson"
)

// A Part is a piece of a document that is compared and merged as one.
type Part string

// The parts. A rule's place among the others is a part of its own.
const (
	RulePart      Part = "rule"
	OrderPart     Part = "order"
	OtherwisePart Part = "otherwise"
	BackPart      Part = "back"
	ZonePart      Part = "timezone"
)

// A Change is one difference between two documents, in words.
type Change struct {
	Screen  string // id, "opening", or "" for the document itself
	Part    Part
	RuleID  string // of RulePart and OrderPart
	Subject string // “Rule 2 on Details”
	What    string // “age “is at least 18” became “is at least 21””
}

// String is the sentence: “Rule 2 on Details: age “is at least 18” became “is at least 21””.
func (c Change) String() string { return c.Subject + ": " + c.What }

// Diff tells every difference between two documents, one sentence for each, by screens in the order of the flow. It is
// empty exactly for documents that mean the same. flow gives labels and titles, and may be nil.
func Diff(before, after Document, flow *flowjson.Flow) []Change {
	d := &differ{flow: flow}
	if before.Timezone != after.Timezone {
		d.part, d.subject = ZonePart, "Time zone"
		d.text("", before.Timezone, after.Timezone)
	}
	for _, screen := range placesOf(flow, before, after) {
		d.place(screen, before.at(screen), after.at(screen))
	}
	return d.changes
}

// A differ gathers changes; screen, part, ruleID and subject are what it is looking at.
type differ struct {
	flow                    *flowjson.Flow
	screen, ruleID, subject string
	part                    Part
	changes                 []Change
}

func (d *differ) say(what string) {
	d.changes = append(d.changes, Change{Screen: d.screen, Part: d.part, RuleID: d.ruleID, Subject: d.subject, What: what})
}

func (d *differ) speaker() speaker { return speaker{screen: d.screen, flow: d.flow} }

// look turns to one part of a place.
func (d *differ) look(part Part, ruleID, subject string) {
	d.part, d.ruleID, d.subject = part, ruleID, subject
}

func (d *differ) place(screen string, before, after *ScreenRules) {
	d.screen = screen
	if reflect.DeepEqual(before, after) {
		return
	}
	if before == nil {
		before = &ScreenRules{}
	}
	if after == nil {
		after = &ScreenRules{}
	}
	d.rules(before, after)
	d.look(OtherwisePart, "", "Otherwise "+onPlace(screen, d.flow))
	d.outcome(before.Otherwise, after.Otherwise)
	d.look(BackPart, "", "Going back "+fromPlace(screen, d.flow))
	d.outcome(before.Back, after.Back)
}

// at is the rules of a place by its name, nil when there are none.
func (d Document) at(screen string) *ScreenRules {
	if screen == openingPlace {
		return d.Opening
	}
	return d.Screens[screen]
}

// placesOf are the opening and the screens of some documents, in the order of the flow, then by name.
func placesOf(flow *flowjson.Flow, docs ...Document) []string {
	known := map[string]bool{}
	for _, d := range docs {
		for id := range d.Screens {
			known[id] = true
		}
	}
	out := []string{openingPlace}
	if flow != nil {
		for _, s := range flow.Screens {
			if known[s.ID] {
				out = append(out, s.ID)
				delete(known, s.ID)
			}
		}
	}
	return append(out, slices.Sorted(maps.Keys(known))...)
}

// RuleSubject names a rule of a document as the sentences of Diff do: “Rule 2 “Minors” on Details”; "" when it is not there.
func RuleSubject(doc Document, screen, id string, flow *flowjson.Flow) string {
	s := doc.at(screen)
	if s == nil {
		return ""
	}
	i := slices.IndexFunc(s.Rules, func(r Rule) bool { return r.ID == id })
	if i < 0 {
		return ""
	}
	return subject(s.Rules[i], i, screen, flow)
}

func subject(r Rule, i int, screen string, flow *flowjson.Flow) string {
	name := ""
	if r.Name != "" {
		name = " “" + cut(r.Name) + "”"
	}
	return "Rule " + strconv.Itoa(i+1) + name + " " + onPlace(screen, flow)
}

func onPlace(screen string, flow *flowjson.Flow) string {
	if screen == openingPlace {
		return "of the opening"
	}
	return "on " + screenTitle(flow, screen)
}

func fromPlace(screen string, flow *flowjson.Flow) string {
	if screen == openingPlace {
		return "from the opening"
	}
	return "from " + screenTitle(flow, screen)
}

// canonical is the same text exactly for values that are stored alike.
func canonical(v any) string {
	raw, err := json.Marshal(v)
	if err != nil { // no document holds such a value
		return err.Error()
	}
	return string(raw)
}

func alike(a, b any) bool { return reflect.DeepEqual(a, b) || canonical(a) == canonical(b) }

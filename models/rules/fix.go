package rules

import (
	"maps"
	"slices"
	"time"

	"switchyard/models/flowjson"
)

// A Fix is one change of a document that mends a problem of it.
type Fix struct {
	ID    string // names it among the fixes of its problem, and stays the same while the document does
	Label string // of its button: “Use AGE”
	where where
	edit  func(*Document)
	flows bool   // it changes which screens come after each other, or which rules decide
	order bool   // it must leave every other rule something to decide
	also  string // another part of the document that it changes
}

// Apply is the document with the change made; d itself stays as it is.
func (x Fix) Apply(d Document) Document {
	d = d.Clone()
	x.edit(&d)
	return d
}

// A Fixer finds what mends the problems of one document. It is for one goroutine.
type Fixer struct {
	doc    Document
	set    *Set
	given  map[string]map[string]bool
	before map[string]tally // errors and warnings of the places that were looked at
}

// NewFixer is for a document as Compile takes it; flow may be nil, then most problems have no fix.
func NewFixer(doc Document, flow *flowjson.Flow, lists map[string]*List, zone *time.Location) *Fixer {
	doc = whole(doc.Clone())
	c := newCompiler(doc, flow, lists, zone)
	c.findGiven()
	return &Fixer{doc: doc, set: c.set, given: c.given, before: map[string]tally{}}
}

// fixers are those of each code. What they propose is tried before it is offered.
var fixers map[string]func(*Fixer, Problem, where) []Fix

func init() {
	fixers = map[string]func(*Fixer, Problem, where) []Fix{
		"never-true": (*Fixer).remove, "shadowed": (*Fixer).unshadow,
		"never-asked": (*Fixer).removeScreen, "never-back": (*Fixer).removeBack, "no-rules": (*Fixer).addRules,
		"unknown-screen": (*Fixer).otherScreen, "forbidden-transition": (*Fixer).allowed, "forbidden-back": (*Fixer).allowed, "entry-inbound": (*Fixer).allowed,
		"unknown-field": (*Fixer).otherField, "unknown-list": (*Fixer).otherName, "unknown-column": (*Fixer).otherName,
		"unknown-operator": (*Fixer).otherOperator, "operator-kind": (*Fixer).otherOperator,
		"value-type": (*Fixer).castValue, "value-unused": (*Fixer).dropValue, "unknown-option": (*Fixer).otherOption,
		"missing-key": (*Fixer).fill, "undeclared-key": (*Fixer).dropKey, "data-type": (*Fixer).castData,
		"flow-token": (*Fixer).dropParam, "no-error-binding": (*Fixer).sayBelow,
		"unknown-timezone": (*Fixer).dropZone,
	}
}

// maxFixes is how many fixes are offered for one problem.
const maxFixes = 4

// Fixes are the changes of the document after which the problem is gone and no error is there that was not there
// before; best first. None when only people can know what was meant.
func (f *Fixer) Fixes(p Problem) (good []Fix) {
	propose := fixers[p.Code]
	if propose == nil || f.set.flow == nil && p.Code != "unknown-timezone" {
		return nil
	}
	at, ok := locate(p.Path)
	if !ok || !at.there(&f.doc) {
		return nil
	}
	for _, x := range propose(f, p, at) {
		if x.where.place == "" {
			x.where = at
		}
		if len(good) < maxFixes && !slices.ContainsFunc(good, func(g Fix) bool { return g.ID == x.ID }) && f.mends(x, p) {
			good = append(good, x)
		}
	}
	return good
}

// mends tries a fix on the part of the document that it changes.
func (f *Fixer) mends(x Fix, p Problem) bool {
	if x.where.place == "" {
		return true // a setting of the document
	}
	changed := f.doc
	changed.Screens = maps.Clone(f.doc.Screens)
	if x.where.place == openingPart {
		changed.Opening = f.doc.Opening.clone()
	} else if s := f.doc.Screens[x.where.screen()]; s != nil {
		changed.Screens[x.where.screen()] = s.clone()
	}
	x.edit(&changed)
	before, after := f.found(x, p.RuleID), f.look(changed, x, p.RuleID)
	at := sort{p.Severity, p.Code, p.Screen, p.RuleID}
	if after[at] >= before[at] {
		return false
	}
	for at, n := range after {
		if n > before[at] && (at.severity == Error || x.order && at.code == "shadowed") {
			return false
		}
	}
	return true
}

// A tally counts problems by their sort.
type tally map[sort]int

type sort struct {
	severity           Severity
	code, screen, rule string
}

// found is look at the document as it is.
func (f *Fixer) found(x Fix, ruleID string) tally {
	key := x.where.place + x.also
	if !x.flows {
		key += " " + x.where.slot + " " + ruleID
	}
	if f.before[key] == nil {
		f.before[key] = f.look(f.doc, x, ruleID)
	}
	return f.before[key]
}

// look compiles as much of a document as a fix can change: one rule or outcome, or all of its screen and the flow.
func (f *Fixer) look(d Document, x Fix, ruleID string) tally {
	set := *f.set
	set.doc, set.screens, set.opening = d, newScreens(d, set.flow), newScreen("", nil)
	c := &setCompiler{set: &set, given: f.given, formulas: map[string]compiled{}, dead: map[*Outcome]bool{}, unread: map[*Rule]bool{}}
	for place, part := range d.parts() {
		s := c.spotOf(place).screen
		s.ruled = true
		if part.Back != nil {
			s.back = &outcome{}
		}
	}
	for _, w := range []where{x.where, {place: x.also}} {
		if part := w.part(&d); part != nil {
			c.lookAt(part, w, x, ruleID)
		}
	}
	if x.flows {
		c.checkFlow()
	}
	places(d, c.problems)
	found := tally{}
	for _, p := range c.problems {
		found[sort{p.Severity, p.Code, p.Screen, p.RuleID}]++
	}
	return found
}

func (c *setCompiler) lookAt(part *ScreenRules, w where, x Fix, ruleID string) {
	at := c.spotOf(w.place)
	switch {
	case x.flows:
		c.part(w.place, part)
	case w.slot == "otherwise":
		c.outcome(part.Otherwise, at.otherwise())
	case w.slot == "back" && part.Back != nil:
		c.outcome(part.Back, at.goingBack())
	default:
		for i := range part.Rules {
			if part.Rules[i].ID == ruleID {
				c.rule(&part.Rules[i], at.rule(part, i))
			}
		}
	}
}

package rules

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"switchyard/models/flowjson"
)

// maxFormulas is how many different formulas and placeholders one document may hold.
const maxFormulas = 2000

// Compile checks a document against a flow and the lists there are, and returns what can run with every
// problem and its place. The set is nil only when a problem is an Error; flow may be nil (then what needs
// it is not checked). zone is the instance's time zone for a document without one; nil is UTC.
func Compile(doc Document, flow *flowjson.Flow, lists map[string]*List, zone *time.Location) (*Set, []Problem) {
	if ps := structure(doc); HasErrors(ps) {
		places(doc, ps)
		return nil, ps
	}
	set, problems := build(doc.Clone(), nil, flow, lists, zone)
	if HasErrors(problems) {
		return nil, problems
	}
	return set, problems
}

// build compiles whatever the document holds; what has an error is replaced (salvage.go).
func build(doc Document, problems []Problem, flow *flowjson.Flow, lists map[string]*List, zone *time.Location) (*Set, []Problem) {
	c := newCompiler(doc, flow, lists, zone)
	c.problems = append(problems, c.problems...)
	for place, part := range doc.parts() {
		c.part(place, part)
	}
	c.checkFlow()
	places(doc, c.problems)
	return c.set, c.problems
}

func newCompiler(doc Document, flow *flowjson.Flow, lists map[string]*List, zone *time.Location) *setCompiler {
	c := &setCompiler{formulas: map[string]compiled{}, dead: map[*Outcome]bool{}, unread: map[*Rule]bool{},
		set: &Set{doc: doc, flow: flow, tables: map[string]*table{}, gone: map[[2]string]bool{}}}
	c.set.zone = c.zoneOf(doc, zone)
	for name, l := range lists {
		if l != nil {
			c.set.tables[name] = newTable(l)
		}
	}
	c.set.screens = newScreens(doc, flow)
	c.set.opening = newScreen("", nil)
	c.findGiven()
	return c
}

// A setCompiler carries what one Compile knows and finds.
type setCompiler struct {
	set      *Set
	given    map[string]map[string]bool // by screen and data key: some way into the screen gives it
	formulas map[string]compiled
	routes   map[string][]string // of the routing model, once asked for
	problems []Problem
	harm     harm
	tries    int               // left for asking which rules can decide; 0: not begun
	notes    int               // and for asking which overlap
	dead     map[*Outcome]bool // what never happens
	unread   map[*Rule]bool    // rules with an error in their condition
}

type compiled struct {
	formula *formula
	err     error
}

// A spot is a place in the document: where a problem is, and whose it is.
type spot struct {
	path   string
	more   [3]string // steps below path, kept apart because most spots are never written out
	steps  int       // how many of more there are
	screen *screen   // whose rules these are
	about  string    // the subject of messages: “Screen A, rule “B””
	back   bool      // of an outcome: it answers the back button
}

func (at spot) step(steps ...string) spot {
	for _, s := range steps {
		if at.steps == len(at.more) {
			at.path, at.steps = at.pointer(), 0
		}
		at.more[at.steps] = s
		at.steps++
	}
	return at
}

// pointer is the JSON pointer of the place.
func (at spot) pointer() string {
	return join(at.path, at.more[:at.steps]...)
}

func (c *setCompiler) tell(sev Severity, code string, at spot, format string, args ...any) {
	msg := fmt.Sprintf(format, args...)
	if at.about != "" {
		msg = at.about + ": " + msg
	}
	p := Problem{Severity: sev, Code: code, Path: at.pointer(), Message: msg}
	c.problems = append(c.problems, p)
	c.harm.add(p)
}

// unknown says which name the newest problem is about.
func (c *setCompiler) unknown(name string) { c.problems[len(c.problems)-1].name = name }

func (c *setCompiler) zoneOf(doc Document, zone *time.Location) *time.Location {
	if zone == nil {
		zone = time.UTC
	}
	if doc.Timezone == "" {
		return zone
	}
	named, err := time.LoadLocation(doc.Timezone)
	if err != nil || doc.Timezone == "Local" {
		c.tell(Error, "unknown-timezone", spot{path: "/timezone"}, "The time zone “%s” is not known. Write one such as Europe/Berlin.", doc.Timezone)
		return zone
	}
	return named
}

// part compiles the opening or one screen.
func (c *setCompiler) part(place string, part *ScreenRules) {
	at := c.spotOf(place)
	s := at.screen
	s.ruled = true
	if c.set.flow != nil && s != c.set.opening && s.flow == nil {
		c.tell(Error, "unknown-screen", at, "The flow has no such screen. Remove its rules or correct the id.")
	}
	for i := range part.Rules {
		s.rules = append(s.rules, c.rule(&part.Rules[i], at.rule(part, i)))
	}
	c.shadows(part, at)
	s.otherwise = c.outcome(part.Otherwise, at.otherwise())
	if part.Back != nil {
		s.back = c.outcome(part.Back, at.goingBack())
	}
}

func (c *setCompiler) rule(r *Rule, at spot) rule {
	before := c.harm
	when := c.condition(r.When, at.step("when"))
	if c.harm.since(before).any() {
		c.unread[r] = true
	}
	return rule{id: r.ID, name: r.Name, off: r.Off, when: when, then: c.outcome(&r.Then, at.step("then"))}
}

func (at spot) rule(part *ScreenRules, i int) spot {
	at = at.step("rules", strconv.Itoa(i))
	at.about += ", " + ruleName(part.Rules[i], i)
	return at
}

func (at spot) otherwise() spot {
	at = at.step("otherwise")
	at.about += ", otherwise"
	return at
}

func (at spot) goingBack() spot {
	at = at.step("back")
	at.about, at.back = at.about+", back", true
	return at
}

// spotOf is the place of a part of the document.
func (c *setCompiler) spotOf(place string) spot {
	if place == "/opening" {
		return spot{path: place, screen: c.set.opening, about: "Opening"}
	}
	id := pointerUnescape.Replace(strings.TrimPrefix(place, "/screens/"))
	return spot{path: place, screen: c.set.screens[id], about: "Screen " + id}
}

func ruleName(r Rule, i int) string {
	if r.Name != "" {
		return "rule “" + r.Name + "”"
	}
	return "rule " + strconv.Itoa(i+1)
}

// formula compiles one expression once and checks what it names.
func (c *setCompiler) formula(source string, at spot) (*formula, bool) {
	if strings.TrimSpace(source) == "" {
		c.tell(Error, "formula", at, "A placeholder {{ }} or formula is empty. Write what it stands for, such as data.name, or remove it.")
		return nil, false
	}
	got, seen := c.formulas[source]
	if !seen {
		if len(c.formulas) >= maxFormulas {
			c.tell(Error, "limit", at, "The document has more than %d different formulas. Split it or use lists.", maxFormulas)
			return nil, false
		}
		got.formula, got.err = compileFormula(source)
		c.formulas[source] = got
	}
	if got.err != nil {
		c.tell(Error, "formula", at, "The formula %s cannot be used: %s%s.", source, strings.TrimSuffix(got.err.Error(), "."), placeIn(source, got.err))
		return nil, false
	}
	c.checkUses(got.formula.uses, at)
	return got.formula, true
}

// placeIn says at which character of a formula its fault begins, where that is known.
func placeIn(source string, err error) string {
	var fault FormulaFault
	if e, ok := errors.AsType[*placedError](err); ok {
		fault.place(source, e.at)
	}
	if fault.To == 0 {
		return ""
	}
	return " (at character " + itoa(fault.From+1) + ")"
}

func (c *setCompiler) checkUses(u uses, at spot) {
	for _, name := range u.lists {
		if c.set.tables[name] == nil {
			c.set.gone[[2]string{name}] = true
			c.tell(Error, "unknown-list", at, "There is no list “%s”, so it offers nothing. Make it on the lists page or correct its name.", name)
			c.unknown(name)
		}
	}
	for _, lc := range u.columns {
		if t := c.set.tables[lc[0]]; t != nil && !slices.Contains(t.columns, lc[1]) {
			c.set.gone[lc] = true
			c.tell(Error, "unknown-column", at, "The list “%s” has no column “%s”. It has %s.", lc[0], lc[1], strings.Join(t.columns, ", "))
			c.unknown(lc[1])
		}
	}
	for _, key := range u.data {
		c.fieldKind("data."+key, at)
	}
	for _, sf := range u.answers {
		c.fieldKind("answers."+sf[0]+"."+sf[1], at)
	}
	for _, name := range u.visit {
		c.visitKind(name, at)
	}
	for _, name := range u.titles {
		c.fieldKind(name, at)
	}
}

package rules

import (
	"strings"

	"switchyard/models/flowjson"
)

func (c *setCompiler) condition(cond Condition, at spot) test {
	text := words{speaker{at.screen.id, c.set.flow}, &cond}
	before := c.harm
	switch {
	case cond.shapes() != 1:
		return &lostTest{text: text, why: "A condition cannot be read."}
	case cond.All != nil:
		return &group{parts: c.parts(*cond.All, at.step("all")), text: text}
	case cond.Any != nil:
		return &group{any: true, parts: c.parts(*cond.Any, at.step("any")), text: text}
	case cond.Not != nil:
		return &negation{part: c.condition(*cond.Not, at.step("not")), text: text}
	case cond.Formula != "":
		f, _ := c.formula(cond.Formula, at.step("formula"))
		return c.harm.since(before).lost(&formulaTest{f, text}, text)
	}
	l := c.leaf(cond, at, text)
	return c.harm.since(before).lost(l, text)
}

func (c *setCompiler) parts(conds []Condition, at spot) []test {
	out := make([]test, len(conds))
	for i, p := range conds {
		out[i] = c.condition(p, at.step(itoa(i)))
	}
	return out
}

func (c *setCompiler) leaf(cond Condition, at spot, text words) *leaf {
	l := &leaf{op: cond.Op, get: newGetter(cond.Field), text: text}
	op, ok := OperatorOf(cond.Op)
	if !ok {
		c.tell(Error, "unknown-operator", at.step("op"), "The operator “%s” is not known. Choose another.", cond.Op)
		return l
	}
	kind, typed := c.fieldKind(cond.Field, at.step("field"))
	l.secret = typed && kind == flowjson.Secret
	if typed && !op.fits(kind) {
		c.tell(Warning, "operator-kind", at.step("op"), "“%s” does not suit the field “%s”, so it may never be true. Choose another operator.", op.Words, cond.Field)
	}
	if m, isField := cond.Value.(map[string]any); isField {
		if name, ok := c.otherField(op, m, at.step("value")); ok {
			from := newGetter(name)
			l.from = &from
		}
		return l
	}
	if c.value(op, cond.Value, at.step("value")) {
		l.want = prepare(cond.Op, tidy(cond.Value), c.set.zone)
		c.options(cond, at.step("value"))
	}
	return l
}

// otherField reads {"field": name} on the right.
func (c *setCompiler) otherField(op Operator, m map[string]any, at spot) (string, bool) {
	name, ok := m["field"].(string)
	switch {
	case !ok || len(m) != 1 || name == "":
		c.tell(Error, "value-type", at, "Compare with a constant, a list, or another field as {\"field\": name}.")
		return "", false
	case op.Arity == None:
		c.tell(Warning, "value-unused", at, "“%s” takes no value. Remove it.", op.Words)
		return "", false
	case op.Op == Matches || op.Arity == Two:
		c.tell(Error, "value-type", at, "“%s” needs a value written here, not another field.", op.Words)
		return "", false
	}
	c.fieldKind(name, at.step("field"))
	return name, true
}

// fieldKind finds what a field is and tells when there is no such field. ok is false when its kind is not known.
func (c *setCompiler) fieldKind(name string, at spot) (k flowjson.Kind, ok bool) {
	if rest, isVisit := strings.CutPrefix(name, "visit."); isVisit {
		return c.visitKind(rest, at)
	}
	if name == "today" {
		return flowjson.Date, true
	}
	screen, field, isAnswer := answerPath(name)
	if strings.HasPrefix(name, "answers.") && !isAnswer {
		c.tell(Error, "unknown-field", at, "“%s” is no field. Write answers.SCREEN.field.", name)
		return "", false
	}
	if c.set.flow == nil {
		return "", false
	}
	if !isAnswer {
		return c.sentKind(at.screen, strings.TrimPrefix(name, "data."), "", at)
	}
	s := c.set.screens[screen]
	if s == nil || s.flow == nil {
		c.tell(Error, "unknown-screen", at, "“%s” names the screen %s, which the flow does not have. Choose a field that there is.", name, screen)
		c.unknown(name)
		return "", false
	}
	if s != at.screen && !c.before(screen, at.screen) {
		c.tell(Warning, "later-screen", at, "“%s”: the screen %s does not come before this one, so there is no answer yet.", name, screen)
	}
	return c.sentKind(s, field, "answers."+screen+".", at)
}

func (c *setCompiler) visitKind(name string, at spot) (flowjson.Kind, bool) {
	switch name {
	case "started":
		return flowjson.Date, true
	case "steps":
		return flowjson.Number, true
	case "test":
		return flowjson.YesNo, true
	case "contact":
		return flowjson.Text, true
	}
	c.tell(Error, "unknown-field", at, "A visit has no “%s”. It has %s.", name, strings.Join(visitFields, ", "))
	c.unknown("visit." + name)
	return "", false
}

// sentKind finds a key among those that a screen submits, or a property of an object among them; before is what the
// rules write before the key.
func (c *setCompiler) sentKind(s *screen, field, before string, at spot) (flowjson.Kind, bool) {
	if s == c.set.opening {
		c.tell(Warning, "opening-data", at, "The field “%s” is not sent when the form opens, so it is empty.", field)
		return "", false
	}
	if s.flow == nil || at.back && s == at.screen {
		return "", false
	}
	if k := s.sent[field]; k != nil {
		return k.Kind, true
	}
	for i := strings.LastIndexByte(field, '.'); i > 0; i = strings.LastIndexByte(field[:i], '.') {
		k := s.sent[field[:i]]
		switch {
		case k == nil:
		case k.Kind == flowjson.Object:
			return "", false
		case k.Kind == flowjson.Range && (field[i:] == ".start-date" || field[i:] == ".end-date"):
			return flowjson.Date, true
		}
	}
	names := strings.Join(s.known(), ", ")
	if names == "" {
		names = "no fields"
	}
	c.tell(Error, "unknown-field", at, "The screen %s does not send the field “%s”. It sends %s.", s.id, field, names)
	c.unknown(before + field)
	return "", false
}

// options warns of a value that is none of a field's fixed options.
func (c *setCompiler) options(cond Condition, at spot) {
	screen, field, isAnswer := answerPath(cond.Field)
	if !isAnswer {
		screen, field = at.screen.id, strings.TrimPrefix(cond.Field, "data.")
	}
	s := c.set.screens[screen]
	if s == nil || s.sent[field] == nil || s.sent[field].Field == nil {
		return
	}
	f := s.sent[field].Field
	if len(f.Options) == 0 || f.OptionsKey != "" {
		return
	}
	switch cond.Op {
	case Equals, NotEquals, OneOf, NotOneOf, HasAny, HasAll, HasNone:
	default:
		return
	}
	wanted, many := cond.Value.([]any)
	if !many {
		wanted = []any{cond.Value}
	}
	for _, w := range wanted {
		if id := toText(w); id != "" && !isOption(f, id) {
			c.tell(Warning, "unknown-option", at, "“%s” is none of the options of “%s”. Choose one of them.", id, f.Label)
			c.unknown(id)
		}
	}
}

func isOption(f *flowjson.Field, id string) bool {
	for _, o := range f.Options {
		if o.ID == id {
			return true
		}
	}
	return false
}

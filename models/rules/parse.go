package rules

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
)

// Parse reads a document strictly: unknown and duplicate keys, a second outcome, a missing opening, trailing
// text are errors with their place; limits: 4 MiB, conditions 32 deep and 500 nodes. Rules without an id get
// one (newID; nil numbers them); one that is the name of a page (new, otherwise, back) is replaced, with a warning. Numbers in values are json.Number. With problems the document holds what
// could be read.
func Parse(raw []byte, newID func() string) (Document, []Problem) {
	root, problems := readTree(raw)
	p := &docParser{problems: problems}
	if root == nil && len(problems) > 0 {
		return Document{}, problems
	}
	d := p.document(root)
	if !HasErrors(p.problems) {
		p.problems = append(p.problems, structure(d)...)
	}
	if !HasErrors(p.problems) {
		p.problems = append(p.problems, giveIDs(d, newID)...)
	}
	places(d, p.problems)
	return d, p.problems
}

// A docParser turns the tree into a document and collects what does not belong.
type docParser struct{ problems []Problem }

func (p *docParser) tell(code, path, format string, args ...any) {
	p.problems = append(p.problems, fault(code, path, fmt.Sprintf(format, args...)))
}

func (p *docParser) document(v any) Document {
	var d Document
	o, ok := p.object(v, "", "switchyard", "timezone", "opening", "screens")
	if !ok {
		return d
	}
	switch n, _ := o.values["switchyard"].(json.Number); {
	case n == "1":
		d.Switchyard = 1
	default:
		p.tell("version", "/switchyard", "The document must say \"switchyard\": 1, the version of its form.")
	}
	d.Timezone = p.text(o, "timezone", "")
	if opening, has := o.values["opening"]; has {
		d.Opening = p.screen(opening, "/opening", false)
	}
	d.Screens = map[string]*ScreenRules{}
	if screens, has := o.values["screens"]; has {
		if so, ok := p.object(screens, "/screens"); ok {
			for _, id := range so.keys {
				d.Screens[id] = p.screen(so.values[id], join("/screens", id), true)
			}
		}
	}
	return d
}

func (p *docParser) screen(v any, path string, back bool) *ScreenRules {
	keys := []string{"rules", "otherwise"}
	if back {
		keys = append(keys, "back")
	}
	s := &ScreenRules{Rules: []Rule{}}
	o, ok := p.object(v, path, keys...)
	if !ok {
		return s
	}
	for i, r := range p.list(o, "rules", path) {
		s.Rules = append(s.Rules, p.rule(r, join(path, "rules", strconv.Itoa(i))))
	}
	if out, has := o.values["otherwise"]; has {
		s.Otherwise = p.outcome(out, path+"/otherwise")
	}
	if out, has := o.values["back"]; has && back {
		s.Back = p.outcome(out, path+"/back")
	}
	return s
}

func (p *docParser) rule(v any, path string) Rule {
	var r Rule
	o, ok := p.object(v, path, "id", "name", "off", "when", "then")
	if !ok {
		return r
	}
	r.ID, r.Name, r.Off = p.text(o, "id", path), p.text(o, "name", path), p.yes(o, "off", path)
	if when, has := o.values["when"]; has {
		r.When = p.condition(when, path+"/when", 1)
	} else {
		p.tell("condition", path, "The rule has no condition. Add “when”.")
	}
	if then, has := o.values["then"]; has {
		r.Then = *p.outcome(then, path+"/then")
	} else {
		p.tell("outcome", path, "The rule has no outcome. Add “then”.")
	}
	return r
}

// object checks that v is an object with none but the named keys; without names any key is allowed.
func (p *docParser) object(v any, path string, keys ...string) (*object, bool) {
	o, ok := v.(*object)
	if !ok {
		p.tell("type", path, "An object {…} belongs here.")
		return nil, false
	}
	for _, k := range o.keys {
		if len(keys) > 0 && !slices.Contains(keys, k) {
			p.tell("unknown-key", join(path, k), "The key “%s” is not known here. Remove it or correct its spelling.", k)
		}
	}
	return o, true
}

func (p *docParser) text(o *object, key, path string) string {
	v, has := o.values[key]
	s, ok := v.(string)
	if has && !ok {
		p.tell("type", join(path, key), "A text belongs here.")
	}
	return s
}

func (p *docParser) yes(o *object, key, path string) bool {
	v, has := o.values[key]
	b, ok := v.(bool)
	if has && !ok {
		p.tell("type", join(path, key), "true or false belongs here.")
	}
	return b
}

func (p *docParser) list(o *object, key, path string) []any {
	v, has := o.values[key]
	l, ok := v.([]any)
	if has && !ok {
		p.tell("type", join(path, key), "A list […] belongs here.")
	}
	return l
}

// values reads an object of any values.
func (p *docParser) values(o *object, key, path string) map[string]any {
	v, has := o.values[key]
	if !has {
		return nil
	}
	m, ok := p.object(v, join(path, key))
	if !ok {
		return nil
	}
	out, _ := plain(m).(map[string]any)
	return out
}

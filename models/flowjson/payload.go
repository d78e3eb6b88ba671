package flowjson

import "encoding/json"

// A Payload is what one action sends.
type Payload struct {
	Action    string // data_exchange, complete, navigate
	Component string // "Footer", "DatePicker date"
	Label     string // of the component (or of the item in it), e.g. "Continue"
	Next      string // target of navigate
	Keys      []PayloadKey
}

// A PayloadKey is one key of a payload and where its value comes from; exactly one of Field, DataKey and
// Constant is set, or none when it is an expression.
type PayloadKey struct {
	Name     string
	Screen   string          // of a global reference ${screen.ID.form.x} or ${screen.ID.data.x}; else empty
	Field    string          // ${form.x}
	DataKey  string          // ${data.x}; with dots when it goes deeper
	Constant json.RawMessage // a value without bindings

	shape shape // as written
	refs  []ref // of an expression
}

// An action is one action of a part, where it stands.
type action struct {
	node *node
	path string
	part part
	item *node // the option or list item that has it; nil when the component itself has it
}

// actions lists the actions of a part: its own, then those of its items. Items that come from data are
// known by their example; those have an empty path, because the document holds no such action.
func (p *page) actions(c part) []action {
	found := c.actions(c.node, c.path, nil)
	for _, key := range []string{"data-source", "list-items"} {
		source, path := c.node.get(key), below(c.path, key)
		for i, item := range source.list() {
			found = append(found, c.actions(item, index(path, i), item)...)
		}
		if name, ok := local(source); ok {
			for _, item := range p.example(name).list() {
				for _, a := range c.actions(item, "", item) {
					a.path = ""
					found = append(found, a)
				}
			}
		}
	}
	return found
}

// example is the example of a data key.
func (p *page) example(key string) *node { return p.node.get("data").get(key).get("__example__") }

func (p part) actions(n *node, path string, item *node) []action {
	if !n.is(isObject) {
		return nil
	}
	var found []action
	for i, key := range n.keys {
		if isAction(key) && n.items[i].is(isObject) {
			found = append(found, action{n.items[i], below(path, key), p, item})
		}
	}
	return found
}

func (a action) name() string { return a.node.get("name").str() }

// next is the screen that a navigate leads to.
func (a action) next() string { return a.node.get("next").get("name").str() }

// payload reads what the action sends; ok is false for those that send nothing to anybody.
func (a action) payload(s *Screen) (p Payload, ok bool) {
	switch a.name() {
	case "data_exchange", "complete", "navigate":
	default:
		return Payload{}, false
	}
	p = Payload{Action: a.name(), Component: a.part.title(), Next: a.next(), Label: a.label(s)}
	if fields := a.node.get("payload"); fields.is(isObject) {
		for i, name := range fields.keys {
			p.Keys = append(p.Keys, readPayloadKey(name, fields.items[i]))
		}
	}
	return p, true
}

func (a action) label(s *Screen) string {
	if a.item != nil {
		for _, n := range []*node{a.item.get("title"), a.item.get("main-content").get("title")} {
			if text := label(n, s); text != "" {
				return text
			}
		}
	}
	if text := label(a.part.node.get("label"), s); text != "" {
		return text
	}
	return label(a.part.node.get("text"), s)
}

func readPayloadKey(name string, n *node) PayloadKey {
	k := PayloadKey{Name: name, shape: n.shape}
	if r, ok := binding(n.str()); ok {
		k.Screen = r.screen
		if r.from == fromForm {
			k.Field = r.name
		} else {
			k.DataKey = r.name
		}
		return k
	}
	constant := true
	eachText(n, "", false, func(_, text string, _ bool) {
		k.refs = append(k.refs, refs(text)...)
		constant = constant && static(text)
	})
	if constant {
		k.Constant = n.keep()
	}
	return k
}

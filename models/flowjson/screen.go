package flowjson

import "slices"

// A Screen is one screen of the flow.
type Screen struct {
	ID, Title     string
	Terminal      bool
	Success       bool // of a terminal screen; true when not said
	RefreshOnBack bool
	Data          []DataKey // declared keys, in document order
	Fields        []Field   // inputs in layout order, those inside Form, If and Switch too
	Payloads      []Payload // every action payload of the screen, in layout order
	Sensitive     []string  // field names masked in summaries
	// ErrorKeys maps a field name to the data key that its error-message (or the Form's
	// error-messages) is bound to, for errors per field. When that key is declared as an object,
	// it holds the texts by field name.
	ErrorKeys map[string]string
	Texts     []string // static texts shown on the screen, for pictures and search; at most 20

	flow *Flow
	sent []SentKey // once it is read
}

// Bounds of what is read of one screen, far above what Meta takes; check tells what is beyond them.
const (
	maxTexts    = 20
	maxPayloads = 1000
	maxParts    = 500
	maxKeys     = 300
)

// Key returns the declared data key with that name, or nil.
func (s *Screen) Key(name string) *DataKey {
	for i := range s.Data {
		if s.Data[i].Name == name {
			return &s.Data[i]
		}
	}
	return nil
}

// Field returns the input with that name, or nil.
func (s *Screen) Field(name string) *Field {
	for i := range s.Fields {
		if s.Fields[i].Name == name {
			return &s.Fields[i]
		}
	}
	return nil
}

// SendsDataExchange tells whether any action of the screen calls the endpoint.
func (s *Screen) SendsDataExchange() bool { return s.does("data_exchange") }

// Completes tells whether any action of the screen is complete.
func (s *Screen) Completes() bool { return s.does("complete") }

func (s *Screen) does(action string) bool {
	return slices.ContainsFunc(s.Payloads, func(p Payload) bool { return p.Action == action })
}

// A page is a screen while it is read: with its place and its components.
type page struct {
	*Screen
	node  *node
	path  string
	parts []part
}

func readPage(f *Flow, n *node, path string) *page {
	s := &Screen{
		ID: n.get("id").str(), Title: n.get("title").str(), flow: f,
		Terminal: n.get("terminal").isTrue(), RefreshOnBack: n.get("refresh_on_back").isTrue(),
		Data: readData(n.get("data")), ErrorKeys: map[string]string{},
	}
	s.Success = s.Terminal && (n.get("success") == nil || n.get("success").isTrue())
	for _, name := range n.get("sensitive").list() {
		if name.str() != "" {
			s.Sensitive = append(s.Sensitive, name.str())
		}
	}
	p := &page{Screen: s, node: n, path: path, parts: layout(n.get("layout"), below(path, "layout"))}
	for _, c := range p.parts {
		p.read(c)
	}
	return p
}

func (p *page) read(c part) {
	if c.input() && c.name != "" {
		f := readField(c, p.Screen)
		f.Sensitive = f.Kind == Secret || slices.Contains(p.Sensitive, f.Name)
		p.Fields = append(p.Fields, f)
	}
	for _, a := range p.actions(c) {
		if len(p.Payloads) == maxPayloads {
			break
		}
		if payload, ok := a.payload(p.Screen); ok {
			p.Payloads = append(p.Payloads, payload)
		}
	}
	p.readErrorKeys(c)
	p.readTexts(c.node.get("text"))
	p.readBindings(c)
}

func (p *page) readErrorKeys(c part) {
	if name, ok := local(c.node.get("error-message")); ok && c.name != "" {
		p.ErrorKeys[c.name] = name
	}
	if c.form == 0 || !c.input() {
		return
	}
	messages := p.parts[c.form-1].node.get("error-messages")
	if messages.is(isObject) {
		messages = messages.get(c.name)
	}
	if name, ok := local(messages); ok && p.ErrorKeys[c.name] == "" {
		p.ErrorKeys[c.name] = name
	}
}

func (p *page) readTexts(n *node) {
	lines := n.list()
	if n.is(isText) {
		lines = []*node{n}
	}
	for _, line := range lines {
		if text := line.str(); text != "" && static(text) && len(p.Texts) < maxTexts {
			p.Texts = append(p.Texts, text)
		}
	}
}

// readBindings notes at every data key of this screen which property reads it.
func (p *page) readBindings(c part) {
	if !c.node.is(isObject) {
		return
	}
	for i, property := range c.node.keys {
		if c.holds(property) {
			continue
		}
		eachText(c.node.items[i], "", false, func(_, text string, _ bool) {
			for _, r := range refs(text) {
				if key := p.Key(r.key()); key != nil && r.from == fromData && r.screen == "" {
					key.bind(c.title() + " " + property)
				}
			}
		})
	}
}

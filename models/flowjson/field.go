package flowjson

// Kind is what a value is, for choosing operators, controls and formats.
type Kind string

// The kinds of a field or key.
const (
	Text    Kind = "text"    // TextInput text, TextArea, unknown
	Number  Kind = "number"  // TextInput number; submits a string
	Email   Kind = "email"   //
	Phone   Kind = "phone"   //
	Secret  Kind = "secret"  // password and passcode: never stored
	Choice  Kind = "choice"  // Dropdown, RadioButtonsGroup: an option id
	Choices Kind = "choices" // CheckboxGroup, ChipsSelector: option ids
	YesNo   Kind = "yesno"   // OptIn
	Date    Kind = "date"    // DatePicker, CalendarPicker single
	Range   Kind = "range"   // CalendarPicker range: {"start-date","end-date"}
	Media   Kind = "media"   // PhotoPicker, DocumentPicker
	Object  Kind = "object"  // any other object
	List    Kind = "list"    // any other array
)

// A Field is one input component.
type Field struct {
	Screen     string // id of its screen
	Name       string
	Label      string // for people; the name when there is none that can be known beforehand
	Component  string // "Dropdown"
	InputType  string // of a TextInput
	Kind       Kind
	Required   bool // false when it depends on data
	Sensitive  bool // named in the screen's sensitive list, or a secret
	Options    []Option
	OptionsKey string // the data key that its options come from, when dynamic

	examples []Option          // of OptionsKey
	ends     map[string]string // of a range: the labels of "start-date" and "end-date"
}

// Title is the title of the option with that id: static, else from the key's __example__; empty when unknown.
func (f *Field) Title(id string) string {
	for _, o := range f.Known() {
		if o.ID == id {
			return o.Title
		}
	}
	return ""
}

// Known lists the options that the Flow JSON names: the static ones, else those of the key's __example__.
func (f *Field) Known() []Option {
	if f.OptionsKey != "" {
		return f.examples
	}
	return f.Options
}

// An Option is one entry of a choice.
type Option struct{ ID, Title, Description string }

func readOptions(n *node) []Option {
	var options []Option
	for _, item := range n.list() {
		if id := item.get("id").str(); id != "" {
			options = append(options, Option{id, item.get("title").str(), item.get("description").str()})
		}
	}
	return options
}

func readField(p part, s *Screen) Field {
	f := Field{
		Screen: s.ID, Name: p.name, Component: p.typ, InputType: p.node.get("input-type").str(),
		Kind: p.kind(), Required: p.node.get("required").isTrue(),
		Label: label(p.node.get("label"), s),
	}
	if f.Label == "" {
		f.Label = f.Name
	}
	f.ends = ends(p.node.get("label"), s)
	source := p.node.get("data-source")
	f.Options = readOptions(source)
	if name, ok := local(source); ok {
		f.OptionsKey = name
		if key := s.Key(name); key != nil {
			f.examples = key.options
		}
	}
	return f
}

// ends are the labels of the first and the last day of a range, nil when they do not tell the two apart.
func ends(n *node, s *Screen) map[string]string {
	if !n.is(isObject) {
		return nil
	}
	from, to := label(n.get("start-date"), s), label(n.get("end-date"), s)
	if from == "" || to == "" || from == to {
		return nil
	}
	return map[string]string{"start-date": from, "end-date": to}
}

// label is a text for people: as written, the example of the data it is bound to, or both ends of a range.
func label(n *node, s *Screen) string {
	if n.is(isObject) {
		from, to := label(n.get("start-date"), s), label(n.get("end-date"), s)
		if from != "" && to != "" {
			return from + " – " + to
		}
		return from + to
	}
	text := n.str()
	if static(text) {
		return text
	}
	if name, ok := local(n); ok {
		if key := s.Key(name); key != nil {
			return key.text()
		}
	}
	return ""
}

package flowjson

// A part is one component where it stands.
type part struct {
	node   *node
	path   string
	typ    string // "Dropdown"; empty when missing
	name   string
	form   int  // 1 + position of the Form around it among the parts; 0 outside
	branch bool // inside an If or Switch
	ifs    int  // how many Ifs are around it
}

// spec is what is known of a type of component.
type spec struct {
	since   string // first version that has it; empty for the first of all
	input   Kind   // of its value; empty when it has none
	label   int    // characters of its label or, for a text, of its text
	most    int    // static options
	least   int
	choices bool // needs options
}

// specs are the components of protocol versions up to newest.
var specs = map[string]spec{
	"TextHeading": {label: 80}, "TextSubheading": {label: 80}, "TextBody": {label: 4096}, "TextCaption": {label: 409},
	"RichText":          {since: "5.1"},
	"TextInput":         {input: Text, label: 20},
	"TextArea":          {input: Text, label: 20},
	"CheckboxGroup":     {input: Choices, label: 30, least: 1, most: 20, choices: true},
	"RadioButtonsGroup": {input: Choice, label: 30, least: 1, most: 20, choices: true},
	"ChipsSelector":     {since: "6.3", input: Choices, label: 80, least: 2, most: 20, choices: true},
	"Dropdown":          {input: Choice, label: 20, least: 1, most: 200, choices: true},
	"OptIn":             {input: YesNo, label: 120},
	"DatePicker":        {input: Date, label: 40},
	"CalendarPicker":    {since: "6.1", input: Date, label: 40},
	"PhotoPicker":       {since: "4.0", input: Media, label: 80},
	"DocumentPicker":    {since: "4.0", input: Media, label: 80},
	"NavigationList":    {since: "6.2", least: 1, most: 20},
	"Footer":            {label: 35},
	"EmbeddedLink":      {label: 25},
	"Image":             {}, "ImageCarousel": {since: "7.1"},
	"If": {since: "4.0"}, "Switch": {since: "4.0"}, "Form": {},
}

var inputTypes = map[string]Kind{
	"text": Text, "number": Number, "email": Email, "phone": Phone, "password": Secret, "passcode": Secret,
}

// kind is the kind of the part's value.
func (p part) kind() Kind {
	switch p.typ {
	case "TextInput":
		if k, ok := inputTypes[p.node.get("input-type").str()]; ok {
			return k
		}
	case "CalendarPicker":
		if p.node.get("mode").str() == "range" {
			return Range
		}
	}
	if k := specs[p.typ].input; k != "" {
		return k
	}
	return Text
}

// input tells whether the part has a value. A component that we do not know has one when it has a name.
func (p part) input() bool {
	s, known := specs[p.typ]
	return s.input != "" || !known && p.name != ""
}

// title names the part for people: its type and, when it has one, its name.
func (p part) title() string {
	if p.name == "" {
		return p.typ
	}
	return p.typ + " " + p.name
}

// holds tells the keys under which a component holds others.
func (p part) holds(key string) bool {
	switch p.typ {
	case "Form":
		return key == "children"
	case "If":
		return key == "then" || key == "else"
	case "Switch":
		return key == "cases"
	}
	return false
}

// layout flattens the components of a layout, in their order.
func layout(n *node, path string) []part {
	var parts []part
	walk(&parts, n.get("children"), below(path, "children"), part{})
	return parts
}

// walk cannot recurse deeper than the document, which is bounded.
func walk(parts *[]part, list *node, path string, around part) {
	for i, n := range list.list() {
		if len(*parts) == maxParts {
			return
		}
		p := part{
			node: n, path: index(path, i), typ: n.get("type").str(), name: n.get("name").str(),
			form: around.form, branch: around.branch, ifs: around.ifs,
		}
		*parts = append(*parts, p)
		switch p.typ {
		case "Form":
			p.form = len(*parts)
			walk(parts, n.get("children"), below(p.path, "children"), p)
		case "If":
			p.branch = true
			p.ifs++
			walk(parts, n.get("then"), below(p.path, "then"), p)
			walk(parts, n.get("else"), below(p.path, "else"), p)
		case "Switch":
			p.branch = true
			if cases := n.get("cases"); cases.is(isObject) {
				for j, name := range cases.keys {
					walk(parts, cases.items[j], below(below(p.path, "cases"), name), p)
				}
			}
		}
	}
}

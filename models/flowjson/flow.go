// Package flowjson reads a Flow JSON: screens, fields, labels, option titles, routing model, problems.
package flowjson

import "encoding/json"

// A Flow is one Flow JSON, read tolerantly: what is wrong with it is told by Parse as problems,
// and everything that could be understood is here (design: versions 2.1 to 7.3 and unknown newer ones).
type Flow struct {
	Version        string              // "7.3"; compared as major.minor numbers, never as a float
	DataAPIVersion string              // "3.0", "4.0", or empty for a flow without an endpoint
	RoutingModel   map[string][]string // screen id → screens it may lead to; nil when the JSON declares none
	Screens        []*Screen           // in the order of the document
}

// Parse reads a Flow JSON of at most 10 MiB. The flow is nil only when raw is not a JSON object with a
// list of screens; every fault is a Problem with its place. Problems of severity Error are those that
// Meta refuses to publish.
func Parse(raw []byte) (*Flow, []Problem) { panic("contract") }

// Screen returns the screen with that id, or nil.
func (f *Flow) Screen(id string) *Screen { panic("contract") }

// HasEndpoint tells whether the flow talks to an endpoint: it declares data_api_version or a routing
// model, or one of its actions is data_exchange.
func (f *Flow) HasEndpoint() bool { panic("contract") }

// Entries lists the screens without an inbound edge, in document order.
func (f *Flow) Entries() []*Screen { panic("contract") }

// Routes lists the screens to which the routing model (declared, or derived from navigate actions when
// none is declared) leads from the screen with that id.
func (f *Flow) Routes(from string) []string { panic("contract") }

// Leads tells whether the routing model has the edge from → to.
func (f *Flow) Leads(from, to string) bool { panic("contract") }

// Field finds an input by name: the one on the screen with that id, else (screen empty or without it)
// the first of any screen. Nil when there is none.
func (f *Flow) Field(screen, name string) *Field { panic("contract") }

// Answers lists the fields that can occur in a response, in the order of the Flow JSON: for every key of
// a complete payload the field behind it, and every input of every screen.
func (f *Flow) Answers() []Answer { panic("contract") }

// An Answer is one key that a response of the flow may hold.
type Answer struct {
	Key   string // key in response_json
	Label string // for people
	Field *Field // nil for a constant
}

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
	// error-messages) is bound to, for errors per field.
	ErrorKeys map[string]string
	Texts     []string // static texts shown on the screen, for pictures and search; at most 20
}

// Key returns the declared data key with that name, or nil.
func (s *Screen) Key(name string) *DataKey { panic("contract") }

// Field returns the input with that name, or nil.
func (s *Screen) Field(name string) *Field { panic("contract") }

// Sent lists the known fields of the screen's data_exchange payloads, merged over all of them and typed
// through ${form.x} and ${data.x} (design/decisions.md 19): what a rule on this screen can ask about.
func (s *Screen) Sent() []SentKey { panic("contract") }

// SendsDataExchange tells whether any action of the screen calls the endpoint.
func (s *Screen) SendsDataExchange() bool { panic("contract") }

// Completes tells whether any action of the screen is complete.
func (s *Screen) Completes() bool { panic("contract") }

// A SentKey is one key that a screen submits to the endpoint.
type SentKey struct {
	Name      string
	Label     string // of the field, else the name
	Kind      Kind
	Field     *Field            // nil when the key does not come from an input
	Constants []json.RawMessage // the constants it may have, e.g. "date_selected" for a trigger
}

// A DataKey is one key of a screen's data model (protocol.md §4.4).
type DataKey struct {
	Name    string
	Type    string // string, number, boolean, object, array; as written when unknown
	Items   *Schema
	Props   map[string]*Schema // of an object
	Example json.RawMessage    // __example__, nil when missing
	BoundTo []string           // components properties that read it, e.g. "Dropdown department data-source"
}

// Schema is the part of JSON Schema that a data model uses below its top level.
type Schema struct {
	Type  string
	Items *Schema
	Props map[string]*Schema
}

// Kind is what a value is, for choosing operators, controls and formats.
type Kind string

// The kinds of a field or key.
const (
	Text    Kind = "text"    // TextInput text, TextArea, unknown
	Number  Kind = "number"  // TextInput number; submits a string
	Email   Kind = "email"   //
	Phone   Kind = "phone"   //
	Secret  Kind = "secret"  // password and passcode: never stored (design/decisions.md 8)
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
	Label      string
	Component  string // "Dropdown"
	InputType  string // of a TextInput
	Kind       Kind
	Required   bool
	Sensitive  bool // named in the screen's sensitive list, or a secret
	Options    []Option
	OptionsKey string // the data key that its options come from, when dynamic
}

// Title is the title of the option with that id: static, else from the key's __example__; empty when unknown.
func (f *Field) Title(id string) string { panic("contract") }

// An Option is one entry of a choice.
type Option struct{ ID, Title, Description string }

// A Payload is what one action sends.
type Payload struct {
	Action    string // data_exchange, complete, navigate
	Component string // "Footer", "DatePicker date"
	Label     string // of the component, e.g. "Continue"
	Next      string // target of navigate
	Keys      []PayloadKey
}

// A PayloadKey is one key of a payload and where its value comes from; exactly one of Field, DataKey and
// Constant is set, or none when it is an expression.
type PayloadKey struct {
	Name     string
	Screen   string // of a global reference ${screen.ID.form.x}; else empty
	Field    string // ${form.x}
	DataKey  string // ${data.x}
	Constant json.RawMessage
}

// Severity of a problem.
type Severity string

// Severities: an Error stops publishing, a Warning asks.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
)

// A Problem is one fault of a Flow JSON.
type Problem struct {
	Severity Severity
	Code     string // Meta's code where it matches (protocol.md §5.3), e.g. INVALID_ROUTING_MODEL
	Path     string // JSON pointer, e.g. /screens/2/layout/children/1
	Screen   string // id, when inside one
	Message  string // one sentence that says what to do
}

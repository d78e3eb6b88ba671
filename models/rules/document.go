package rules

// A Document is a rule set as people edit, move and compare it, as JSON. Its form is published in schema.json
// beside this file.
type Document struct {
	Switchyard int                     `json:"switchyard"` // version of the form: 1
	Timezone   string                  `json:"timezone,omitempty"`
	Opening    *ScreenRules            `json:"opening"`
	Screens    map[string]*ScreenRules `json:"screens"`
}

// ScreenRules are the rules of one screen, or of the opening.
type ScreenRules struct {
	Rules     []Rule   `json:"rules"`
	Otherwise *Outcome `json:"otherwise"`
	Back      *Outcome `json:"back,omitempty"`
}

// A Rule decides when its condition is true.
type Rule struct {
	ID   string    `json:"id,omitempty"` // made when missing, kept for ever
	Name string    `json:"name,omitempty"`
	Off  bool      `json:"off,omitempty"`
	When Condition `json:"when"`
	Then Outcome   `json:"then"`
}

// A Condition is exactly one of: a leaf (Field, Op, Value), All, Any, Not, Formula.
type Condition struct {
	All     *[]Condition `json:"all,omitempty"`
	Any     *[]Condition `json:"any,omitempty"`
	Not     *Condition   `json:"not,omitempty"`
	Field   string       `json:"field,omitempty"`
	Op      Op           `json:"op,omitempty"`
	Value   any          `json:"value,omitempty"` // constant (json.Number, string, bool), []any, or map {"field": name}
	Formula string       `json:"formula,omitempty"`
}

// An Outcome is exactly one of Go, Stay, Finish, Expire.
type Outcome struct {
	Go     string         `json:"go,omitempty"`
	Data   map[string]any `json:"data,omitempty"` // of Go
	Stay   *Stay          `json:"stay,omitempty"`
	Finish *Finish        `json:"finish,omitempty"`
	Expire *Expire        `json:"expire,omitempty"`
}

// Stay shows the same screen again with an error.
type Stay struct {
	Error  string            `json:"error,omitempty"`
	Errors map[string]string `json:"errors,omitempty"` // by field
	Data   map[string]any    `json:"data,omitempty"`
}

// Finish ends the flow; flow_token is added to Params.
type Finish struct {
	Params map[string]any `json:"params,omitempty"`
}

// Expire ends the token: HTTP 427 with the message.
type Expire struct {
	Message string `json:"message,omitempty"`
}

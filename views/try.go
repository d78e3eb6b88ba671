package views

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"

	"switchyard/models"
	"switchyard/models/flowjson"
	"switchyard/models/rules"
)

// A TryPage is a run through the rules of a flow that nobody records.
type TryPage struct {
	Page
	Flow      models.Flow
	JSON      *flowjson.Flow // nil without a Flow JSON
	Doc       rules.Document // that is tried
	Tries     string         // "draft" or "published"
	Draft     bool           // there is one
	Published int            // version that runs; 0 for none
	Broken    int            // errors of what is tried: what they are about is left out
	Day       string         // that is today; "" for the real one
	Moves     string         // all that was done, as the form carries it
	Steps     []TryStep
	Screen    string // that the customer sees now; "" before the first and after the end
	Ended     bool
	Full      bool // no more moves are taken
	First     bool // the screen is the first on the phone: going back closes the form
	Fields    []TryField
	Buttons   []TryButton
	Errors    []FieldError
}

// A TryStep is one thing that the customer did, and what came of it.
type TryStep struct {
	Number   int
	Place    string // screen that the customer did it on, or "opening"
	Back     bool
	Phone    bool // the phone went to Place by itself; nothing was decided
	Data     map[string]any
	Decision rules.Decision
}

// A TryField is one value that a customer enters. Values are as typed; of a range both ends.
type TryField struct {
	Name, Label, Error string
	Kind               flowjson.Kind
	Options            []Option
	Values             []string
}

// A TryButton is what can be pressed on a screen. Without Do it asks nothing.
type TryButton struct {
	Do, Label, Hint, Next string
	Completes             bool
}

// TryURL is where the rules of a flow are tried.
func TryURL(slug string) string { return FlowURL(slug) + "/try" }

func (f TryField) value(n int) string {
	if n < len(f.Values) {
		return f.Values[n]
	}
	return ""
}

func (f TryField) has(id string) bool { return slices.Contains(f.Values, id) }

// inputType is the browser's for a line of that kind.
func (f TryField) inputType() string {
	if f.Kind == flowjson.Date {
		return "date"
	}
	return "text"
}

// words of a button: what the screen says on it.
func (b TryButton) words() string {
	if b.Label == "" {
		return b.Hint
	}
	return b.Label
}

// title is what the customer did.
func (s TryStep) title(f *flowjson.Flow) string {
	name := ScreenName(f, s.Place)
	switch {
	case s.Phone && s.Back:
		return "The phone goes back to " + name + " without asking"
	case s.Phone:
		return "The phone shows " + name
	case s.Place == openingPlace:
		return "The form opens"
	case s.Back:
		return "Back from " + name
	}
	return "Sent from " + name
}

// outcome is what the customer meets then.
func (s TryStep) outcome(f *flowjson.Flow) string {
	d := s.Decision
	switch d.Kind {
	case rules.Goes:
		return "Shows " + ScreenName(f, d.Screen)
	case rules.Stays:
		return "Stays on " + ScreenName(f, d.Screen)
	case rules.Finishes:
		return "Finishes the flow"
	case rules.Expires:
		return "Ends the token"
	}
	return "Fallback on " + ScreenName(f, d.Screen)
}

// decidedBy says which rule it was.
func (s TryStep) decidedBy() string {
	d := s.Decision
	if i := slices.IndexFunc(d.Tried, func(t rules.Tried) bool { return d.RuleID != "" && t.RuleID == d.RuleID }); i >= 0 {
		return "Decided by " + triedName("rule", d.Tried[i]) + "."
	}
	switch d.Rule {
	case "Otherwise":
		return "Decided by Otherwise: no rule holds."
	case "Back":
		return "Decided by what going back from this screen does."
	case "Trail":
		return "The screen that was shown before, since nothing else is said for going back."
	}
	return "No rule decided."
}

// triedName is the number and the name of a rule; word is "rule" or "Rule".
func triedName(word string, t rules.Tried) string {
	name := word + " " + strconv.Itoa(t.Index+1)
	if t.Name != "" {
		name += " “" + t.Name + "”"
	}
	return name
}

// triedWord is how a rule fared.
func triedWord(t rules.Tried) string {
	if t.Off {
		return "is switched off"
	}
	return truthWord(t.Truth)
}

func truthWord(t rules.Truth) string {
	switch t {
	case rules.True:
		return "holds"
	case rules.False:
		return "does not hold"
	}
	return "cannot be told, so it does not decide"
}

// truthState draws the mark of a truth.
func truthState(t rules.Truth) string {
	switch t {
	case rules.True:
		return "ok"
	case rules.False:
		return "off"
	}
	return "warn"
}

// told is the text that the customer reads; "" for none.
func (s TryStep) told() string {
	if s.Decision.Message != "" {
		return s.Decision.Message
	}
	text, _ := s.Decision.Data["error_message"].(string)
	return text
}

// answer is what the endpoint would send, without version and encryption.
func (s TryStep) answer() string {
	d := s.Decision
	var v any = map[string]any{"screen": d.Screen, "data": d.Data}
	switch d.Kind {
	case rules.Finishes:
		params := map[string]any{"flow_token": "…"}
		for k, p := range d.Params {
			params[k] = p
		}
		v = map[string]any{"screen": d.Screen, "data": map[string]any{"extension_message_response": map[string]any{"params": params}}}
	case rules.Expires:
		v = map[string]any{"status": 427, "error_msg": d.Message}
	}
	return indented(v)
}

// indented is JSON for people; texts stay as they are.
func indented(v any) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if e.Encode(v) != nil {
		return ""
	}
	return string(bytes.TrimSpace(b.Bytes()))
}

// pictured is the picture's page, with the way that the try took.
func (p TryPage) pictured() RulesPage {
	way := map[string]bool{}
	for _, s := range p.Steps {
		way["#screen-"+s.Place] = true
		if s.Phone {
			continue
		}
		switch d := s.Decision; {
		case d.RuleID != "":
			way["#rule-"+d.RuleID] = true
		case d.Rule == "Otherwise":
			way["#otherwise-"+s.Place] = true
		case d.Rule == "Back":
			way["#back-"+s.Place] = true
		}
		switch d := s.Decision; d.Kind {
		case rules.Finishes:
			way[finishCard] = true
		case rules.Expires:
			way[expireCard] = true
		default:
			way["#screen-"+d.Screen] = true
		}
	}
	return RulesPage{Page: p.Page, Flow: p.Flow, JSON: p.JSON, Doc: p.Doc, Way: way}
}

// openOptions are the ways in which a form opens.
func (p TryPage) openOptions() []Option {
	options := []Option{{"", "By asking the rules (data_exchange)"}}
	for _, s := range p.JSON.Screens {
		options = append(options, Option{s.ID, "On " + ScreenName(p.JSON, s.ID) + ", as the message says (navigate)"})
	}
	return options
}

// which are the rules that can be tried.
func (p TryPage) which() []Option {
	var options []Option
	if p.Draft || p.Published == 0 {
		options = append(options, Option{"draft", "The draft"})
	}
	if p.Published > 0 {
		options = append(options, Option{"published", "Version " + strconv.Itoa(p.Published) + ", which customers get"})
	}
	return options
}

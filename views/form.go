package views

// An Input describes one field of a form and its state. Name, Label and Value are usual; the rest may
// stay empty.
type Input struct {
	ID           string // Name when empty
	Name         string
	Label        string
	Value        string
	Type         string // text when empty
	Hint         string // what to enter, before the fact
	Error        string // what is wrong, after it; the same words as in ErrorSummary
	Placeholder  string // an example, never the label
	Autocomplete string
	InputMode    string
	Accept       string // of type file
	Min, Max     string
	MaxLength    int
	Rows         int // of TextArea; 4 when 0
	Required     bool
	Focus        bool // the page is there to enter it
	Code         bool // the value is for machines: fixed width, no spelling
}

// A FieldError is one thing to mend before a form can be taken.
type FieldError struct {
	ID      string // of the control; "" when it is about the whole form
	Message string // the same words as the Error of the Input
}

// ControlIDs names the hint and the error of a control, for its aria-describedby; "" for none.
func (in Input) ControlIDs() string {
	ids := ""
	if in.Hint != "" {
		ids = in.id() + "-hint"
	}
	if in.Error != "" {
		if ids != "" {
			ids += " "
		}
		ids += in.id() + "-error"
	}
	return ids
}

func (in Input) id() string {
	if in.ID != "" {
		return in.ID
	}
	return in.Name
}

func (in Input) kind() string {
	if in.Type == "" {
		return "text"
	}
	return in.Type
}

func (in Input) rows() int {
	if in.Rows == 0 {
		return 4
	}
	return in.Rows
}

// errorOf is the message for the control of that id, "" when nothing is wrong with it.
func errorOf(errs []FieldError, id string) string {
	for _, e := range errs {
		if e.ID == id {
			return e.Message
		}
	}
	return ""
}

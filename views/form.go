package views

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

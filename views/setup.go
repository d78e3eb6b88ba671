package views

// FirstAdminURL is the page behind the one-time link of the first start.
const FirstAdminURL = "/setup"

// messageOf is what is wrong with the control of that id, "" when nothing is.
func messageOf(errs []FieldError, id string) string {
	for _, e := range errs {
		if e.ID == id {
			return e.Message
		}
	}
	return ""
}

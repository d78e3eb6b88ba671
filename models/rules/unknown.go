package rules

// maxShown is how much of a value a trace shows, in characters.
const maxShown = 200

// shown is a value as a trace shows it.
func shown(v any) string {
	if measure(v, maxSpend) >= maxSpend {
		return "(too large to show)"
	}
	s := []rune(toText(v))
	if len(s) > maxShown {
		return string(s[:maxShown]) + "…"
	}
	return string(s)
}

// whyUnknown says why a value could not be compared.
func (l *leaf) whyUnknown(r *run, got any) string {
	if isEmpty(got) {
		return "there is no value"
	}
	if s, ok := got.(string); ok && len(s) > maxText {
		return "the text is too long to search"
	}
	if r.tired() {
		return "the values are too large to be compared in time"
	}
	switch l.op {
	case Before, After, WithinDays:
		if _, ok := toDate(got, r.zone, true); !ok {
			return "the value is not a date"
		}
	case Lt, Lte, Gt, Gte, Between:
		_, number := toNumber(got)
		_, date := toDate(got, r.zone, false)
		if !number && !date {
			return "the value is neither a number nor a date"
		}
		return "a number and a date cannot be compared"
	case Equals, NotEquals, OneOf, NotOneOf:
		if isNumber(l.want) {
			return "the value is not a number"
		}
	}
	return "the two values are of different types"
}

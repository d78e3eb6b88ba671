package rules

// Truth is one of three values.
type Truth int8

// The three values.
const (
	False Truth = iota
	Unknown
	True
)

// Word is "true", "false" or "unknown".
func (t Truth) Word() string {
	switch t {
	case True:
		return "true"
	case False:
		return "false"
	}
	return "unknown"
}

// not is unknown for unknown.
func (t Truth) not() Truth { return True - t }

func truthOf(b bool) Truth {
	if b {
		return True
	}
	return False
}

// Tried tells how one rule fared.
type Tried struct {
	RuleID, Name string
	Index        int // from 0
	Off          bool
	Truth        Truth
	Trace        Trace
}

// A Trace is the truth of a condition and of its parts, with what was compared.
type Trace struct {
	Text  string // as a sentence part: "age is less than 18"
	Truth Truth
	Got   string // the value that the field had, as text; "•••" for secrets
	Note  string // why it is unknown
	Parts []Trace
}

package filter

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// An Error says what is wrong with the text of a condition, in a sentence for people.
type Error struct {
	Part    string // the part that is meant, shortened; "" for the whole
	Message string
}

func (e *Error) Error() string {
	if e.Part == "" {
		return e.Message
	}
	return "“" + e.Part + "”: " + e.Message
}

// Parse reads a condition; "" is none. Every error is an *Error.
func Parse(text string) (Condition, error) {
	if text == "" {
		return Condition{}, nil
	}
	if len(text) > MaxLength {
		return Condition{}, &Error{"", fmt.Sprintf("A filter in an address has at most %d characters.", MaxLength)}
	}
	if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
		return Condition{}, &Error{"", "The filter holds bytes that are no text."}
	}
	r := reader{rest: text}
	c, err := r.condition(0)
	if err == nil && r.rest != "" {
		err = wrong(r.rest, "stands after the end of the filter.")
	}
	if err != nil {
		return Condition{}, err
	}
	return c, c.Check()
}

func wrong(part, message string) error {
	const most = 60
	if len(part) > most {
		cut := most
		for !utf8.RuneStart(part[cut]) {
			cut--
		}
		part = part[:cut] + "…"
	}
	return &Error{part, message}
}

// A reader cuts a condition from the front.
type reader struct {
	rest   string
	leaves int
}

func (r *reader) condition(depth int) (Condition, error) {
	for _, j := range []Join{All, Any, None} {
		if rest, ok := strings.CutPrefix(r.rest, string(j)+"("); ok {
			if depth >= MaxDepth {
				return Condition{}, wrong(r.rest, fmt.Sprintf("groups stand in groups at most %d deep.", MaxDepth))
			}
			r.rest = rest
			return r.group(j, depth)
		}
	}
	return r.leaf()
}

func (r *reader) group(j Join, depth int) (c Condition, err error) {
	c.Join = j
	for {
		part, err := r.condition(depth + 1)
		if err != nil {
			return c, err
		}
		c.Parts = append(c.Parts, part)
		switch {
		case strings.HasPrefix(r.rest, ","):
			r.rest = r.rest[1:]
		case strings.HasPrefix(r.rest, ")"):
			r.rest = r.rest[1:]
			return c, nil
		default:
			return c, wrong(string(j)+"(", "has no closing bracket.")
		}
	}
}

func (r *reader) leaf() (c Condition, err error) {
	begin := r.rest
	if r.leaves++; r.leaves > MaxLeaves {
		return c, wrong(begin, fmt.Sprintf("a filter has at most %d conditions.", MaxLeaves))
	}
	c.Key = r.word()
	for strings.HasPrefix(r.rest, "~") {
		r.rest = r.rest[1:]
		if c.Op == "" {
			if c.Op = Op(r.word()); c.Op == "" {
				return c, wrong(begin, "has no operator.")
			}
			continue
		}
		c.Values = append(c.Values, r.word())
	}
	if c.Op == "" {
		return c, wrong(begin, "is no condition: write answer~operator~value.")
	}
	return c, nil
}

// word cuts up to the next mark that is none of its own.
func (r *reader) word() string {
	var b strings.Builder
	for i := 0; i < len(r.rest); i++ {
		c := r.rest[i]
		if c == '!' && i+1 < len(r.rest) && strings.IndexByte(marks, r.rest[i+1]) >= 0 {
			i++
			b.WriteByte(r.rest[i])
			continue
		}
		if strings.IndexByte("~,()", c) >= 0 {
			r.rest = r.rest[i:]
			return b.String()
		}
		b.WriteByte(c)
	}
	r.rest = ""
	return b.String()
}

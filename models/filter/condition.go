// Package filter is conditions on the answers of a response: how they are written in an address, and what they mean.
//
// # What they mean
//
// An answer is a list of items, each a text that may also be a number: one item for a plain value, one for each entry of
// a list; only the first 500 bytes of a text count. It is empty when it is missing or when all its items are blank.
//
// A condition is true, false or unknown, which is neither: a comparison of numbers is unknown where there is no number,
// one of dates where there is no date. Groups follow Kleene, as those of rules do: "none of" is true only when each of its
// parts is false. A response is listed when its condition is true.
//
// A positive operator is true when one item fits; its negation is true when none does, also of an empty answer. Texts are
// compared exactly, but contains and starts_with take A for a. A date is a text that begins with YYYY-MM-DD, of which that
// day counts as it is written, or a number of milliseconds since 1970 with 12 or 13 digits, of which the day in UTC counts.
//
// # How they are written
//
// A leaf is KEY~OPERATOR~VALUE~VALUE…, a group is all(…), any(…) or none(…) of conditions with commas between them:
//
//	all(plan~one_of~gold~silver,amount~gt~100)
//
// A ! stands before a character of keys and values that would mean something else: ! ~ , ( ). In a query these
// characters stand as they are and everything else as usual. Conditions that were written once are read for ever.
package filter

// A Join says how the parts of a group come together. The zero value is no group.
type Join string

// The joins.
const (
	All  Join = "all"
	Any  Join = "any"
	None Join = "none"
)

// A Condition is a leaf, or a group when it has a Join. The zero value is no condition.
type Condition struct {
	Key    string // of the answer; parts of an object by dots
	Op     Op
	Values []string

	Join  Join
	Parts []Condition
}

// Limits of a condition, which anybody may put into an address.
const (
	MaxLength = 2000 // bytes of its text
	MaxDepth  = 4    // groups in groups
	MaxLeaves = 20
	maxKey    = 200 // bytes
	maxValue  = 500
	maxValues = 50
)

// IsZero tells whether there is no condition.
func (c Condition) IsZero() bool { return c.Join == "" && c.Key == "" && c.Op == "" }

// Leaves counts the leaves.
func (c Condition) Leaves() (n int) {
	if c.Join == "" && !c.IsZero() {
		return 1
	}
	for _, p := range c.Parts {
		n += p.Leaves()
	}
	return n
}

// Keys calls yield with the key of every leaf.
func (c Condition) Keys(yield func(string) bool) { c.keys(yield) }

func (c Condition) keys(yield func(string) bool) bool {
	if c.Join == "" && !c.IsZero() {
		return yield(c.Key)
	}
	for _, p := range c.Parts {
		if !p.keys(yield) {
			return false
		}
	}
	return true
}

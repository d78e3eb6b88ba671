package rules

import (
	"slices"
	"strings"

	"switchyard/models/flowjson"
)

// Op is an operator of a leaf.
type Op string

// Operator tells how an operator reads and what it takes.
type Operator struct {
	Op    Op
	Words string // "is at least", between field and value
	Arity Arity
	Kinds []flowjson.Kind // the kinds of field that it fits
}

// Arity is what an operator's value is.
type Arity string

// The arities.
const (
	None Arity = "none"
	One  Arity = "one"
	Two  Arity = "two"  // between: [low, high]
	Many Arity = "many" // a list
)

// The operators.
const (
	Equals      Op = "equals"
	NotEquals   Op = "not_equals"
	Contains    Op = "contains"
	NotContains Op = "not_contains"
	StartsWith  Op = "starts_with"
	EndsWith    Op = "ends_with"
	Matches     Op = "matches"
	IsEmpty     Op = "is_empty"
	IsNotEmpty  Op = "is_not_empty"
	Lt          Op = "lt"
	Lte         Op = "lte"
	Gt          Op = "gt"
	Gte         Op = "gte"
	Between     Op = "between"
	OneOf       Op = "one_of"
	NotOneOf    Op = "not_one_of"
	IsEmail     Op = "is_email"
	IsPhone     Op = "is_phone"
	Before      Op = "before"
	After       Op = "after"
	WithinDays  Op = "within_days"
	HasAny      Op = "has_any"
	HasAll      Op = "has_all"
	HasNone     Op = "has_none"
	CountLt     Op = "count_lt"
	CountGte    Op = "count_gte"
	IsTrue      Op = "is_true"
	IsFalse     Op = "is_false"
)

// Kinds of field, by what can be asked about them.
var (
	anyKind  = kinds("text number email phone secret choice choices yesno date range media object list")
	plainly  = kinds("text number email phone secret choice date")
	written  = kinds("text email phone secret choice")
	searched = kinds("text email phone secret choice choices list")
)

var operators = []Operator{
	{Equals, "is", One, kinds("text number email phone secret choice choices yesno date list")},
	{NotEquals, "is not", One, kinds("text number email phone secret choice choices yesno date list")},
	{Lt, "is less than", One, kinds("number text date")},
	{Lte, "is at most", One, kinds("number text date")},
	{Gt, "is greater than", One, kinds("number text date")},
	{Gte, "is at least", One, kinds("number text date")},
	{Between, "is between", Two, kinds("number text date")},
	{OneOf, "is one of", Many, plainly},
	{NotOneOf, "is none of", Many, plainly},
	{IsEmpty, "is empty", None, anyKind},
	{IsNotEmpty, "is not empty", None, anyKind},
	{Contains, "contains", One, searched},
	{NotContains, "does not contain", One, searched},
	{StartsWith, "starts with", One, written},
	{EndsWith, "ends with", One, written},
	{Matches, "matches the pattern", One, plainly},
	{Before, "is before", One, kinds("date text")},
	{After, "is after", One, kinds("date text")},
	{WithinDays, "is within days of today:", One, kinds("date text")},
	{HasAny, "has any of", Many, kinds("choices list choice")},
	{HasAll, "has all of", Many, kinds("choices list choice")},
	{HasNone, "has none of", Many, kinds("choices list choice")},
	{CountLt, "counts fewer than", One, kinds("choices media list")},
	{CountGte, "counts at least", One, kinds("choices media list")},
	{IsTrue, "is yes", None, kinds("yesno text")},
	{IsFalse, "is no", None, kinds("yesno text")},
	{IsEmail, "is an e-mail address", None, kinds("email text")},
	{IsPhone, "is a phone number", None, kinds("phone text number")},
}

// usual names the operators that people want first for a kind; the others follow in the order of the table.
var usual = map[flowjson.Kind][]Op{
	flowjson.Text:    {Equals, NotEquals, Contains, StartsWith, IsEmpty, IsNotEmpty},
	flowjson.Email:   {IsEmail, IsEmpty, IsNotEmpty, EndsWith},
	flowjson.Phone:   {IsPhone, IsEmpty, IsNotEmpty, StartsWith},
	flowjson.Secret:  {Matches, Equals, IsEmpty},
	flowjson.Choice:  {Equals, NotEquals, OneOf, NotOneOf},
	flowjson.Choices: {HasAny, HasAll, HasNone, CountGte, CountLt},
	flowjson.YesNo:   {IsTrue, IsFalse},
	flowjson.Date:    {Before, After, WithinDays, Between, Equals},
	flowjson.Media:   {CountGte, CountLt},
	flowjson.List:    {HasAny, HasAll, HasNone, CountGte, CountLt},
}

// Operators lists all operators in the order in which people are offered them.
func Operators() []Operator {
	out := slices.Clone(operators)
	for i := range out {
		out[i].Kinds = slices.Clone(out[i].Kinds)
	}
	return out
}

// OperatorsFor lists the operators that fit a kind, most usual first.
func OperatorsFor(k flowjson.Kind) []Operator {
	var out []Operator
	for _, op := range usual[k] {
		if o, ok := OperatorOf(op); ok {
			out = append(out, o)
		}
	}
	for _, o := range Operators() {
		if o.fits(k) && !slices.Contains(usual[k], o.Op) {
			out = append(out, o)
		}
	}
	return out
}

// OperatorOf finds an operator by its name in the document.
func OperatorOf(op Op) (Operator, bool) {
	for _, o := range operators {
		if o.Op == op {
			return o, true
		}
	}
	return Operator{}, false
}

func (o Operator) fits(k flowjson.Kind) bool { return slices.Contains(o.Kinds, k) }

func kinds(names string) []flowjson.Kind {
	var out []flowjson.Kind
	for name := range strings.FieldsSeq(names) {
		out = append(out, flowjson.Kind(name))
	}
	return out
}

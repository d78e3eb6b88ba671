package filter

import (
	"slices"

	"switchyard/models/flowjson"
)

// Op is an operator of a leaf.
type Op string

// The operators.
const (
	Is          Op = "is"
	IsNot       Op = "is_not"
	OneOf       Op = "one_of"
	NoneOf      Op = "none_of"
	HasAll      Op = "has_all"
	Contains    Op = "contains"
	NotContains Op = "not_contains"
	StartsWith  Op = "starts_with"
	Eq          Op = "eq"
	Ne          Op = "ne"
	Lt          Op = "lt"
	Lte         Op = "lte"
	Gt          Op = "gt"
	Gte         Op = "gte"
	Between     Op = "between" // numbers, both ends included
	On          Op = "on"
	Before      Op = "before"
	After       Op = "after"
	During      Op = "during" // days, both ends included
	Yes         Op = "yes"
	No          Op = "no"
	Empty       Op = "empty"
	NotEmpty    Op = "not_empty"
)

// A Compare is as what an operator compares.
type Compare string

// What operators compare.
const (
	AsText   Compare = "text"
	AsNumber Compare = "number"
	AsDate   Compare = "date"
	Existing Compare = "existing" // takes no value
)

// An Operator tells how an operator reads and what it takes.
type Operator struct {
	Op       Op
	Words    string // "is at least", between field and value
	Compare  Compare
	Min, Max int // how many values
}

var operators = []Operator{
	{Is, "is", AsText, 1, 1},
	{IsNot, "is not", AsText, 1, 1},
	{OneOf, "is one of", AsText, 1, maxValues},
	{NoneOf, "is none of", AsText, 1, maxValues},
	{HasAll, "has all of", AsText, 1, maxValues},
	{Contains, "contains", AsText, 1, 1},
	{NotContains, "does not contain", AsText, 1, 1},
	{StartsWith, "starts with", AsText, 1, 1},
	{Eq, "equals", AsNumber, 1, 1},
	{Ne, "does not equal", AsNumber, 1, 1},
	{Lt, "is less than", AsNumber, 1, 1},
	{Lte, "is at most", AsNumber, 1, 1},
	{Gt, "is greater than", AsNumber, 1, 1},
	{Gte, "is at least", AsNumber, 1, 1},
	{Between, "is between", AsNumber, 2, 2},
	{On, "is on", AsDate, 1, 1},
	{Before, "is before", AsDate, 1, 1},
	{After, "is after", AsDate, 1, 1},
	{During, "is from … to", AsDate, 2, 2},
	{Yes, "is yes", Existing, 0, 0},
	{No, "is no", Existing, 0, 0},
	{Empty, "is empty", Existing, 0, 0},
	{NotEmpty, "is not empty", Existing, 0, 0},
}

// fitting are the operators for each kind of field, the usual ones first.
var fitting = map[flowjson.Kind][]Op{
	flowjson.Number:  {Eq, Ne, Gt, Gte, Lt, Lte, Between, Empty, NotEmpty},
	flowjson.Choice:  {Is, IsNot, OneOf, NoneOf, Empty, NotEmpty},
	flowjson.Choices: {OneOf, HasAll, NoneOf, Empty, NotEmpty},
	flowjson.List:    {OneOf, HasAll, NoneOf, Empty, NotEmpty},
	flowjson.YesNo:   {Yes, No, Empty, NotEmpty},
	flowjson.Date:    {On, Before, After, During, Empty, NotEmpty},
	flowjson.Media:   {NotEmpty, Empty},
	flowjson.Object:  {NotEmpty, Empty},
	flowjson.Secret:  {NotEmpty, Empty},
	flowjson.Text: {Contains, NotContains, Is, IsNot, StartsWith, OneOf, NoneOf, Eq, Gt, Gte, Lt, Lte, Between, On, Before, After, During,
		Empty, NotEmpty},
}

// inLists are the words of operators for fields with several choices.
var inLists = map[Op]string{OneOf: "has any of", NoneOf: "has none of"}

// OperatorsFor lists the operators that fit a kind of field, the most usual first.
func OperatorsFor(k flowjson.Kind) []Operator {
	ops, known := fitting[k]
	if !known {
		ops = fitting[flowjson.Text]
	}
	var out []Operator
	for _, op := range ops {
		o, _ := OperatorOf(op)
		if words := inLists[op]; words != "" && (k == flowjson.Choices || k == flowjson.List) {
			o.Words = words
		}
		out = append(out, o)
	}
	return out
}

// OperatorOf finds an operator by its name.
func OperatorOf(op Op) (Operator, bool) {
	i := slices.IndexFunc(operators, func(o Operator) bool { return o.Op == op })
	if i < 0 {
		return Operator{}, false
	}
	return operators[i], true
}

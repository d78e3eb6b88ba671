package filter

import (
	"slices"
	"strings"
	"time"
)

// A Truth is true, false or unknown.
type Truth int8

// The truths: their order is Kleene's.
const (
	False Truth = iota
	Unknown
	True
)

// An Item is one plain value of an answer.
type Item struct {
	Text   string
	Number *float64 // nil: the text is no number
}

// Truth is the slow and plain reading of a condition, which every other one must agree with. Items are those of a key.
func (c Condition) Truth(items func(key string) []Item) Truth {
	if c.Join == "" {
		return c.leaf(items(c.Key))
	}
	all, any := True, False
	for _, p := range c.Parts {
		t := p.Truth(items)
		all, any = min(all, t), max(any, t)
	}
	switch c.Join {
	case All:
		return all
	case Any:
		return any
	}
	return True - any
}

func (c Condition) leaf(items []Item) Truth {
	some := func(fits func(Item) bool) bool { return slices.ContainsFunc(items, fits) }
	filled := some(func(i Item) bool { return !Blank(i.Text) })
	fits := some(c.fits)
	switch c.Op {
	case IsNot, NoneOf, NotContains:
		return truth(!fits)
	case Empty:
		return truth(!filled)
	case NotEmpty:
		return truth(filled)
	case No:
		return truth(fits || !filled)
	case HasAll:
		return truth(!slices.ContainsFunc(c.Values, func(v string) bool { return !some(func(i Item) bool { return i.Text == v }) }))
	case Ne:
		return True - Condition{Op: Eq, Values: c.Values}.leaf(items)
	}
	o, _ := OperatorOf(c.Op)
	switch {
	case fits || o.Compare == AsText || o.Compare == Existing:
		return truth(fits)
	case o.Compare == AsNumber && some(func(i Item) bool { return i.Number != nil }), c.Op == Eq && !filled, o.Compare == AsDate && some(Item.isDate):
		return False
	}
	return Unknown
}

func truth(b bool) Truth {
	if b {
		return True
	}
	return False
}

// fits tells whether one item is what a positive operator asks for; of a negation, what it excludes.
func (c Condition) fits(i Item) bool {
	switch c.Op {
	case Is, IsNot, OneOf, NoneOf:
		return slices.Contains(c.Values, i.Text)
	case Contains, NotContains:
		return strings.Contains(Lower(i.Text), Lower(c.Values[0]))
	case StartsWith:
		return strings.HasPrefix(Lower(i.Text), Lower(c.Values[0]))
	case Yes:
		return i.Text == "true"
	case No:
		return i.Text == "false"
	case Eq, Lt, Lte, Gt, Gte, Between:
		low, high, openLow, openHigh := c.Numbers()
		n := i.Number
		return n != nil && (low == nil || *n > *low || !openLow && *n == *low) && (high == nil || *n < *high || !openHigh && *n == *high)
	case On, Before, After, During:
		from, until := c.Days()
		d, ok := i.Day()
		return ok && d >= from && d < until
	}
	return false
}

// Numbers is the range of a comparison of numbers; nil is no end, open is an end that does not belong to it.
func (c Condition) Numbers() (low, high *float64, openLow, openHigh bool) {
	a, _ := number(c.Values[0])
	switch c.Op {
	case Lt, Lte:
		return nil, &a, false, c.Op == Lt
	case Gt, Gte:
		return &a, nil, c.Op == Gt, false
	case Between:
		b, _ := number(c.Values[1])
		return &a, &b, false, false
	}
	return &a, &a, false, false
}

// The first day of all, and one after the last.
const (
	firstDay = "0000-00-00"
	noDay    = ":" // sorts behind every digit
)

// Days is the range of a comparison of dates, half-open, as texts that sort like days.
func (c Condition) Days() (from, until string) {
	next := func(v string) string {
		d, _ := day(v)
		return d.AddDate(0, 0, 1).Format(time.DateOnly)
	}
	a := c.Values[0]
	switch c.Op {
	case Before:
		return firstDay, a
	case After:
		return next(a), noDay
	case During:
		return a, next(c.Values[1])
	}
	return a, next(a)
}

// Millis is Days for dates that are numbers: milliseconds since 1970, half-open.
func (c Condition) Millis() (from, until float64) {
	ends := [2]float64{FirstMilli, LastMilli}
	a, b := c.Days()
	for i, text := range []string{a, b} {
		if d, ok := day(text); ok {
			ends[i] = float64(d.UnixMilli())
		}
	}
	return max(ends[0], FirstMilli), min(ends[1], LastMilli)
}

// Lower folds the letters A to Z, as both engines do without knowing a language.
func Lower(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, s)
}

// Blanks are what a blank text is made of.
const Blanks = " \t\n\v\f\r"

// Blank tells whether a text says nothing.
func Blank(s string) bool { return strings.Trim(s, Blanks) == "" }

// Milliseconds of a date as a number: 12 or 13 digits.
const (
	FirstMilli = 1e11
	LastMilli  = 1e13 // exclusive
)

// Day is the day of an item that is a date, as it is written; the calendar may not have it.
func (i Item) Day() (string, bool) {
	if s := i.Text; len(s) >= 10 && digits(s[:4]+s[5:7]+s[8:10]) && s[4] == '-' && s[7] == '-' {
		return s[:10], true
	}
	if i.Number != nil && digits(i.Text) && *i.Number >= FirstMilli && *i.Number < LastMilli {
		return time.UnixMilli(int64(*i.Number)).UTC().Format(time.DateOnly), true
	}
	return "", false
}

func (i Item) isDate() bool {
	_, ok := i.Day()
	return ok
}

func digits(s string) bool { return strings.Trim(s, "0123456789") == "" }

package models

import (
	"strings"

	"switchyard/models/filter"
)

// answered narrows to responses r whose answers fulfil a condition: what filter.Condition.Truth says of them, as SQL.
func (w *where) answered(d dialect, c filter.Condition) {
	if !c.IsZero() {
		part, args := truthSQL(d, c, true)
		w.and(part, args...)
	}
}

// truthSQL holds a condition against the row of responses r; it is true where the condition is true, or where it is
// false, which is not the same as not true.
func truthSQL(d dialect, c filter.Condition, want bool) (string, []any) {
	if c.Join == "" {
		return leafSQL(d, c, want)
	}
	sign, wanted := ` AND `, want
	if c.Join == filter.None {
		wanted = !want
	}
	if (c.Join == filter.All) != want {
		sign = ` OR `
	}
	if c.Join == filter.None {
		sign = map[bool]string{true: ` AND `, false: ` OR `}[want]
	}
	var parts []string
	var args []any
	for _, p := range c.Parts {
		part, more := truthSQL(d, p, wanted)
		parts, args = append(parts, part), append(args, more...)
	}
	return `(` + strings.Join(parts, sign) + `)`, args
}

// leafSQL is truthSQL of a leaf.
func leafSQL(d dialect, c filter.Condition, want bool) (string, []any) {
	l := leaf{d: d, key: c.Key}
	o, _ := filter.OperatorOf(c.Op)
	filled := func(is bool) string { return l.some(is, sqlFilled, filter.Blanks) }
	switch c.Op {
	case filter.Empty:
		return filled(!want), l.args
	case filter.NotEmpty:
		return filled(want), l.args
	case filter.No:
		if want {
			return `(` + l.fits(true, c) + ` OR ` + filled(false) + `)`, l.args
		}
		return `(` + l.fits(false, c) + ` AND ` + filled(true) + `)`, l.args
	case filter.IsNot, filter.NoneOf, filter.NotContains:
		return l.fits(!want, c), l.args
	case filter.Ne:
		return leafSQL(d, filter.Condition{Key: c.Key, Op: filter.Eq, Values: c.Values}, !want)
	case filter.HasAll:
		return l.hasAll(c, want), l.args
	}
	switch {
	case want || o.Compare == filter.AsText || o.Compare == filter.Existing:
		return l.fits(want, c), l.args
	case c.Op == filter.Eq:
		return `(` + l.fits(false, c) + ` AND (` + l.some(true, `a.number IS NOT NULL`) + ` OR ` + filled(false) + `))`, l.args
	case o.Compare == filter.AsNumber:
		return `(` + l.fits(false, c) + ` AND ` + l.some(true, `a.number IS NOT NULL`) + `)`, l.args
	}
	millis := `a.number >= ? AND a.number < ? AND ` + d.onlyDigits
	return `(` + l.fits(false, c) + ` AND ` + l.some(true, `(`+d.beginsWithDay+` OR `+millis+`)`, filter.FirstMilli, filter.LastMilli) + `)`, l.args
}

// sqlFilled takes filter.Blanks.
const sqlFilled = `ltrim(a.text, ?) <> ''`

// A leaf is one in the making: questions to the answers a of a response r.
type leaf struct {
	d    dialect
	key  string
	args []any
}

// some asks whether an item is so, or whether none is. A scalar subquery stays what it is in both engines: a look into the
// primary key for each row, in the order of the list. EXISTS might become a join that begins with all answers.
func (l *leaf) some(is bool, so string, args ...any) string {
	l.args = append(append(l.args, l.key), args...)
	text := `(SELECT 1 FROM answers a WHERE a.response_id = r.id AND a.key = ?` + l.d.sameMonth + ` AND ` + so + ` LIMIT 1)`
	if is {
		return text + ` IS NOT NULL`
	}
	return text + ` IS NULL`
}

// fits asks whether an item is as the operator says, for negations: as it excludes.
func (l *leaf) fits(is bool, c filter.Condition) string {
	so, args := itemSQL(l.d, c)
	return l.some(is, so, args...)
}

func (l *leaf) hasAll(c filter.Condition, want bool) string {
	sign := map[bool]string{true: ` AND `, false: ` OR `}[want]
	return `(` + strings.Join(each(c.Values, func(v string) string { return l.some(want, `a.text = ?`, v) }), sign) + `)`
}

// itemSQL is filter.Condition.fits.
func itemSQL(d dialect, c filter.Condition) (so string, args []any) {
	switch c.Op {
	case filter.Contains, filter.NotContains:
		return `lower(a.text) LIKE ? ESCAPE '\'`, []any{like(filter.Lower(c.Values[0]))}
	case filter.StartsWith:
		return `lower(a.text) LIKE ? ESCAPE '\'`, []any{like(filter.Lower(c.Values[0]))[1:]}
	case filter.Yes:
		return `a.text = 'true'`, nil
	case filter.No:
		return `a.text = 'false'`, nil
	case filter.On, filter.Before, filter.After, filter.During:
		byText, byNumber := dateSQL(d, c)
		return `(` + byText.text + ` OR ` + byNumber.text + `)`, append(byText.args, byNumber.args...)
	case filter.Eq, filter.Lt, filter.Lte, filter.Gt, filter.Gte, filter.Between:
		return numberSQL(c)
	}
	return `a.text IN (` + placeholders(len(c.Values)) + `)`, each(c.Values, func(v string) any { return v })
}

// dateSQL is a range of days, of dates that are texts and of those that are numbers.
func dateSQL(d dialect, c filter.Condition) (byText, byNumber stmtArgs) {
	from, until := c.Days()
	first, last := c.Millis()
	return stmtArgs{`a.text >= ? AND a.text < ? AND ` + d.beginsWithDay, []any{from, until}},
		stmtArgs{`a.number >= ? AND a.number < ? AND ` + d.onlyDigits, []any{first, last}}
}

func numberSQL(c filter.Condition) (so string, args []any) {
	low, high, openLow, openHigh := c.Numbers()
	if low != nil && high != nil && *low == *high {
		return `a.number = ?`, []any{*low}
	}
	var w where
	if low != nil {
		w.and(`a.number >`+map[bool]string{false: `= ?`, true: ` ?`}[openLow], *low)
	}
	if high != nil {
		w.and(`a.number <`+map[bool]string{false: `= ?`, true: ` ?`}[openHigh], *high)
	}
	return strings.Join(w.parts, ` AND `), w.args
}

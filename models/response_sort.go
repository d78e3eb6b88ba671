package models

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"slices"

	"switchyard/models/filter"
)

// A Sort is the order of a page by an answer: by its first item, then by receipt, both up or both down; responses without
// it come last, the newest first. The zero value is the order of receipt.
type Sort struct {
	Key        string
	Number     bool // by its number; what is no number counts as missing
	Descending bool
}

// A sortPlace is where a response stands in a sorted list.
type sortPlace struct {
	listKey
	known  bool // has a value
	text   string
	number float64
}

func (o Sort) column() string {
	if o.Number {
		return `number`
	}
	return `text`
}

// filled asks that answers a have something to sort by.
func (o Sort) filled(w *where, table string) {
	if o.Number {
		w.and(table + `.n = 0 AND ` + table + `.number IS NOT NULL`)
		return
	}
	w.and(table+`.n = 0 AND ltrim(`+table+`.text, ?) <> ''`, filter.Blanks)
}

// value is the value of a place for a query.
func (o Sort) value(p sortPlace) any {
	if o.Number {
		return p.number
	}
	return p.text
}

// scanValue reads a place with a value that may be NULL.
func (o Sort) scanValue(p *sortPlace, s scanner) error {
	var text sql.NullString
	var number sql.NullFloat64
	var into any = &text
	if o.Number {
		into = &number
	}
	err := s.Scan(&p.id, &p.received, into)
	p.known, p.text, p.number = text.Valid || number.Valid, text.String, number.Float64
	return err
}

// compare is the order of the list.
func (o Sort) compare(a, b sortPlace) int {
	if a.known != b.known {
		return map[bool]int{true: -1, false: 1}[a.known]
	}
	byKey := cmp.Or(a.received.Compare(b.received.Time), cmp.Compare(a.id, b.id))
	if !a.known {
		return -byKey
	}
	c := cmp.Or(cmp.Compare(a.text, b.text), cmp.Compare(a.number, b.number), byKey)
	if o.Descending {
		return -c
	}
	return c
}

// valueSQL is the value of a response r, NULL without one.
func (s *responseSearch) valueSQL() stmtArgs {
	var w where
	w.and(`a.response_id = r.id AND a.key = ?`+s.d.sameMonth, s.f.Sort.Key)
	s.f.Sort.filled(&w, `a`)
	return stmtArgs{`(SELECT a.` + s.f.Sort.column() + ` FROM answers a ` + w.sql() + ` LIMIT 1)`, w.args}
}

func (s *responseSearch) sortedPage(ctx context.Context) (ResponsePage, error) {
	next, err := s.sorted(ctx)
	if err != nil {
		return ResponsePage{}, err
	}
	from, err := s.placeOf(ctx, max(s.f.Before, s.f.After))
	if err != nil {
		return ResponsePage{}, err
	}
	return pageOf(s.f, func(back bool, n int) ([]Response, error) {
		places, err := next(from, back, n)
		if err != nil {
			return nil, err
		}
		return s.rowsAt(ctx, each(places, func(p sortPlace) int64 { return p.id }))
	}, func(r Response, back bool) (bool, error) {
		p, err := s.placeOf(ctx, r.ID)
		if err != nil {
			return false, err
		}
		places, err := next(p, back, 1)
		return len(places) > 0, err
	})
}

// placeOf is where the response of an id stands; id 0, or one that is gone, is the begin.
func (s *responseSearch) placeOf(ctx context.Context, id int64) (p sortPlace, err error) {
	v := s.valueSQL()
	err = s.f.Sort.scanValue(&p, s.db.reader().QueryRowContext(ctx, `SELECT r.id, r.received_at, `+v.text+` FROM responses r WHERE r.id = ?`, append(v.args, id)...))
	if errors.Is(err, sql.ErrNoRows) {
		return sortPlace{}, nil
	}
	return p, err
}

// A walk gives the next n places beyond one (id 0: from the end); backwards it gives them from there.
type walk func(from sortPlace, back bool, n int) ([]sortPlace, error)

// sorted finds out how: all that an index names are sorted here, else the index of the answers is walked.
func (s *responseSearch) sorted(ctx context.Context) (walk, error) {
	if err := s.decide(ctx); err != nil {
		return nil, err
	}
	if s.by == byIndex {
		return s.sortedFew(ctx)
	}
	s.by, s.lead = byOrder, nil // the order is another one
	return func(from sortPlace, back bool, n int) ([]sortPlace, error) { return s.walkSorted(ctx, from, back, n) }, nil
}

func (s *responseSearch) sortedFew(ctx context.Context) (walk, error) {
	v := s.valueSQL()
	from, w := s.found()
	rows, err := s.db.reader().QueryContext(ctx, `SELECT r.id, r.received_at, `+v.text+` FROM `+from.text+` `+w.sql(), slices.Concat(v.args, from.args, w.args)...)
	all, err := collect(rows, err, s.f.Sort.scanValue)
	slices.SortFunc(all, s.f.Sort.compare)
	s.keys = each(all, func(p sortPlace) listKey { return p.listKey })
	return func(from sortPlace, back bool, n int) ([]sortPlace, error) {
		at, found := 0, false
		if from.id != 0 {
			at, found = slices.BinarySearchFunc(all, from, s.f.Sort.compare)
		}
		if back {
			some := slices.Clone(all[max(0, at-n):at])
			slices.Reverse(some)
			return some, nil
		}
		if found {
			at++
		}
		return all[at:min(len(all), at+n)], nil
	}, err
}

// walkSorted reads those with a value, then those without; backwards the other way round.
func (s *responseSearch) walkSorted(ctx context.Context, from sortPlace, back bool, n int) (all []sortPlace, err error) {
	for _, known := range [2]bool{!back, back} {
		start := from
		if from.id != 0 && from.known != known {
			if known != back {
				continue // from stands behind this part
			}
			start = sortPlace{}
		}
		q := s.withoutValue(start, back)
		if known {
			q = s.withValue(start, back)
		}
		rows, err := s.db.reader().QueryContext(ctx, q.text+` LIMIT ?`, append(q.args, n-len(all))...)
		some, err := collect(rows, err, s.f.Sort.scanValue)
		if all = append(all, some...); err != nil || len(all) == n {
			return all, err
		}
	}
	return all, nil
}

// withValue walks the index of the answers.
func (s *responseSearch) withValue(from sortPlace, back bool) stmtArgs {
	o := s.f.Sort
	v := `l.` + o.column()
	var w where
	w.and(`l.flow_id = ? AND l.key = ?`, s.f.FlowID, o.Key)
	o.filled(&w, `l`)
	direction, compare := ` ASC`, ` > `
	if o.Descending != back {
		direction, compare = ` DESC`, ` < `
	}
	if from.id != 0 {
		w.and(`(`+v+`, l.received_at, l.response_id)`+compare+`(?, ?, ?)`, o.value(from), from.received, from.id)
	}
	rest := s.whole()
	return stmtArgs{`SELECT r.id, r.received_at, ` + v + ` FROM answers l` + s.d.leading + ` ` + w.sql() + also(rest) +
		` ORDER BY ` + v + direction + `, l.received_at` + direction + `, l.response_id` + direction, append(w.args, rest.args...)}
}

// withoutValue walks the responses, the newest first.
func (s *responseSearch) withoutValue(from sortPlace, back bool) stmtArgs {
	v := s.valueSQL()
	w := s.whole()
	order := w.beyond(from.listKey, back)
	w.and(v.text+` IS NULL`, v.args...)
	return stmtArgs{`SELECT r.id, r.received_at, NULL FROM responses r ` + w.sql() + order, w.args}
}

// also is a condition behind another one.
func also(w where) string {
	if len(w.parts) == 0 {
		return ""
	}
	return ` AND` + w.sql()[len(`WHERE`):]
}

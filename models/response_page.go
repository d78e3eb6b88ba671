package models

import (
	"context"
	"errors"
	"slices"
	"time"
)

// patience is how long the rows of a page may be looked for. No filter that an index helps comes near it.
const patience = 5 * time.Second

// ErrTooSlow is a filter that asks for more reading than a page is worth.
var ErrTooSlow = errors.New("the filter takes too long")

// tooSlow is the error of a query that its own patience ended, not whoever asked.
func tooSlow(ctx context.Context, err error) error {
	if err != nil && errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return ErrTooSlow
	}
	return err
}

// page reads the page that a filter names: in the order of the list behind Before, or before After.
func (s *responseSearch) page(ctx context.Context) (ResponsePage, error) {
	key, err := s.db.listKey(ctx, "responses", max(s.f.Before, s.f.After))
	if err != nil {
		return ResponsePage{}, err
	}
	return pageOf(s.f, func(back bool, n int) ([]Response, error) {
		return s.next(ctx, key, back != s.f.Ascending, n)
	}, func(r Response, back bool) (bool, error) {
		rows, err := s.next(ctx, keyOf(r), back != s.f.Ascending, 1)
		return len(rows) > 0, err
	})
}

// pageOf makes a page of rows that next reads from the place in the filter, backwards for what stands before it, and of
// what any tells of the other side.
func pageOf(f ResponseFilter, next func(back bool, n int) ([]Response, error), any func(r Response, back bool) (bool, error)) (p ResponsePage, err error) {
	back, limit := f.After > 0, pageLimit(f.Limit)
	rows, err := next(back, limit+1)
	if err != nil || len(rows) == 0 {
		return p, err
	}
	more := len(rows) > limit
	p.Rows = rows[:min(len(rows), limit)]
	if back {
		slices.Reverse(p.Rows)
	}
	first, last := p.Rows[0], p.Rows[len(p.Rows)-1]
	newer, older := back && more, !back && more
	if !back && f.Before > 0 {
		newer, err = any(first, true)
	}
	if back {
		older, err = any(last, false)
	}
	if newer {
		p.Newer = first.ID
	}
	if older {
		p.Older = last.ID
	}
	return p, err
}

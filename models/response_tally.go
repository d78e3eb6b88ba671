package models

import (
	"context"
	"errors"
	"slices"
	"time"
)

const (
	// examined is how many rows are looked at to count what no index counts.
	examined = 10_000
	// countPatience is how long counting may take. A page is worth showing without it.
	countPatience = 500 * time.Millisecond
)

// A Tally is how many responses there are. With More there are more than N: nobody counted on.
type Tally struct {
	N    int
	More bool
}

// TallyResponses counts as far as that is cheap: at most 10,000, and fewer where answers must be looked at one by one.
func (db *DB) TallyResponses(ctx context.Context, f ResponseFilter) (Tally, error) {
	f.UpTo = 0
	search, err := db.responseSearch(ctx, f)
	if err != nil {
		return Tally{}, err
	}
	return search.tallyInTime(ctx)
}

func (s *responseSearch) tallyInTime(ctx context.Context) (Tally, error) {
	ctx, cancel := context.WithTimeout(ctx, countPatience)
	defer cancel()
	tally, err := s.tally(ctx)
	if errors.Is(tooSlow(ctx, err), ErrTooSlow) {
		return Tally{More: true}, nil
	}
	return tally, err
}

func (s *responseSearch) tally(ctx context.Context) (Tally, error) {
	if s.f.marked() {
		if err := s.decide(ctx); err != nil {
			return Tally{}, err
		}
	}
	switch {
	case s.by == byIndex && s.lead != nil:
		err := s.readAll(ctx)
		n := len(s.keys)
		return Tally{min(n, countCap-1), n >= countCap}, err
	case !s.f.marked() || s.by == byIndex:
		n, err := s.count(ctx, countCap)
		return Tally{min(n, countCap-1), n >= countCap}, err
	}
	return s.tallySome(ctx, s.examine)
}

// tallySome holds the filter against the first rows of the list, so many.
func (s *responseSearch) tallySome(ctx context.Context, rows int) (t Tally, err error) {
	from, order := stmtArgs{text: `FROM responses r `}, ``
	held := s.whole()
	if s.by == byLead {
		from, order = s.inLead(listKey{}, false, false)
	} else {
		w := s.besidesWords()
		order = s.beyond(&w, listKey{}, false)
		from = stmtArgs{from.text + w.sql(), w.args}
	}
	var looked int
	err = s.db.reader().QueryRowContext(ctx, `SELECT count(*), count(CASE WHEN fits THEN 1 END) FROM (SELECT (`+held.sql()[len(`WHERE `):]+`) AS fits `+
		from.text+order+` LIMIT ?) AS looked`, slices.Concat(held.args, from.args, []any{rows})...).Scan(&looked, &t.N)
	t.More = looked == rows
	return t, err
}

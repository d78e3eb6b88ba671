package models

import (
	"context"
	"errors"
	"time"
)

const (
	// exportCount is where counting for an export stops.
	exportCount = 100_000_001
	// exportPatience is how long it may take.
	exportPatience = time.Second
)

// TallyExport counts the responses of a filter further than a list does: whoever exports wants to know when it ends.
func (db *DB) TallyExport(ctx context.Context, f ResponseFilter) (Tally, error) {
	f.UpTo = 0
	search, err := db.responseSearch(ctx, f)
	if err != nil {
		return Tally{}, err
	}
	n, err := search.countAll(ctx)
	if errors.Is(err, ErrTooSlow) {
		return search.tallyInTime(ctx)
	}
	return Tally{N: n}, err
}

// countAll counts within exportPatience: ErrTooSlow.
func (s *responseSearch) countAll(ctx context.Context) (n int, err error) {
	ctx, cancel := context.WithTimeout(ctx, exportPatience)
	defer cancel()
	if len(s.must) > 0 {
		err = s.decide(ctx)
	}
	if err == nil {
		n, err = s.countAsDecided(ctx, exportCount)
	}
	return n, tooSlow(ctx, err)
}

// countAsDecided counts up to limit, also what is read in the order of a lead.
func (s *responseSearch) countAsDecided(ctx context.Context, limit int) (n int, err error) {
	switch {
	case s.by == byIndex && s.lead != nil:
		err = s.readAll(ctx)
		return len(s.keys), err
	case s.by == byLead:
		from, _ := s.inLead(listKey{}, false, true)
		err = s.db.reader().QueryRowContext(ctx, `SELECT count(*) FROM (SELECT 1 `+from.text+` LIMIT ?) AS counted`, append(from.args, limit)...).Scan(&n)
		return n, err
	}
	return s.count(ctx, limit)
}

package models

import (
	"context"
	"database/sql"
	"errors"
)

const (
	// glance is how many rows a search reads in the order of the list before it asks the index: a word that is found
	// often fills the page with them, and a short list ends.
	glance = 1000
	// maxCandidates is how many rows of the index are sorted. With more of them reading in the order of the list is not
	// far behind.
	maxCandidates = 20_000
)

// A responseSearch reads the responses of a filter. It finds out once how, because that asks the database.
type responseSearch struct {
	db    *DB
	f     ResponseFilter
	d     dialect
	words []string
	by    searchBy

	glance, candidates int // the constants; tests have less
}

// searchBy is how the words of a search are looked for.
type searchBy int

const (
	undecided searchBy = iota
	byOrder            // in each row, in the order of the list: words that are found often, and those too short for the index
	byIndex            // in the rows that the index of search texts names
)

func (db *DB) responseSearch(f ResponseFilter) (*responseSearch, error) {
	all, err := words(f.Text)
	if err != nil {
		return nil, err
	}
	s := &responseSearch{db: db, f: f, d: db.engine.dialect(), words: all, glance: glance, candidates: maxCandidates}
	if !s.d.indexes(all) {
		s.by = byOrder
	}
	return s, nil
}

// next reads the next n beyond a key (id 0: from the end), newer ones oldest first.
func (s *responseSearch) next(ctx context.Context, key listKey, newer bool, n int) ([]Response, error) {
	if s.by == byOrder {
		return s.read(ctx, s.inOrder(key, listKey{}, newer, n))
	}
	edge, err := s.edge(ctx, key, newer)
	if err != nil {
		return nil, err
	}
	rows, err := s.read(ctx, s.inOrder(key, edge, newer, n))
	if err != nil || len(rows) == n || edge.id == 0 {
		return rows, err
	}
	if err := s.decide(ctx); err != nil {
		return nil, err
	}
	beyond, err := s.read(ctx, s.batch(edge, newer, n-len(rows)))
	return append(rows, beyond...), err
}

// count counts up to limit. All that the words alone narrow is found sooner through them, however many there are.
func (s *responseSearch) count(ctx context.Context, limit int) (n int, err error) {
	if s.by == undecided && !s.f.narrow() {
		s.by = byIndex
	}
	if s.by == undecided {
		edge, err := s.edge(ctx, listKey{}, false)
		if err == nil && edge.id != 0 {
			err = s.decide(ctx)
		}
		if err != nil {
			return 0, err
		}
	}
	from, w := `responses r`, s.whole()
	if s.by == byIndex {
		from, w = s.found()
	}
	err = s.db.reader().QueryRowContext(ctx, `SELECT count(*) FROM (SELECT 1 FROM `+from+` `+w.sql()+` LIMIT ?) AS counted`, append(w.args, limit)...).Scan(&n)
	return n, err
}

// decide counts what the index names, as far as that matters.
func (s *responseSearch) decide(ctx context.Context) error {
	if s.by != undecided {
		return nil
	}
	from, w := s.probe()
	var n int
	err := s.db.reader().QueryRowContext(ctx, `SELECT count(*) FROM (SELECT 1 FROM `+from+` `+w.sql()+` LIMIT ?) AS probed`, append(w.args, s.candidates+1)...).Scan(&n)
	if s.by = byIndex; n > s.candidates {
		s.by = byOrder
	}
	return err
}

// edge is where a glance from key ends; its id is 0 when the list ends before.
func (s *responseSearch) edge(ctx context.Context, key listKey, newer bool) (edge listKey, err error) {
	w := s.besidesWords()
	order := w.beyond(key, newer)
	err = s.db.reader().QueryRowContext(ctx, `SELECT r.received_at, r.id FROM responses r `+w.sql()+order+` LIMIT 1 OFFSET ?`, append(w.args, s.glance-1)...).
		Scan(&edge.received, &edge.id)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return edge, err
}

func (s *responseSearch) read(ctx context.Context, q stmtArgs) ([]Response, error) {
	rows, err := s.db.reader().QueryContext(ctx, q.text, q.args...)
	return collect(rows, err, (*Response).scan)
}

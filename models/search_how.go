package models

import (
	"context"
	"database/sql"
	"errors"
	"slices"

	"switchyard/models/filter"
)

const (
	// glance is how many rows a search reads in the order of the list before it asks the index: a word that is found
	// often fills the page with them, and a short list ends.
	glance = 1000
	// maxCandidates is how many rows of the index are sorted. With more of them reading in the order of the list is not
	// far behind.
	maxCandidates = 20_000
	// fewCandidates is as many for PostgreSQL, whose look into another index costs several times as much.
	fewCandidates = 5_000
)

// A responseSearch reads the responses of a filter. It finds out once how, because that asks the database.
type responseSearch struct {
	db     *DB
	f      ResponseFilter
	d      dialect
	words  []string
	must   []filter.Condition // all of these must be true: the filter's condition taken apart
	by     searchBy
	lead   *lead     // of byIndex and byLead; nil: the words
	apart  []int64   // flows whose search texts may still hold what is hidden by now
	beside []*lead   // of byIndex: held against the lead's
	keys   []listKey // all that the leads name, once they were read: the newest first

	glance, candidates, examine int // the constants; tests have less
}

// searchBy is how the responses of a filter are looked for.
type searchBy int

const (
	undecided searchBy = iota
	byOrder            // in each row, in the order of the list: words that are found often, and those too short for the index
	byIndex            // in the rows that an index names: that of search texts, or the lead's
	byLead             // in the rows of the lead, whose index has the order of the list
)

func (db *DB) responseSearch(ctx context.Context, f ResponseFilter) (*responseSearch, error) {
	all, err := words(f.Text)
	if err != nil {
		return nil, err
	}
	if f.FlowID == 0 && f.Outcome != "" {
		return nil, &Invalid{Field: "flow", Message: "Choose a flow to filter by its outcomes."}
	}
	if f.FlowID == 0 && (!f.Where.IsZero() || f.Sort.Key != "") {
		return nil, &Invalid{Field: "flow", Message: "Choose a flow to filter or sort by its answers."}
	}
	s := &responseSearch{db: db, f: f, d: db.engine.dialect(), words: all, must: f.Where.Must(), glance: glance, candidates: maxCandidates, examine: examined}
	if s.d.postgres && f.marked() {
		s.candidates, s.examine = fewCandidates, examined/2
	}
	if len(all) > 0 && !f.NamesOnly {
		if s.apart, err = db.unsearched(ctx); err != nil {
			return nil, err
		}
	}
	if !s.d.indexes(all) && len(s.leads()) == 0 {
		s.by = byOrder
	}
	return s, nil
}

// next reads the next n beyond a key (id 0: from the end), newer ones oldest first.
func (s *responseSearch) next(ctx context.Context, key listKey, newer bool, n int) ([]Response, error) {
	switch {
	case s.by == byOrder:
		return s.read(ctx, s.inOrder(key, listKey{}, newer, n))
	case s.by == byIndex && s.lead != nil:
		return s.readKeys(ctx, key, newer, n)
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
	if s.by == byIndex && s.lead != nil {
		beyond, err := s.readKeys(ctx, edge, newer, n-len(rows))
		return append(rows, beyond...), err
	}
	beyond, err := s.read(ctx, s.batch(edge, newer, n-len(rows)))
	return append(rows, beyond...), err
}

// count counts up to limit. All that the words alone narrow is found sooner through them, however many there are.
func (s *responseSearch) count(ctx context.Context, limit int) (n int, err error) {
	if s.by == undecided && !s.f.narrow() && s.d.indexes(s.words) {
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
	from, w := stmtArgs{text: `responses r`}, s.whole()
	if s.by == byIndex {
		from, w = s.found()
	}
	err = s.db.reader().QueryRowContext(ctx, `SELECT count(*) FROM (SELECT 1 FROM `+from.text+` `+w.sql()+` LIMIT ?) AS counted`,
		slices.Concat(from.args, w.args, []any{limit})...).Scan(&n)
	return n, err
}

// edge is where a glance from key ends; its id is 0 when the list ends before.
func (s *responseSearch) edge(ctx context.Context, key listKey, newer bool) (edge listKey, err error) {
	w := s.besidesWords()
	order := s.beyond(&w, key, newer)
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

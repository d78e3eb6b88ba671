package models

import (
	"context"
	"slices"
	"time"
)

// ResponseFilter says which responses. The zero value is all but tests.
type ResponseFilter struct {
	FlowID    int64
	State     ResponseState // empty: any
	From, To  time.Time     // received; half-open; zero: open
	Text      string        // every word occurs (folded: case and accents) in contact, token or answers
	NamesOnly bool          // Text is looked for in the name of the contact only: for those who may see no number and no token
	Tests     bool          // also those of tests
	Before    int64         // page: those received before the one with that id; 0 = newest
	After     int64         // page back: those received after it
	Limit     int           // 0 = 50
	UpTo      int64         // EachResponse: ids not above; 0 = the highest at the start
	Ascending bool          // EachResponse: oldest first (default newest first)
}

// ResponsePage is one page, newest first: by time of receipt, then id. Older and Newer are ids to page from;
// 0 = no such page.
type ResponsePage struct {
	Rows         []Response
	Older, Newer int64
}

// countCap is where counting stops.
const countCap = 10_001

// where is the filter as SQL, without the page, for reading row by row.
func (f ResponseFilter) where(d dialect) (where, error) {
	w := f.besidesWords(d)
	all, err := words(f.Text)
	f.hold(&w, d, all)
	return w, err
}

// besidesWords is where without the words. A plus keeps a column from choosing the index, where another one gives the
// order of the list.
func (f ResponseFilter) besidesWords(d dialect) (w where) {
	if f.FlowID != 0 {
		w.and(`r.flow_id = ?`, f.FlowID)
	}
	switch {
	case f.State != "" && f.FlowID != 0:
		w.and(d.besides+`r.state = ?`, f.State)
	case f.State != "":
		w.and(`r.state = ?`, f.State)
	}
	w.between(`r.received_at`, f.From, f.To)
	if !f.Tests {
		w.and(`NOT r.test`)
	}
	return w
}

// hold holds the words against each row, without their index.
func (f ResponseFilter) hold(w *where, d dialect, words []string) {
	if !f.NamesOnly {
		d.search().inEach(w, `r.search`, words)
		return
	}
	var named where
	d.search().inEach(&named, `n.search`, words)
	if len(words) > 0 {
		w.and(`EXISTS (SELECT 1 FROM contacts n `+named.sql()+` AND n.id = r.contact_id LIMIT 1)`, named.args...)
	}
}

// narrow tells whether there is an index for a part of the filter that is not words.
func (f ResponseFilter) narrow() bool {
	return f.FlowID != 0 || f.State != "" || !f.From.IsZero() || !f.To.IsZero()
}

func keyOf(r Response) listKey { return listKey{r.ReceivedAt, r.ID} }

// Responses returns a page by key.
func (db *DB) Responses(ctx context.Context, f ResponseFilter) (ResponsePage, error) {
	f.UpTo = 0
	search, err := db.responseSearch(f)
	if err != nil {
		return ResponsePage{}, err
	}
	return search.page(ctx)
}

func (s *responseSearch) page(ctx context.Context) (ResponsePage, error) {
	cursor, back := s.f.Before, s.f.After > 0
	if back {
		cursor = s.f.After
	}
	key, err := s.db.listKey(ctx, "responses", cursor)
	if err != nil {
		return ResponsePage{}, err
	}
	limit := pageLimit(s.f.Limit)
	rows, err := s.next(ctx, key, back, limit+1)
	if err != nil {
		return ResponsePage{}, err
	}
	more := len(rows) > limit
	rows = rows[:min(len(rows), limit)]
	if back {
		slices.Reverse(rows)
	}
	page := ResponsePage{Rows: rows}
	if len(rows) == 0 {
		return page, nil
	}
	first, last := rows[0], rows[len(rows)-1]
	newer, older := back && more, !back && more
	if !back && cursor != 0 {
		newer, err = s.any(ctx, keyOf(first), true)
	}
	if back {
		older, err = s.any(ctx, keyOf(last), false)
	}
	if newer {
		page.Newer = first.ID
	}
	if older {
		page.Older = last.ID
	}
	return page, err
}

// any tells whether there is one beyond a key.
func (s *responseSearch) any(ctx context.Context, key listKey, newer bool) (bool, error) {
	rows, err := s.next(ctx, key, newer, 1)
	return len(rows) > 0, err
}

// beyond narrows to what lies beyond a key and gives the order away from it.
func (w *where) beyond(key listKey, newer bool) (order string) {
	compare, direction := `<`, ` DESC`
	if newer {
		compare, direction = `>`, ` ASC`
	}
	if key.id != 0 {
		w.and(`(r.received_at, r.id) `+compare+` (?, ?)`, key.received, key.id)
	}
	return ` ORDER BY r.received_at` + direction + `, r.id` + direction
}

// upTo narrows to what lies before a key, in that direction, and the key itself; id 0 is none.
func (w *where) upTo(key listKey, newer bool) {
	compare := `>=`
	if newer {
		compare = `<=`
	}
	if key.id != 0 {
		w.and(`(r.received_at, r.id) `+compare+` (?, ?)`, key.received, key.id)
	}
}

// CountResponses counts, at most 10,001.
func (db *DB) CountResponses(ctx context.Context, f ResponseFilter) (int, error) {
	f.UpTo = 0
	search, err := db.responseSearch(f)
	if err != nil {
		return 0, err
	}
	return search.count(ctx, countCap)
}

package models

import (
	"context"
	"database/sql"
	"errors"
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

// where is the filter as SQL, without the page. A plus keeps a column from choosing the index, where another one
// gives the order of the list.
func (f ResponseFilter) where(d dialect) (w where, err error) {
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
	all, err := words(f.Text)
	column := `r.search LIKE ? ESCAPE '\'`
	if f.NamesOnly {
		column = `EXISTS (SELECT 1 FROM contacts c WHERE c.id = r.contact_id AND c.search LIKE ? ESCAPE '\')`
	}
	for _, word := range all {
		w.and(column, like(word))
	}
	return w, err
}

// A responseKey is a place in the order of lists.
type responseKey struct {
	received Time
	id       int64
}

func keyOf(r Response) responseKey { return responseKey{r.ReceivedAt, r.ID} }

// Responses returns a page by key.
func (db *DB) Responses(ctx context.Context, f ResponseFilter) (ResponsePage, error) {
	cursor, back := f.Before, f.After > 0
	if back {
		cursor = f.After
	}
	key, err := db.responseKey(ctx, cursor)
	if err != nil {
		return ResponsePage{}, err
	}
	limit := pageLimit(f.Limit)
	rows, err := db.responsesFrom(ctx, f, key, back, limit+1)
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
		newer, err = db.anyResponse(ctx, f, keyOf(first), true)
	}
	if back {
		older, err = db.anyResponse(ctx, f, keyOf(last), false)
	}
	if newer {
		page.Newer = first.ID
	}
	if older {
		page.Older = last.ID
	}
	return page, err
}

// responseKey is where the response with that id stands; one that is gone stood beside the next older id.
func (db *DB) responseKey(ctx context.Context, id int64) (k responseKey, err error) {
	if id <= 0 {
		return k, nil
	}
	k.id = id
	err = db.reader().QueryRowContext(ctx, `SELECT received_at FROM responses WHERE id <= ? ORDER BY id DESC LIMIT 1`, id).Scan(&k.received)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return k, err
}

// responsesFrom reads the next n beyond a key (id 0: from the end), newer ones oldest first.
func (db *DB) responsesFrom(ctx context.Context, f ResponseFilter, key responseKey, newer bool, n int) ([]Response, error) {
	w, err := f.where(db.engine.dialect())
	if err != nil {
		return nil, err
	}
	order := w.beyond(key, newer)
	rows, err := db.reader().QueryContext(ctx, selectResponses+w.sql()+order+` LIMIT ?`, append(w.args, n)...)
	return collect(rows, err, (*Response).scan)
}

// anyResponse tells whether there is one beyond a key.
func (db *DB) anyResponse(ctx context.Context, f ResponseFilter, key responseKey, newer bool) (any bool, err error) {
	w, err := f.where(db.engine.dialect())
	if err != nil {
		return false, err
	}
	order := w.beyond(key, newer)
	err = db.reader().QueryRowContext(ctx, `SELECT count(*) > 0 FROM (SELECT 1 FROM responses r `+w.sql()+order+` LIMIT 1) AS found`, w.args...).Scan(&any)
	return any, err
}

// beyond narrows to what lies beyond a key and gives the order away from it.
func (w *where) beyond(key responseKey, newer bool) (order string) {
	compare, direction := `<`, ` DESC`
	if newer {
		compare, direction = `>`, ` ASC`
	}
	if key.id != 0 {
		w.and(`(r.received_at, r.id) `+compare+` (?, ?)`, key.received, key.id)
	}
	return ` ORDER BY r.received_at` + direction + `, r.id` + direction
}

// CountResponses counts, at most 10,001.
func (db *DB) CountResponses(ctx context.Context, f ResponseFilter) (n int, err error) {
	w, err := f.where(db.engine.dialect())
	if err != nil {
		return 0, err
	}
	err = db.reader().QueryRowContext(ctx, `SELECT count(*) FROM (SELECT 1 FROM responses r `+w.sql()+` LIMIT ?) AS counted`, append(w.args, countCap)...).Scan(&n)
	return n, err
}

// UnmatchedCount counts responses that need a person, and deliveries that need one as a whole; tests among them.
func (db *DB) UnmatchedCount(ctx context.Context) (responses, deliveries int, err error) {
	err = db.reader().QueryRowContext(ctx, `SELECT
		(SELECT count(*) FROM responses WHERE state IN ('unmatched', 'unreadable')),
		(SELECT count(*) FROM deliveries WHERE state IN ('unmatched', 'failed') AND (whole OR state = 'failed'))`).Scan(&responses, &deliveries)
	return responses, deliveries, err
}

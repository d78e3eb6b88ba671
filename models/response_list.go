package models

import (
	"context"
	"time"

	"switchyard/models/filter"
)

// ResponseFilter says which responses. The zero value is all but tests.
type ResponseFilter struct {
	FlowID    int64
	State     ResponseState    // empty: any
	From, To  time.Time        // received; half-open; zero: open
	Text      string           // every word occurs (folded: case and accents) in contact, token or answers
	NamesOnly bool             // Text is looked for in the name of the contact only: for those who may see no number and no token
	Tests     bool             // also those of tests
	Contacts  []int64          // of one of them, at most 10
	Where     filter.Condition // on the answers; asks for FlowID
	Follow    FollowUp         // status, assignee, tags, unread
	Outcome   string           // of the rules, or NoOutcome; asks for FlowID; empty: any
	IDs       []int64          // only these, at most MaxPicked
	Notes     bool             // EachResponse: with the notes
	Sort      Sort             // pages only
	Before    int64            // page: those received before the one with that id; 0 = newest
	After     int64            // page back: those received after it
	Limit     int              // 0 = 50
	UpTo      int64            // EachResponse: ids not above; 0 = the highest at the start
	Ascending bool             // oldest first (default newest first)
}

// ResponsePage is one page, newest first: by time of receipt, then id; or as the filter sorts. Older is the id behind which
// the next page begins and Newer the one before which the page before it ends; 0 = no such page.
type ResponsePage struct {
	Rows         []Response
	Older, Newer int64
}

// countCap is where counting stops.
const countCap = 10_001

// besidesWords is the filter as SQL without the words. A plus keeps a column from choosing the index, where another one
// gives the order of the list.
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
	if len(f.Contacts) > 0 {
		w.in(d.besides+`r.contact_id`, f.Contacts)
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
	return f.FlowID != 0 || f.State != "" || !f.From.IsZero() || !f.To.IsZero() || len(f.Contacts) > 0 || f.marked()
}

func keyOf(r Response) listKey { return listKey{r.ReceivedAt, r.ID} }

// Responses returns a page by key. ErrTooSlow: nothing helps to find it.
func (db *DB) Responses(ctx context.Context, f ResponseFilter) (ResponsePage, error) {
	_, page, err := db.findPage(ctx, f)
	return page, err
}

// FindResponses is Responses and TallyResponses, which share what they read.
func (db *DB) FindResponses(ctx context.Context, f ResponseFilter) (ResponsePage, Tally, error) {
	search, page, err := db.findPage(ctx, f)
	if err != nil {
		return page, Tally{}, err
	}
	tally, err := search.tallyInTime(ctx)
	return page, tally, err
}

func (db *DB) findPage(ctx context.Context, f ResponseFilter) (*responseSearch, ResponsePage, error) {
	f.UpTo = 0
	search, err := db.responseSearch(ctx, f)
	if err != nil {
		return nil, ResponsePage{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	read := search.page
	if f.Sort.Key != "" {
		read = search.sortedPage
	}
	page, err := read(ctx)
	if err == nil {
		err = db.fillTags(ctx, addresses(page.Rows)...)
	}
	return search, page, tooSlow(ctx, err)
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
	search, err := db.responseSearch(ctx, f)
	if err != nil {
		return 0, err
	}
	return search.count(ctx, countCap)
}

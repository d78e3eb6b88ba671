package models

import (
	"context"
	"slices"
	"time"
)

// A Signed is what is known of a delivery's signature. A body with a wrong one is never stored.
type Signed string

// What can be known of a signature.
const (
	SignedBody   Signed = "signed"   // right when it came
	UnsignedBody Signed = "unsigned" // its source signs nothing: it came with a secret, or from a test
)

// A DeliveryFilter says which deliveries. The zero value is all.
type DeliveryFilter struct {
	Source    string        `json:"source,omitempty"`
	State     DeliveryState `json:"state,omitempty"`
	Kind      string        `json:"kind,omitempty"` // one word of Kinds
	Signed    Signed        `json:"signed,omitempty"`
	From, To  Time          // received; half-open; zero: open
	Text      string        `json:"text,omitempty"`       // see deliverySearch
	InBodies  bool          `json:"in_bodies,omitempty"`  // Text is looked for in bodies even when it is an id or a number
	NamesOnly bool          `json:"names_only,omitempty"` // Text is an id only: for those who may see no number and no body
	NoTests   bool          `json:"no_tests,omitempty"`
	Before    int64         `json:"-"` // page: those before the one with that id; 0 = newest
	After     int64         `json:"-"` // page back: those after it
	Limit     int           `json:"-"` // 0 = 50
}

// A DeliveryPage is one page, newest first: by time of receipt, then id, without bodies. Older and Newer are ids to page
// from; 0 = no such page. Where a filter has no index, so many are looked through in one go as time allows; Until is
// then where that ended, and Older leads on.
type DeliveryPage struct {
	Rows         []Delivery
	Older, Newer int64
	Until        Time
	ByID         bool // Text was found as an id or a number
}

func placeOf(d Delivery) listKey { return listKey{d.ReceivedAt, d.ID} }

// Deliveries returns a page by key.
func (db *DB) Deliveries(ctx context.Context, f DeliveryFilter) (DeliveryPage, error) {
	s, err := db.deliverySearch(ctx, f)
	if err != nil {
		return DeliveryPage{}, err
	}
	s.until = time.Now().Add(lookFor) // of this process: not the clock by which rows are old
	limit := pageLimit(f.Limit)
	if f.After > 0 {
		page, err := s.back(ctx, f.After, limit)
		if err != nil || len(page.Rows) > 0 {
			return page, err
		}
	}
	from, err := db.listKey(ctx, "deliveries", f.Before)
	if err != nil {
		return DeliveryPage{}, err
	}
	rows, end, err := s.look(ctx, from, false, limit+1)
	page := DeliveryPage{Rows: rows, ByID: s.byID()}
	if len(rows) > limit {
		page.Rows = rows[:limit]
		page.Older = rows[limit-1].ID
	} else if end.id != 0 {
		page.Older, page.Until = end.id, end.received
	}
	if f.Before > 0 {
		page.Newer = f.Before
		if len(rows) > 0 {
			page.Newer = rows[0].ID
		}
	}
	return page, err
}

// back is the page before one; none when that would be the first, which is shown from its beginning.
func (s *deliverySearch) back(ctx context.Context, after int64, limit int) (DeliveryPage, error) {
	from, err := s.db.listKey(ctx, "deliveries", after)
	if err != nil {
		return DeliveryPage{}, err
	}
	rows, end, err := s.look(ctx, from, true, limit+1)
	if err != nil || len(rows) <= limit && end.id == 0 {
		return DeliveryPage{}, err
	}
	page := DeliveryPage{ByID: s.byID()}
	if len(rows) > limit {
		rows = rows[:limit]
		page.Newer = rows[limit-1].ID
	} else {
		page.Newer, page.Until = end.id, end.received
	}
	slices.Reverse(rows)
	page.Rows, page.Older = rows, after
	if len(rows) > 0 {
		page.Older = rows[len(rows)-1].ID
	}
	return page, nil
}

// CountDeliveries counts what the filter matches, and tells whether that is all: it stops when it takes too long.
func (db *DB) CountDeliveries(ctx context.Context, f DeliveryFilter) (n int64, all bool, err error) {
	s, err := db.deliverySearch(ctx, f)
	if err != nil {
		return 0, false, err
	}
	s.until = time.Now().Add(countFor)
	return s.count(ctx)
}

// CountDeliveriesAfter counts those that came after one, at most 1,000.
func (db *DB) CountDeliveriesAfter(ctx context.Context, f DeliveryFilter, id int64) (int, error) {
	s, err := db.deliverySearch(ctx, f)
	if err != nil {
		return 0, err
	}
	s.until = time.Now().Add(lookFor)
	from, err := db.listKey(ctx, "deliveries", id)
	if err != nil {
		return 0, err
	}
	rows, _, err := s.look(ctx, from, true, 1000)
	return len(rows), err
}

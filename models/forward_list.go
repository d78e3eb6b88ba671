package models

import (
	"context"
	"slices"
	"strings"
)

// A ForwardFilter says which forwards. The zero value is all.
type ForwardFilter struct {
	Target   int64        // 0: of every target that there is
	State    ForwardState // "": every one
	From, To Time         // the delivery was received; half-open; zero: open
	Before   int64        // page: those before the one with that id; 0 = newest
	After    int64        // page back: those after it
	Limit    int          // 0 = 50
}

// A ForwardPage is one page, newest delivery first. Older and Newer are ids to page from; 0 = no such page.
type ForwardPage struct {
	Rows         []Forward
	Older, Newer int64
}

func (f ForwardFilter) where() (w where) {
	if f.Target > 0 {
		w.and(`target_id = ?`, f.Target)
	} else {
		w.and(`target_id IN (SELECT id FROM targets WHERE deleted_at = 0)`)
	}
	switch f.State { // as the indexes say it
	case "":
	case ForwardWaiting:
		w.and(`state = 'waiting'`)
	case ForwardDead:
		w.and(`state = 'dead'`)
	default:
		w.and(`state = ?`, f.State)
	}
	w.between(`received_at`, f.From.Time, f.To.Time)
	return w
}

// Forwards returns a page by key.
func (db *DB) Forwards(ctx context.Context, f ForwardFilter) (ForwardPage, error) {
	limit := pageLimit(f.Limit)
	if f.After > 0 {
		page, err := db.forwardsBack(ctx, f, limit)
		if err != nil || len(page.Rows) > 0 {
			return page, err
		}
	}
	rows, err := db.forwardsFrom(ctx, f, f.Before, false, limit+1)
	page := ForwardPage{Rows: rows}
	if len(rows) > limit {
		page.Rows, page.Older = rows[:limit], rows[limit-1].ID
	}
	if f.Before > 0 {
		page.Newer = f.Before
		if len(rows) > 0 {
			page.Newer = rows[0].ID
		}
	}
	return page, err
}

// forwardsBack is the page before one; none when that would be the first, which is shown from its beginning.
func (db *DB) forwardsBack(ctx context.Context, f ForwardFilter, limit int) (ForwardPage, error) {
	rows, err := db.forwardsFrom(ctx, f, f.After, true, limit+1)
	if err != nil || len(rows) <= limit {
		return ForwardPage{}, err
	}
	rows = rows[:limit]
	page := ForwardPage{Rows: rows, Newer: rows[limit-1].ID, Older: rows[0].ID}
	slices.Reverse(page.Rows)
	return page, nil
}

func (db *DB) forwardsFrom(ctx context.Context, f ForwardFilter, id int64, up bool, limit int) ([]Forward, error) {
	from, err := db.listKey(ctx, "forwards", id)
	if err != nil {
		return nil, err
	}
	w, order := f.where(), `DESC`
	if up {
		order = `ASC`
	}
	if from.id > 0 && up {
		w.and(`(received_at, id) > (?, ?)`, from.received, from.id)
	} else if from.id > 0 {
		w.and(`(received_at, id) < (?, ?)`, from.received, from.id)
	}
	rows, err := db.reader().QueryContext(ctx, `SELECT `+forwardColumns+` FROM forwards `+w.sql()+
		strings.ReplaceAll(` ORDER BY received_at $, id $ LIMIT ?`, `$`, order), append(w.args, limit)...)
	return collect(rows, err, (*Forward).scan)
}

// CountForwards counts what the filter matches: those that wait or are dead, quickly.
func (db *DB) CountForwards(ctx context.Context, f ForwardFilter) (n int64, err error) {
	w := f.where()
	err = db.reader().QueryRowContext(ctx, `SELECT count(*) FROM forwards `+w.sql(), w.args...).Scan(&n)
	return n, err
}

package models

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

const (
	// lookFor and countFor bound how long is looked where a filter has no index.
	lookFor  = 1500 * time.Millisecond
	countFor = 4 * time.Second
	// fewestLooked and mostLooked bound how many are looked at in one query; with bodies it is fewer.
	fewestLooked = 500
	mostLooked   = 20_000
)

// A deliverySearch looks for deliveries. There is an index for the time of receipt, for those that wait or need a person,
// and for ids; everything else is held against rows, some thousands in each query, so that none is long.
type deliverySearch struct {
	db     *DB
	f      DeliveryFilter
	ids    []int64 // not nil: only these
	within where   // what an index finds
	rest   where   // what is held against each row
	looked int     // rows in the next query
	sorted bool    // the order does not come from an index
	until  time.Time
}

const listedDeliveries = `SELECT d.id, d.source, d.received_at, d.state, d.attempts, d.next_at, d.reason, d.kinds, d.seen, d.test, d.signature, d.replayed FROM deliveries d `

func (d *Delivery) scanListed(rows scanner) error {
	return rows.Scan(&d.ID, &d.Source, &d.ReceivedAt, &d.State, &d.Attempts, &d.NextAt, &d.Reason, &d.Kinds, &d.Seen, &d.Test, &d.Signature, &d.Replayed)
}

func (db *DB) deliverySearch(ctx context.Context, f DeliveryFilter) (*deliverySearch, error) {
	s := &deliverySearch{db: db, f: f, looked: fewestLooked}
	s.within.between(`d.received_at`, f.From.Time, f.To.Time)
	switch f.State {
	case Pending:
		s.within.and(`d.state = 'pending'`)
		s.sorted = true
	case Unmatched, Failed:
		s.within.and(`d.state IN ('unmatched', 'failed') AND d.state = ?`, f.State)
		s.sorted = true
	case "":
	default:
		s.rest.and(`d.state = ?`, f.State)
	}
	if f.Source != "" {
		s.rest.and(`d.source = ?`, f.Source)
	}
	if f.Kind != "" {
		s.rest.and(db.engine.dialect().holds(`' ' || d.kinds || ' '`), ` `+f.Kind+` `)
	}
	switch f.Signed {
	case SignedBody:
		s.rest.and(`d.signature <> ''`)
	case UnsignedBody:
		s.rest.and(`d.signature = ''`)
	}
	if f.NoTests {
		s.rest.and(`NOT d.test`)
	}
	return s, s.text(ctx)
}

// holds is a condition: that a text holds another, letter by letter.
func (d dialect) holds(expression string) string {
	if d.postgres {
		return `strpos(` + expression + `, ?) > 0`
	}
	return `instr(` + expression + `, ?) > 0`
}

// byID tells whether ids are all that is looked at.
func (s *deliverySearch) byID() bool { return s.ids != nil }

// look reads at most limit that match beyond a place; end is where looking ended for want of time, zero when it did not.
func (s *deliverySearch) look(ctx context.Context, from listKey, newer bool, limit int) (found []Delivery, end listKey, err error) {
	for {
		w, order := s.beyond(from, newer)
		last, more, err := s.stretch(ctx, w, order, newer, &w)
		if err != nil {
			return nil, end, err
		}
		rows, err := s.db.reader().QueryContext(ctx, listedDeliveries+w.sql()+order+` LIMIT ?`, append(w.args, limit-len(found))...)
		some, err := collect(rows, err, (*Delivery).scanListed)
		if err != nil {
			return nil, end, err
		}
		if found = append(found, some...); len(found) == limit || !more {
			return found, listKey{}, nil
		}
		if time.Now().After(s.until) {
			return found, last, nil
		}
		from = last
	}
}

// beyond is what an index finds beyond a place, and the order away from it.
func (s *deliverySearch) beyond(from listKey, newer bool) (w where, order string) {
	w.and(`TRUE`)
	w.parts, w.args = append(w.parts, s.within.parts...), append(w.args, s.within.args...)
	if s.ids != nil {
		w.and(`d.id IN (`+placeholders(len(s.ids))+`)`, asAny(s.ids)...)
	}
	compare, direction := `<`, ` DESC`
	if newer {
		compare, direction = `>`, ` ASC`
	}
	column := `d.received_at`
	if s.sorted && !s.db.engine.dialect().postgres || s.ids != nil {
		column = `+d.received_at`
	}
	if from.id != 0 {
		w.and(`(`+column+`, d.id) `+compare+` (?, ?)`, from.received, from.id)
	}
	return w, ` ORDER BY ` + column + direction + `, d.id` + direction
}

// stretch adds what is held against each row to a condition and, where that may take long, bounds how many rows are looked
// at: last is then the place of the last one, and more tells that there may be others beyond it.
func (s *deliverySearch) stretch(ctx context.Context, w where, order string, newer bool, into *where) (last listKey, more bool, err error) {
	into.parts, into.args = append(into.parts, s.rest.parts...), append(into.args, s.rest.args...)
	if len(s.rest.parts) == 0 || s.ids != nil {
		return last, false, nil
	}
	begin := s.looked
	err = s.db.reader().QueryRowContext(ctx, `SELECT d.received_at, d.id FROM deliveries d `+w.sql()+order+` LIMIT 1 OFFSET ?`,
		append(w.args, begin)...).Scan(&last.received, &last.id)
	if errors.Is(err, sql.ErrNoRows) {
		return last, false, nil
	}
	if err != nil {
		return last, false, err
	}
	most := mostLooked
	if s.inBodies() {
		most = 4 * fewestLooked
	}
	s.looked = min(2*s.looked, most)
	compare := `>=`
	if newer {
		compare = `<=`
	}
	into.and(`(d.received_at, d.id) `+compare+` (?, ?)`, last.received, last.id)
	return last, true, nil
}

// count counts stretch by stretch, newest first.
func (s *deliverySearch) count(ctx context.Context) (n int64, all bool, err error) {
	for from := (listKey{}); ; {
		w, order := s.beyond(from, false)
		last, more, err := s.stretch(ctx, w, order, false, &w)
		if err != nil {
			return n, false, err
		}
		var some int64
		if err := s.db.reader().QueryRowContext(ctx, `SELECT count(*) FROM deliveries d `+w.sql(), w.args...).Scan(&some); err != nil {
			return n, false, err
		}
		if n += some; !more {
			return n, true, nil
		}
		if time.Now().After(s.until) {
			return n, false, nil
		}
		from = last
	}
}

func asAny(ids []int64) []any {
	all := make([]any, len(ids))
	for i, id := range ids {
		all[i] = id
	}
	return all
}

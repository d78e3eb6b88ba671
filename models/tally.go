package models

import (
	"context"
	"slices"
	"time"

	"gorm.io/gorm"

	"switchyard/models/alert"
)

// A Span is over how long a tally counts.
type Span time.Duration

// The spans; each request is counted in all three.
const (
	Minute = Span(time.Minute)
	Hour   = Span(time.Hour)
	Day    = Span(24 * time.Hour) // of UTC
)

var spans = []Span{Minute, Hour, Day}

func (s Span) seconds() int64 { return int64(time.Duration(s) / time.Second) }

// begin is the beginning of the span that holds t.
func (s Span) begin(t time.Time) time.Time { return t.UTC().Truncate(time.Duration(s)) }

// A FlowTally is what a flow's endpoint did at about a time.
type FlowTally struct {
	Slug string
	At   time.Time
	alert.Tally
}

// A tallyRow is a tally as it is written.
type tallyRow struct {
	FlowID    int64
	Span      int64 // seconds
	At        Time
	Answered  int64
	Fallbacks int64
	Late      int64
	Notices   int64
	Busy      int64
	Unready   int64
	Unopened  int64
	Refused   int64
	Pings     int64
	Latency   []byte
}

func (tallyRow) TableName() string { return "tallies" }

const tallyColumns = `t.at, t.answered, t.fallbacks, t.late, t.notices, t.busy, t.unready, t.unopened, t.refused, t.pings, t.latency`

// lockTallies is taken by whoever adds to tallies: a histogram is read, added to and written.
const lockTallies = "tallies"

// sqlPutTally replaces a tally by its sum with what came.
const sqlPutTally = `INSERT INTO tallies (flow_id, span, at, answered, fallbacks, late, notices, busy, unready, unopened, refused, pings, latency)
	VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (flow_id, span, at) DO UPDATE SET
	answered = excluded.answered, fallbacks = excluded.fallbacks, late = excluded.late, notices = excluded.notices, busy = excluded.busy,
	unready = excluded.unready, unopened = excluded.unopened, refused = excluded.refused, pings = excluded.pings, latency = excluded.latency`

// AddTallies adds what the endpoints did to the minute, the hour and the day of its time, in one transaction. Those of several servers add up.
// A flow that is not there any more is left out.
func (db *DB) AddTallies(ctx context.Context, all []FlowTally) error {
	if len(all) == 0 {
		return nil
	}
	return db.alongside(ctx, func(tx *gorm.DB) error {
		if err := db.engine.lock(tx, lockTallies); err != nil {
			return err
		}
		ids := map[string]int64{}
		for _, f := range all {
			id, known := ids[f.Slug]
			if !known {
				var err error
				if id, err = flowID(tx, f.Slug); err != nil && err != ErrNotFound {
					return err
				}
				ids[f.Slug] = id
			}
			for _, span := range spans {
				if id == 0 {
					break
				}
				if err := addTally(ctx, tx, id, span, f.At, f.Tally); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

func addTally(ctx context.Context, tx *gorm.DB, flowID int64, span Span, when time.Time, t alert.Tally) error {
	begin := at(span.begin(when))
	rows, err := inTx(tx).QueryContext(ctx, `SELECT `+tallyColumns+` FROM tallies t WHERE t.flow_id = ? AND t.span = ? AND t.at = ?`, flowID, span.seconds(), begin)
	was, err := collect(rows, err, scanTally)
	if err != nil {
		return err
	}
	for i := range was {
		t.Add(&was[i].Tally)
	}
	return tx.Exec(sqlPutTally, flowID, span.seconds(), begin, t.Answered, t.Fallbacks, t.Late, t.Notices, t.Busy, t.Unready, t.Unopened, t.Refused,
		t.Pings, t.Latency.Bytes()).Error
}

// scanTally reads tallyColumns. A histogram that cannot be read is an error: figures must not be wrong in silence.
func scanTally(m *alert.Minute, s scanner) error { return scanTallyOf(m, s) }

func scanTallyOf(m *alert.Minute, s scanner, before ...any) error {
	var when Time
	var latency []byte
	err := s.Scan(append(before, &when, &m.Answered, &m.Fallbacks, &m.Late, &m.Notices, &m.Busy, &m.Unready, &m.Unopened, &m.Refused, &m.Pings, &latency)...)
	if err != nil {
		return err
	}
	m.At = when.Time
	m.Latency, err = alert.ParseHistogram(latency)
	return err
}

// Tallies are a flow's from one time to another (half-open), oldest first. Times in which nothing came are left out.
func (db *DB) Tallies(ctx context.Context, flowID int64, span Span, from, to time.Time) ([]alert.Minute, error) {
	rows, err := db.reader().QueryContext(ctx, `SELECT `+tallyColumns+` FROM tallies t WHERE t.flow_id = ? AND t.span = ? AND t.at >= ? AND t.at < ? ORDER BY t.at`,
		flowID, span.seconds(), at(from), at(to))
	return collect(rows, err, scanTally)
}

// TalliesSince are those of all flows, by flow, oldest first.
func (db *DB) TalliesSince(ctx context.Context, span Span, from time.Time) (map[int64][]alert.Minute, error) {
	type one struct {
		flowID int64
		alert.Minute
	}
	rows, err := db.reader().QueryContext(ctx, `SELECT t.flow_id, `+tallyColumns+` FROM flows f JOIN tallies t ON t.flow_id = f.id AND t.span = ? AND t.at >= ?`,
		span.seconds(), at(from))
	all, err := collect(rows, err, func(o *one, s scanner) error { return scanTallyOf(&o.Minute, s, &o.flowID) })
	byFlow := map[int64][]alert.Minute{}
	for _, o := range all {
		byFlow[o.flowID] = append(byFlow[o.flowID], o.Minute)
	}
	for _, minutes := range byFlow {
		slices.SortFunc(minutes, func(a, b alert.Minute) int { return a.At.Compare(b.At) })
	}
	return byFlow, err
}

// dropMinutes drops those before a time, a day of one flow at a time.
func (db *DB) dropMinutes(ctx context.Context, k Keep, before time.Time) (n int64, err error) {
	var flows []int64
	if before.IsZero() {
		return 0, nil
	}
	if err := db.read.WithContext(ctx).Raw(`SELECT id FROM flows ORDER BY id`).Scan(&flows).Error; err != nil {
		return 0, err
	}
	for _, id := range flows {
		for more := true; more; {
			begin := time.Now()
			var gone int64
			err := db.alongside(ctx, func(tx *gorm.DB) error {
				r := tx.Exec(`DELETE FROM tallies WHERE flow_id = ? AND span = 60 AND at < ? AND at < ? + coalesce((SELECT min(at) FROM tallies WHERE flow_id = ? AND span = 60), 0)`,
					id, at(before), (24 * time.Hour).Microseconds(), id)
				gone = r.RowsAffected
				return r.Error
			})
			if err != nil {
				return n, err
			}
			n += gone
			k.stepped(gone)
			if more = gone > 0; more {
				if err := rest(ctx, begin); err != nil {
					return n, err
				}
			}
		}
	}
	return n, nil
}

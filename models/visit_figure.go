package models

import (
	"context"
	"slices"
	"time"
)

// A Stop is a screen where visits were abandoned.
type Stop struct {
	Screen string
	N      int
	Last   Time // the last request of the last of them
}

// maxStops bounds the screens of Stops: phones may name any.
const maxStops = 100

// Stops counts abandoned visits that began since then by the screen shown last, most first. Tests are left out.
func (db *DB) Stops(ctx context.Context, flowID int64, since time.Time) ([]Stop, error) {
	w := VisitFilter{FlowID: flowID, Outcome: VisitAbandoned, From: since}.where(db.Now())
	from := VisitFilter{Screen: "any"}.from(db.engine.dialect())
	rows, err := db.reader().QueryContext(ctx, `SELECT v.screen, count(*) AS n, max(v.last_at) FROM `+from+w.sql()+` GROUP BY v.screen ORDER BY n DESC, v.screen LIMIT ?`, append(w.args, maxStops)...)
	return collect(rows, err, func(s *Stop, r scanner) error { return r.Scan(&s.Screen, &s.N, &s.Last) })
}

// A Pace is a flow's endpoint since some time: visits that began and those of them that are finished, and how fast
// requests were answered. Tests are left out, and pings are no steps.
type Pace struct {
	Visits, Finished int
	Requests         int           // that were measured: the newest 10,000
	P90              time.Duration // nine of ten were answered within; 0 when there were none
}

const maxMeasured = 10_000

// Pace measures a flow.
func (db *DB) Pace(ctx context.Context, flowID int64, since time.Time) (p Pace, err error) {
	err = db.reader().QueryRowContext(ctx, `SELECT count(*), count(CASE WHEN outcome = 'finished' THEN 1 END) FROM visits
		WHERE flow_id = ? AND started_at >= ? AND NOT test`, flowID, at(since)).Scan(&p.Visits, &p.Finished)
	if err != nil {
		return p, err
	}
	rows, err := db.reader().QueryContext(ctx, `SELECT micros FROM steps WHERE flow_id = ? AND at >= ? AND NOT test ORDER BY at DESC LIMIT ?`, flowID, at(since), maxMeasured)
	micros, err := collect(rows, err, scanID)
	if err != nil || len(micros) == 0 {
		return p, err
	}
	slices.Sort(micros)
	p.Requests = len(micros)
	p.P90 = time.Duration(micros[(len(micros)*9-1)/10]) * time.Microsecond
	return p, nil
}

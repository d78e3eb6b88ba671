package models

import (
	"context"
	"database/sql"
	"time"
)

// countedOld is up to how many rows are counted: more are "more than".
const countedOld = 100_000

// An OldCount is what of a flow is older than a time.
type OldCount struct {
	Responses Tally
	Oldest    time.Time // of the responses; zero: there is none
	Newest    time.Time // that goes
	Noted     int       // of the responses counted: those with notes
	Unread    int       // likewise: nobody has looked at them
	Open      int       // likewise: of no closed status
	Visits    Tally
	Files     Tally
}

// sqlVisitsGoing are the visits that go when the responses before the same time have gone.
const sqlVisitsGoing = `SELECT v.id FROM visits v WHERE v.flow_id = ? AND v.started_at < ? AND v.last_at < ? AND NOT EXISTS
	(SELECT 1 FROM responses r WHERE r.visit_id = v.id AND r.visit_id > 0 AND NOT (r.flow_id = ? AND r.received_at < ?))`

// CountOld tells what a run for a flow would remove of what is older than a time, zero: nothing.
func (db *DB) CountOld(ctx context.Context, flowID int64, before time.Time) (c OldCount, err error) {
	if before.IsZero() {
		return c, nil
	}
	then := at(before)
	q := db.reader()
	var first, last sql.NullInt64
	err = q.QueryRowContext(ctx, `SELECT (SELECT min(received_at) FROM responses WHERE flow_id = ? AND received_at < ?), (SELECT max(received_at) FROM responses WHERE flow_id = ? AND received_at < ?)`,
		flowID, then, flowID, then).Scan(&first, &last)
	if err != nil {
		return c, err
	}
	if first.Valid {
		c.Oldest, c.Newest = time.UnixMicro(first.Int64), time.UnixMicro(last.Int64)
	}
	const old = `SELECT id, status, unread FROM responses WHERE flow_id = ? AND received_at < ? ORDER BY received_at, id LIMIT ?`
	err = q.QueryRowContext(ctx, `SELECT count(*), coalesce(sum(CASE WHEN EXISTS (SELECT 1 FROM response_notes n WHERE n.response_id = o.id AND n.removed_at = 0) THEN 1 ELSE 0 END), 0),
		coalesce(sum(CASE WHEN unread THEN 1 ELSE 0 END), 0),
		coalesce(sum(CASE WHEN status = 'done' OR status IN (SELECT key FROM triage_statuses WHERE closed) THEN 0 ELSE 1 END), 0)
		FROM (`+old+`) AS o`, flowID, then, countedOld+1).Scan(&c.Responses.N, &c.Noted, &c.Unread, &c.Open)
	if err != nil {
		return c, err
	}
	for _, t := range []struct {
		to   *Tally
		text string
		args []any
	}{
		{&c.Visits, sqlVisitsGoing, []any{flowID, then, then, flowID, then}},
		{&c.Files, `SELECT f.id FROM files f JOIN responses r ON r.id = f.response_id AND f.response_id > 0 WHERE f.state = 'stored' AND r.flow_id = ? AND r.received_at < ?
			UNION SELECT id FROM files WHERE state = 'stored' AND visit_id > 0 AND visit_id IN (` + sqlVisitsGoing + `)
			UNION SELECT id FROM files WHERE state = 'stored' AND ` + isLooseFile, []any{flowID, then, flowID, then, then, flowID, then, flowID, then}},
	} {
		err := q.QueryRowContext(ctx, `SELECT count(*) FROM (`+t.text+` LIMIT ?) AS counted`, append(t.args, countedOld+1)...).Scan(&t.to.N)
		if err != nil {
			return c, err
		}
		t.to.More, t.to.N = t.to.N > countedOld, min(t.to.N, countedOld)
	}
	c.Responses.More, c.Responses.N = c.Responses.N > countedOld, min(c.Responses.N, countedOld)
	return c, nil
}

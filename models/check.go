package models

import (
	"context"
	"errors"
	"fmt"
)

// A Verdict is what a check found.
type Verdict string

// The verdicts.
const (
	Good     Verdict = "ok"
	Doubtful Verdict = "warning"
	Broken   Verdict = "BROKEN"
)

// A Finding is one check in one sentence, without personal data and secrets.
type Finding struct {
	Check   string
	Verdict Verdict
	Text    string
}

// A check is one thing that can be wrong with a database.
type check struct {
	name string
	run  func(context.Context) (Verdict, string, error)
}

// Check looks at a whole database, beside everybody who uses it, and tells one finding after the other; broken is how
// many things are broken. An error is that it could not look to the end.
func (db *DB) Check(ctx context.Context, tell func(Finding)) (broken int, err error) {
	for _, c := range db.checks() {
		f, err := c.do(ctx)
		if err != nil {
			return broken, err
		}
		if f.Verdict == Broken {
			broken++
		}
		tell(f)
	}
	return broken, nil
}

// do runs one. What cannot be read is broken, unless nothing can be read at the moment.
func (c check) do(ctx context.Context) (Finding, error) {
	verdict, text, err := c.run(ctx)
	switch {
	case ctx.Err() != nil:
		return Finding{}, ctx.Err()
	case Unavailable(err) || errors.Is(kindOf(err), ErrLocked):
		return Finding{}, kindOf(err)
	case err != nil:
		verdict, text = Broken, "it cannot be read to the end: "+err.Error()
	}
	return Finding{c.name, verdict, text}, nil
}

func (db *DB) checks() []check {
	all := []check{{"Schema", db.checkSchema}}
	if e, ok := db.engine.(*postgresEngine); ok {
		all = append(all, check{"Indexes", db.checkIndexes}, check{"Partitions", db.checkPartitions}, check{"Server settings", e.checkSettings})
	} else {
		all = append(all, check{"Integrity", db.checkIntegrity}, check{"Foreign keys", db.checkForeignKeys}, check{"Last backup", db.checkBackup})
	}
	return append(all, check{"Audit log", db.checkAudit}, check{"Sealed values", db.checkSealed}, check{"Orphans", db.checkOrphans},
		check{"Deliveries", db.checkDeliveries})
}

// checkSchema tells the version, which is the one that this program knows: Open refuses others.
func (db *DB) checkSchema(ctx context.Context) (Verdict, string, error) {
	engine, version, size, err := db.Version(ctx)
	if aside, markErr := db.aside(ctx, db.reader()); markErr != nil || aside != nil {
		return Broken, "sample data was not loaded to its end, so indexes are missing; start the server, which makes them again", errors.Join(err, markErr)
	}
	return Good, fmt.Sprintf("version %d on %s, %.1f MiB", version, engine, float64(size)/(1<<20)), err
}

func (db *DB) checkAudit(ctx context.Context) (Verdict, string, error) {
	rows, head, err := db.VerifyAudit(ctx)
	if bad, ok := errors.AsType[*BrokenAudit](err); ok {
		return Broken, fmt.Sprintf("row %d, or the row before it, was changed or removed", bad.ID), nil
	}
	if err == nil && rows == 0 {
		return Good, "no row yet", nil
	}
	return Good, fmt.Sprintf("%d rows, the last one's MAC is %s", rows, head), err
}

// checkDeliveries counts what waits for the worker or for a person.
func (db *DB) checkDeliveries(ctx context.Context) (Verdict, string, error) {
	var n struct{ Pending, Failed, Unmatched, Oldest int64 }
	err := db.reader().QueryRowContext(ctx, `SELECT (SELECT count(*) FROM deliveries WHERE state = 'pending'),
		(SELECT count(*) FROM deliveries WHERE state = 'failed' AND state IN ('unmatched', 'failed')),
		(SELECT count(*) FROM deliveries WHERE state = 'unmatched' AND state IN ('unmatched', 'failed')),
		(SELECT coalesce(min(received_at), 0) FROM deliveries WHERE state = 'pending')`).Scan(&n.Pending, &n.Failed, &n.Unmatched, &n.Oldest)
	text := fmt.Sprintf("%d pending, %d failed, %d unmatched", n.Pending, n.Failed, n.Unmatched)
	if waits := db.now().Micros() - n.Oldest; n.Pending > 0 && waits > longestPending.Microseconds() {
		return Doubtful, text + "; the oldest pending one has waited for more than 10 minutes: is the server running?", err
	}
	return Good, text, err
}

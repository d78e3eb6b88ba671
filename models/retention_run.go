package models

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"
)

// A RetentionRun is one time that what a flow keeps no longer was removed.
type RetentionRun struct {
	ID        int64
	FlowID    int64
	Days      int
	Before    Time // what is older went
	Running   bool
	Stopped   bool             // the flow is to keep longer since
	Removed   map[string]int64 // how many of what so far, by the words of ErasureKinds
	StartedAt Time
	EndedAt   Time
}

const (
	// fewestAtOnce and mostAtOnce bound how many responses or visits go in one transaction; shortWrite and longWrite is how
	// long that should take: others wait meanwhile.
	fewestAtOnce, mostAtOnce = 10, 250
	shortWrite, longWrite    = 10 * time.Millisecond, 40 * time.Millisecond
	// runsKept is how many runs of a flow are remembered.
	runsKept = 100
)

// errStopped: the flow is to keep longer now, or another process has ended the run.
var errStopped = errors.New("the run was stopped")

func (r *RetentionRun) scan(s scanner) error {
	var state, removed string
	if err := s.Scan(&r.ID, &r.FlowID, &r.Days, &r.Before, &state, &removed, &r.StartedAt, &r.EndedAt); err != nil {
		return err
	}
	r.Running, r.Stopped = state == "running", state == "stopped"
	return json.Unmarshal([]byte(removed), &r.Removed)
}

const retentionRunColumns = `id, flow_id, days, before_at, state, removed, started_at, ended_at`

// RetentionRuns are the newest runs of a flow.
func (db *DB) RetentionRuns(ctx context.Context, flowID int64, limit int) ([]RetentionRun, error) {
	rows, err := db.reader().QueryContext(ctx, `SELECT `+retentionRunColumns+` FROM retention_runs WHERE flow_id = ? ORDER BY id DESC LIMIT ?`, flowID, limit)
	return collect(rows, err, (*RetentionRun).scan)
}

// RemoveOld removes what flows keep no longer, of those whose time has come, in steps so small that they hold nobody up; what
// was begun before is ended first. remove takes a file out of the store. It may be called by several processes at once, and
// after a stop at any place.
func (db *DB) RemoveOld(ctx context.Context, remove func(context.Context, File) error) error {
	rows, err := db.reader().QueryContext(ctx, `SELECT flow_id FROM retention_runs WHERE state = 'running'
		UNION SELECT flow_id FROM retentions WHERE days > 0 AND next_at <= ?`, db.now())
	flows, err := collect(rows, err, func(id *int64, s scanner) error { return s.Scan(id) })
	if err != nil {
		return err
	}
	var problems []error
	for _, id := range flows {
		if err := db.removeOldOf(ctx, id, remove); err != nil {
			problems = append(problems, fmt.Errorf("remove what flow %d keeps no longer: %w", id, err))
		}
	}
	if len(flows) > 0 && ctx.Err() == nil {
		problems = append(problems, db.dropMarks(ctx))
	}
	return errors.Join(problems...)
}

func (db *DB) removeOldOf(ctx context.Context, flowID int64, remove func(context.Context, File) error) error {
	run, err := db.beginRun(ctx, flowID)
	if err != nil || run.ID == 0 {
		return err
	}
	r := removing{db: db, run: run, remove: remove, some: 5 * fewestAtOnce}
	if err := r.goOn(ctx); err != nil && !errors.Is(err, errStopped) {
		return err
	}
	return nil
}

// beginRun begins a run of a flow, or finds the one that was begun; ID 0: it is too early.
func (db *DB) beginRun(ctx context.Context, flowID int64) (run RetentionRun, err error) {
	err = db.tx(ctx, func(tx *gorm.DB) error {
		q := inTx(tx)
		err := run.scan(q.QueryRowContext(ctx, `SELECT `+retentionRunColumns+` FROM retention_runs WHERE flow_id = ? AND state = 'running'`, flowID))
		if !isNoRow(kindOf(err)) {
			return err
		}
		set := Retention{FlowID: flowID}
		err = q.QueryRowContext(ctx, `SELECT days, next_at FROM retentions WHERE flow_id = ?`, flowID).Scan(&set.Days, &set.NextAt)
		if err != nil || set.Days == 0 || set.NextAt.After(db.Now()) {
			return err
		}
		run = RetentionRun{FlowID: flowID, Days: set.Days, Before: at(set.Bound(db.Now())), StartedAt: db.now()}
		next := set.NextAt.Add(retentionEvery)
		if !next.After(db.Now()) {
			next = db.Now().Add(retentionEvery)
		}
		if err := tx.Exec(`UPDATE retentions SET next_at = ? WHERE flow_id = ?`, at(next), flowID).Error; err != nil {
			return err
		}
		return q.QueryRowContext(ctx, `INSERT INTO retention_runs (flow_id, days, before_at, started_at) VALUES (?, ?, ?, ?) RETURNING id`,
			flowID, run.Days, run.Before, run.StartedAt).Scan(&run.ID)
	})
	return run, err
}

// A removing is a run that goes on.
type removing struct {
	db     *DB
	run    RetentionRun
	remove func(context.Context, File) error
	some   int // at once
	after  listKey
}

// goOn does one part after the other; each is done when it finds nothing any more.
func (r *removing) goOn(ctx context.Context) error {
	for _, part := range []func(context.Context) (bool, error){r.responses, r.visits, r.looseSteps, r.looseFiles, r.end} {
		for more := true; more; {
			begin := time.Now()
			var err error
			if more, err = part(ctx); err != nil {
				return err
			}
			if err := rest(ctx, begin); err != nil {
				return err
			}
		}
	}
	return nil
}

// change is a transaction of a run that goes on, alone among those of the same flow; what it removed is counted with it.
func (r *removing) change(ctx context.Context, fn func(tx *gorm.DB, count func(kind string, n int64)) error) error {
	begin := time.Now()
	stopped := false
	err := r.db.alongside(ctx, func(tx *gorm.DB) (err error) {
		stopped = false
		if err := r.db.engine.lock(tx, fmt.Sprintf("retention %d", r.run.FlowID)); err != nil {
			return err
		}
		var state, text string
		var days int
		err = inTx(tx).QueryRowContext(ctx, `SELECT r.state, r.removed, coalesce(s.days, 0) FROM retention_runs r LEFT JOIN retentions s ON s.flow_id = r.flow_id
			WHERE r.id = ?`, r.run.ID).Scan(&state, &text, &days)
		if err != nil {
			return err
		}
		if stopped = state != "running" || days == 0 || days > r.run.Days; stopped {
			return tx.Exec(`UPDATE retention_runs SET state = 'stopped', ended_at = ? WHERE id = ? AND state = 'running'`, r.db.now(), r.run.ID).Error
		}
		removed := map[string]int64{}
		if err := json.Unmarshal([]byte(text), &removed); err != nil {
			return err
		}
		if err := fn(tx, func(kind string, n int64) {
			if n > 0 {
				removed[kind] += n
			}
		}); err != nil {
			return err
		}
		now, err := json.Marshal(removed)
		if err != nil {
			return err
		}
		return tx.Exec(`UPDATE retention_runs SET removed = ? WHERE id = ?`, string(now), r.run.ID).Error
	})
	if err == nil && stopped {
		err = errStopped
	}
	switch took := time.Since(begin); {
	case took > longWrite:
		r.some = max(fewestAtOnce, r.some/2)
	case took < shortWrite:
		r.some = min(mostAtOnce, 2*r.some)
	}
	return err
}

// end tells that all is done. A run that removed something is in the audit log.
func (r *removing) end(ctx context.Context) (bool, error) {
	return false, r.db.tx(ctx, func(tx *gorm.DB) error {
		var removed string
		err := inTx(tx).QueryRowContext(ctx, `UPDATE retention_runs SET state = 'done', ended_at = ? WHERE id = ? AND state = 'running' RETURNING removed`,
			r.db.now(), r.run.ID).Scan(&removed)
		if isNoRow(kindOf(err)) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := tx.Exec(`DELETE FROM retention_runs WHERE flow_id = ? AND state <> 'running' AND id NOT IN (SELECT id FROM retention_runs WHERE flow_id = ? ORDER BY id DESC LIMIT ?)`,
			r.run.FlowID, r.run.FlowID, runsKept).Error; err != nil {
			return err
		}
		detail := map[string]any{}
		if err := json.Unmarshal([]byte(removed), &detail); err != nil || len(detail) == 0 {
			return err
		}
		detail["days"], detail["before"] = r.run.Days, r.run.Before
		return r.db.audit(tx, By{}, "retention.removed", Flow{ID: r.run.FlowID}.object(), detail)
	})
}

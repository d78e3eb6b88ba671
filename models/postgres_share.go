package models

import "gorm.io/gorm"

// lockFlows is shared by what finds flows by their names and sets their statuses, and excluded by what catches up after
// a flow was added: what did not see the flow yet has ended by then.
const lockFlows = "flows"

func (x *inboxTx) share(name string) error { return x.db.engine.share(x.tx, name) }

func (x *inboxTx) exclude(name string) error { return x.db.engine.exclude(x.tx, name) }

// share and exclude use locks with one number; lock's have two and never meet them.
func (e *postgresEngine) share(tx *gorm.DB, name string) error {
	_, err := tx.Statement.ConnPool.ExecContext(tx.Statement.Context, `SELECT pg_advisory_xact_lock_shared(?)`, lockKey(name))
	return err
}

// exclude waits as long as a transaction may take, not as long as one waits for a lock: nobody would try again.
func (e *postgresEngine) exclude(tx *gorm.DB, name string) error {
	pool, ctx := tx.Statement.ConnPool, tx.Statement.Context
	if _, err := pool.ExecContext(ctx, `SET LOCAL lock_timeout = 0`); err != nil {
		return err
	}
	_, err := pool.ExecContext(ctx, `SELECT pg_advisory_xact_lock(?)`, lockKey(name))
	return err
}

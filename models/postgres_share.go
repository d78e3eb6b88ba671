package models

import "gorm.io/gorm"

// lockInbox is shared by whoever applies deliveries or acts on alerts, and taken alone by whoever must not meet them: what
// catches up after a flow was added, so that what did not see the flow yet has ended; and deliveries that are about more
// than can be locked name by name.
const lockInbox = "inbox"

func (x *inboxTx) share(name string) error { return x.db.engine.share(x.tx, name) }

func (x *inboxTx) exclude(name string) error { return x.db.engine.exclude(x.tx, name) }

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

package models

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"gorm.io/gorm"
)

// An inboxTx is a write transaction of the inbox, or of the steps of visits. Its statements are prepared once on the
// writer's connection: thousands of deliveries a second go this way, and GORM prepares anew in every transaction.
type inboxTx struct {
	ctx      context.Context
	db       *DB
	tx       *gorm.DB
	now      Time
	prepared map[string]*sql.Stmt // by text, bound to this transaction
	flows    *flowNames           // read when first needed
}

// stmtBinder is what GORM's transaction is underneath.
type stmtBinder interface {
	StmtContext(context.Context, *sql.Stmt) *sql.Stmt
}

// inboxTx runs fn in one write transaction.
func (db *DB) inboxTx(ctx context.Context, fn func(x *inboxTx) error) error {
	return db.tx(ctx, func(tx *gorm.DB) error {
		return fn(&inboxTx{ctx: ctx, db: db, tx: tx, now: db.now(), prepared: map[string]*sql.Stmt{}})
	})
}

// stmt is the prepared form of one of inboxSQL's texts.
func (x *inboxTx) stmt(text string) *sql.Stmt {
	s, ok := x.prepared[text]
	if !ok {
		s = x.tx.Statement.ConnPool.(stmtBinder).StmtContext(x.ctx, x.db.inbox[text])
		x.prepared[text] = s
	}
	return s
}

// exec runs one of inboxSQL's texts and tells how many rows it changed and the id that it gave.
func (x *inboxTx) exec(text string, args ...any) (changed, id int64, err error) {
	r, err := x.stmt(text).ExecContext(x.ctx, args...)
	if err != nil {
		return 0, 0, err
	}
	if changed, err = r.RowsAffected(); err != nil {
		return 0, 0, err
	}
	id, err = r.LastInsertId()
	return changed, id, err
}

// find scans the one row of one of inboxSQL's texts; found is false when there is none.
func (x *inboxTx) find(text string, args []any, into ...any) (found bool, err error) {
	err = x.stmt(text).QueryRowContext(x.ctx, args...).Scan(into...)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

func prepareInbox(ctx context.Context, p *sql.DB) (map[string]*sql.Stmt, error) {
	prepared := make(map[string]*sql.Stmt, len(inboxSQL))
	for _, text := range inboxSQL {
		s, err := p.PrepareContext(ctx, text)
		if err != nil {
			return nil, fmt.Errorf("prepare %q: %w", text, err)
		}
		prepared[text] = s
	}
	return prepared, nil
}

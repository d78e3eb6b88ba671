package models

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"gorm.io/gorm"
)

// An inboxTx is a write transaction of the inbox, or of the steps of visits. On SQLite its statements are prepared once
// on the writer's connection: thousands of deliveries a second go this way, and GORM prepares anew in every transaction.
// PostgreSQL's driver keeps them prepared itself.
type inboxTx struct {
	ctx      context.Context
	db       *DB
	tx       *gorm.DB
	now      Time
	prepared map[string]*sql.Stmt // by text, bound to this transaction
	flows    *flowNames           // read when first needed
	mapped   *mappingSet          // likewise
	echoes   []string             // of flow messages; see echoed
	targets  *[]Target            // that are on; read when first needed
	touched  []flowPart           // of the delivery that is settled
	batch    *batch               // nil: each effect is written at once
	hidden   map[int64]Sensitive  // of answers, by flow; read when first needed
	anyMoved *bool                // whether any customer is called otherwise than before; nil: nobody asked yet
}

// stmtBinder is what GORM's transaction is underneath.
type stmtBinder interface {
	StmtContext(context.Context, *sql.Stmt) *sql.Stmt
}

// inboxTx runs fn in one write transaction beside others.
func (db *DB) inboxTx(ctx context.Context, fn func(x *inboxTx) error) error {
	return db.alongside(ctx, func(tx *gorm.DB) error {
		return fn(db.inboxIn(tx))
	})
}

// inboxIn is an inboxTx in a transaction that is there.
func (db *DB) inboxIn(tx *gorm.DB) *inboxTx {
	return &inboxTx{ctx: db.engine.within(tx.Statement.Context), db: db, tx: tx, now: db.now(), prepared: map[string]*sql.Stmt{}}
}

// stmt is the prepared form of one of inboxSQL's texts, nil when the engine keeps none.
func (x *inboxTx) stmt(text string) *sql.Stmt {
	e, ok := x.db.engine.(*sqliteEngine)
	if !ok {
		return nil
	}
	s, ok := x.prepared[text]
	if !ok {
		s = x.tx.Statement.ConnPool.(stmtBinder).StmtContext(x.ctx, e.inbox[text])
		x.prepared[text] = s
	}
	return s
}

// exec runs one of inboxSQL's texts and tells how many rows it changed.
func (x *inboxTx) exec(text string, args ...any) (changed int64, err error) {
	var r sql.Result
	if s := x.stmt(text); s != nil {
		r, err = s.ExecContext(x.ctx, args...)
	} else {
		r, err = x.tx.Statement.ConnPool.ExecContext(x.ctx, text, args...)
	}
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

// insert runs one of inboxSQL's texts that makes one row and returns the id that it got.
func (x *inboxTx) insert(text string, args ...any) (id int64, err error) {
	s := x.stmt(text)
	if s == nil {
		err = inTx(x.tx).QueryRowContext(x.ctx, text+` RETURNING id`, args...).Scan(&id)
		return id, err
	}
	r, err := s.ExecContext(x.ctx, args...)
	if err != nil {
		return 0, err
	}
	return r.LastInsertId()
}

// rows runs one of inboxSQL's texts.
func (x *inboxTx) rows(text string, args ...any) (*sql.Rows, error) {
	if s := x.stmt(text); s != nil {
		return s.QueryContext(x.ctx, args...)
	}
	return inTx(x.tx).QueryContext(x.ctx, text, args...)
}

// find scans the one row of one of inboxSQL's texts; found is false when there is none.
func (x *inboxTx) find(text string, args []any, into ...any) (found bool, err error) {
	if s := x.stmt(text); s != nil {
		err = s.QueryRowContext(x.ctx, args...).Scan(into...)
	} else {
		err = inTx(x.tx).QueryRowContext(x.ctx, text, args...).Scan(into...)
	}
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// findForUpdate is find, and the row stays as it is until the transaction ends or changes it.
func (x *inboxTx) findForUpdate(text string, args []any, into ...any) (found bool, err error) {
	return x.find(text+x.db.engine.dialect().forUpdate, args, into...)
}

// lock makes other transactions wait that are about the same; see engine.
func (x *inboxTx) lock(names ...string) error { return x.db.engine.lock(x.tx, names...) }

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

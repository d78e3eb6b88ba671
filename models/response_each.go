package models

import (
	"context"
	"database/sql"
	"errors"
	"iter"
)

// responseBatch is how many responses EachResponse reads at once: some milliseconds.
const responseBatch = 1000

// EachResponse yields all that the filter matches, read in batches by key, each a short read, so that a slow
// reader of the export never holds the write-ahead log (design/decisions.md 47). Before, After and Limit are not used.
func (db *DB) EachResponse(ctx context.Context, f ResponseFilter) iter.Seq2[Response, error] {
	return func(yield func(Response, error) bool) {
		if f.UpTo == 0 {
			if err := db.reader().QueryRowContext(ctx, `SELECT coalesce(max(id), 0) FROM responses`).Scan(&f.UpTo); err != nil {
				yield(Response{}, err)
				return
			}
		}
		var key responseKey
		batch := make([]Response, 0, responseBatch)
		for {
			var err error
			if batch, err = db.responseBatch(ctx, f, key, batch[:0]); err != nil {
				yield(Response{}, err)
				return
			}
			for i := range batch {
				if !yield(batch[i], nil) {
					return
				}
			}
			if len(batch) < responseBatch {
				return
			}
			key = keyOf(batch[len(batch)-1])
		}
	}
}

// responseBatch appends the next batch beyond key to into.
func (db *DB) responseBatch(ctx context.Context, f ResponseFilter, key responseKey, into []Response) ([]Response, error) {
	w, err := f.where(db.engine.dialect())
	if err != nil {
		return nil, err
	}
	w.and(`r.id <= ?`, f.UpTo)
	order := w.beyond(key, f.Ascending)
	rows, err := db.reader().QueryContext(ctx, selectResponses+w.sql()+order+` LIMIT ?`, append(w.args, responseBatch)...)
	if err != nil {
		return nil, err
	}
	var r Response
	var answers sql.RawBytes
	fields := r.fields(&answers)
	for rows.Next() {
		if err := errors.Join(rows.Scan(fields...), r.decode(answers)); err != nil {
			return nil, errors.Join(err, rows.Close())
		}
		into = append(into, r)
	}
	return into, errors.Join(rows.Err(), rows.Close())
}

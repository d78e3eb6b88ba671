package models

import (
	"context"
	"database/sql"
	"errors"
	"iter"
	"sync"
	"time"
)

// How many responses EachResponse reads at once: some milliseconds, or less while deliveries come.
const (
	responseBatch  = 1000
	giveWayBatch   = 200
	giveWayAtLeast = time.Millisecond
)

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
		search, err := db.responseSearch(ctx, f)
		if err == nil {
			err = search.each(ctx, yield)
		}
		if err != nil {
			yield(Response{}, err)
		}
	}
}

// each yields until yield returns false. The next batch is read while one is used; when it returns, nothing is read any more.
func (s *responseSearch) each(ctx context.Context, yield func(Response, error) bool) error {
	if err := s.decide(ctx); err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	read, used := make(chan responses), make(chan []Response, 2)
	var reader sync.WaitGroup
	reader.Go(func() { s.readAhead(ctx, read, used) })
	defer reader.Wait()
	defer stop()
	used <- nil
	used <- nil
	for batch := range read {
		if batch.err != nil {
			return batch.err
		}
		for i := range batch.rows {
			if !yield(batch.rows[i], nil) {
				return nil
			}
		}
		used <- batch.rows
	}
	return ctx.Err()
}

// responses are a batch, or why there is none.
type responses struct {
	rows []Response
	err  error
}

// readAhead reads one batch after the other into slices that were used, until the last one, an error or the end of ctx.
func (s *responseSearch) readAhead(ctx context.Context, read chan<- responses, used <-chan []Response) {
	defer close(read)
	var key listKey
	for {
		var into []Response
		select {
		case into = <-used:
		case <-ctx.Done():
			return
		}
		began, n := time.Now(), responseBatch
		if s.db.intake.busy() {
			n = giveWayBatch
		}
		rows, err := s.appendBatch(ctx, key, n, into[:0])
		if err == nil {
			err = s.fill(ctx, rows)
		}
		took := time.Since(began) // not what the export waits for its own reader
		if !passOn(ctx, read, responses{rows, err}) || err != nil || len(rows) < n {
			return
		}
		key = keyOf(rows[len(rows)-1])
		if s.db.intake.busy() { // who waits for an acknowledgement comes first: half of the time is theirs
			pause(ctx, max(took, giveWayAtLeast))
		}
	}
}

// fill reads the tags and notes of a batch, where there are any.
func (s *responseSearch) fill(ctx context.Context, batch []Response) error {
	var tagged, noted bool
	err := s.db.reader().QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM response_tags), EXISTS (SELECT 1 FROM response_notes)`).Scan(&tagged, &noted)
	if err == nil && tagged {
		err = s.db.fillTags(ctx, addresses(batch)...)
	}
	if err == nil && noted && s.f.Notes {
		err = s.db.fillNotes(ctx, addresses(batch)...)
	}
	return err
}

// appendBatch appends the next n beyond key to into.
func (s *responseSearch) appendBatch(ctx context.Context, key listKey, n int, into []Response) ([]Response, error) {
	q := s.batch(key, s.f.Ascending, n)
	rows, err := s.db.reader().QueryContext(ctx, q.text, q.args...)
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

package models

import "context"

const (
	// copyBatchRows and copyBatchBytes bound a batch: what is in memory three times at most, and in one transaction.
	copyBatchRows  = 5000
	copyBatchBytes = 16 << 20
	// copyFirstRows is how many rows are asked for before it is known how large they are.
	copyFirstRows = 16
)

// copyTable copies the rows of a table that are not there yet, reading the next batch while one is written.
func (c *copier) copyTable(ctx context.Context, t copyTable) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	batches := make(chan [][]any)
	var read error
	go func() {
		defer close(batches)
		read = c.eachBatch(ctx, c.from, t, c.places[t.name].key, func(rows [][]any) error {
			select {
			case batches <- rows:
				return nil
			case <-ctx.Done():
				return context.Cause(ctx)
			}
		})
	}()
	place := c.places[t.name]
	var wrote error
	for rows := range batches {
		if wrote != nil {
			continue // until the reader has heard
		}
		if place, wrote = c.write(ctx, t, place, rows); wrote != nil {
			stop(wrote)
		}
	}
	c.report.Tables = append(c.report.Tables, CopiedTable{Name: t.name, Mended: place.mended})
	if wrote != nil {
		return wrote
	}
	return read
}

// eachBatch reads the rows after key to the end of the table; do may keep them.
func (c *copier) eachBatch(ctx context.Context, s copySide, t copyTable, key []any, do func(rows [][]any) error) error {
	for limit := min(copyFirstRows, c.batch); ; {
		rows, size, err := readBatch(ctx, s, t, key, limit)
		if err != nil || len(rows) == 0 {
			return err
		}
		key = t.keyOf(rows[len(rows)-1])
		fit := copyBatchBytes / (size/len(rows) + 1)
		if err := do(rows); err != nil {
			return err
		}
		limit = min(c.batch, 4*limit, max(1, fit))
	}
}

// readBatch reads rows after key, until there are enough or they are too large for more.
func readBatch(ctx context.Context, s copySide, t copyTable, key []any, limit int) (rows [][]any, size int, err error) {
	query, args := t.after(key, limit)
	err = s.each(ctx, query, args, func(row []any) error {
		if err := t.take(row); err != nil {
			return err
		}
		rows = append(rows, row)
		if size += sizeOf(row); size > copyBatchBytes {
			return errEnough
		}
		return nil
	})
	return rows, size, err
}

// write makes a batch durable together with the place after it.
func (c *copier) write(ctx context.Context, t copyTable, place copyPlace, rows [][]any) (copyPlace, error) {
	next := place
	next.key = t.keyOf(rows[len(rows)-1])
	next.rows += int64(len(rows))
	next.mended += c.mended(rows)
	if err := c.to.store(ctx, t, rows, next.moved(t.name)); err != nil {
		return place, err
	}
	c.progress(CopyProgress{Table: t.name, Rows: next.rows, Total: c.source.rows[t.name]})
	return next, nil
}

// mended makes texts what the target can hold, and counts those that were not.
func (c *copier) mended(rows [][]any) (n int64) {
	for _, row := range rows {
		if c.mend {
			n += mendTexts(row)
		}
	}
	return n
}

package models

import (
	"context"
	"errors"

	"gorm.io/gorm"
)

const (
	// readAtOnce is how many bodies are read through at a time, and readBytes bounds them.
	readAtOnce = 1000
	readBytes  = 8 << 20
)

// A scrubbedBody is one that names the person.
type scrubbedBody struct {
	id       int64
	received Time
	body     []byte
	clean    []byte
}

// bodies reads the next deliveries that were there at the start and takes the person out of those that name it: pending ones
// too, before they are decoded, and those that nobody could read.
func (e *erasing) bodies(ctx context.Context) (more bool, err error) {
	if e.next >= e.last {
		return false, nil
	}
	found, next, err := e.readBodies(ctx)
	if err != nil {
		return false, err
	}
	err = e.change(ctx, func(tx *gorm.DB, count func(string, int64)) error {
		for _, d := range found {
			if err := cleanBody(tx, d); err != nil {
				return err
			}
		}
		count("deliveries", int64(len(found)))
		return tx.Exec(`UPDATE erasures SET next_id = ? WHERE id = ? AND next_id < ?`, next, e.id, next).Error
	})
	e.next = next
	return e.next < e.last, err
}

func (e *erasing) readBodies(ctx context.Context) (found []scrubbedBody, next int64, err error) {
	who := e.person.scrubber()
	rows, err := e.db.reader().QueryContext(ctx, `SELECT id, received_at, body FROM deliveries WHERE id > ? AND id <= ? ORDER BY id LIMIT ?`, e.next, e.last, readAtOnce)
	if err != nil {
		return nil, 0, err
	}
	next = e.last
	read, size := 0, 0
	for rows.Next() {
		var d scrubbedBody
		if err := rows.Scan(&d.id, &d.received, &d.body); err != nil {
			return nil, 0, errors.Join(err, rows.Close())
		}
		read, size = read+1, size+len(d.body)
		var changed bool
		if d.clean, changed = who.body(d.body); changed {
			found = append(found, d)
		}
		if read == readAtOnce || size >= readBytes || len(found) == erasedAtOnce {
			next = d.id
			break
		}
	}
	return found, next, errors.Join(rows.Err(), rows.Close())
}

// cleanBody writes the body without the person. Of a delivery that needs nobody any more nobody is asked.
func cleanBody(tx *gorm.DB, d scrubbedBody) error {
	if err := putBody(tx, d.id, d.received, d.clean); err != nil {
		return err
	}
	return tx.Exec(`UPDATE deliveries SET state = 'done', reason = '', whole = FALSE WHERE id = ? AND received_at = ? AND state IN ('unmatched', 'failed')
		AND NOT EXISTS (SELECT 1 FROM responses r WHERE r.delivery_id = deliveries.id AND r.state <> 'complete' AND r.dismissal_id = 0)`, d.id, d.received).Error
}

// putBody changes the body of a delivery. GORM would write each byte of it as a value of its own.
func putBody(tx *gorm.DB, id int64, received Time, body []byte) error {
	_, err := tx.Statement.ConnPool.ExecContext(tx.Statement.Context, `UPDATE deliveries SET body = ?, signature = '' WHERE id = ? AND received_at = ?`, body, id, received)
	return err
}

package models

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"
)

const (
	// erasedAtOnce is how many responses or messages go in one transaction.
	erasedAtOnce = 50
	// eraseTurn is how long ContinueErasures works before it returns.
	eraseTurn = 5 * time.Second
)

// An erasing is an erasure that runs, with what it knows of the person.
type erasing struct {
	db     *DB
	id     int64
	next   int64 // the last delivery that was read
	last   int64
	blank  [2]int64 // the last response and message that were overwritten
	person Person

	outside   Outside
	began     Time // when this process came to files of exports
	filesDone bool // the person was taken out of files of exports
}

// ContinueErasures goes on with the oldest erasure that runs, for some seconds: more tells that there is more to do. When
// none runs it cleans up after deliveries that came late. It may be called by several processes at once, and after a stop at
// any place.
func (db *DB) ContinueErasures(ctx context.Context, outside Outside) (more bool, err error) {
	e := erasing{db: db, outside: outside}
	var sealed string
	err = db.reader().QueryRowContext(ctx, `SELECT id, sealed_person, next_id, last_id, blank_response, blank_message, files_at > 0
		FROM erasures WHERE state = 'running' ORDER BY id LIMIT 1`).Scan(&e.id, &sealed, &e.next, &e.last, &e.blank[0], &e.blank[1], &e.filesDone)
	if isNoRow(kindOf(err)) {
		if db.late.Swap(false) {
			return false, db.engine.purge(ctx, db)
		}
		return false, nil
	}
	if err != nil {
		return false, err
	}
	text, err := db.sealer.openString(inRow("erasures", e.id, "sealed_person"), sealed)
	if err != nil {
		return false, err
	}
	if err := json.Unmarshal([]byte(text), &e.person); err != nil {
		return false, fmt.Errorf("erasure %d: %w", e.id, err)
	}
	return true, e.goOn(ctx)
}

// goOn does one part after the other; each is done when it finds nothing any more.
func (e *erasing) goOn(ctx context.Context) error {
	until := time.Now().Add(eraseTurn)
	for _, part := range []func(context.Context) (bool, error){e.blankResponses, e.blankMessages, e.responses, e.messages, e.bodies, e.texts, e.contacts, e.exported, e.end} {
		for more := true; more; {
			begin := time.Now()
			var err error
			if more, err = part(ctx); err != nil {
				return fmt.Errorf("erasure %d: %w", e.id, err)
			}
			if err := rest(ctx, begin); err != nil || more && time.Now().After(until) {
				return err
			}
		}
	}
	return nil
}

// change is a transaction of an erasure that still runs, alone among those of the same one; what it removed is counted with
// it.
func (e *erasing) change(ctx context.Context, fn func(tx *gorm.DB, count func(kind string, n int64)) error) error {
	return e.db.alongside(ctx, func(tx *gorm.DB) error {
		if err := e.db.engine.lock(tx, fmt.Sprintf("erasure %d", e.id)); err != nil {
			return err
		}
		var state, text string
		if err := inTx(tx).QueryRowContext(ctx, `SELECT state, removed FROM erasures WHERE id = ?`, e.id).Scan(&state, &text); err != nil {
			return err
		}
		if state != "running" {
			return nil // another process has ended it
		}
		removed := map[string]int64{}
		if err := json.Unmarshal([]byte(text), &removed); err != nil {
			return err
		}
		err := fn(tx, func(kind string, n int64) {
			if n > 0 {
				removed[kind] += n
			}
		})
		if err != nil {
			return err
		}
		now, err := json.Marshal(removed)
		if err != nil {
			return err
		}
		return tx.Exec(`UPDATE erasures SET removed = ? WHERE id = ?`, string(now), e.id).Error
	})
}

// end tells that all is done, once nothing of what was deleted is left in the file.
func (e *erasing) end(ctx context.Context) (bool, error) {
	if err := e.db.engine.purge(ctx, e.db); err != nil {
		return false, err
	}
	err := e.db.tx(ctx, func(tx *gorm.DB) error {
		var removed string
		err := inTx(tx).QueryRowContext(ctx, `UPDATE erasures SET state = 'done', ended_at = ?, sealed_person = '' WHERE id = ? AND state = 'running' RETURNING removed`,
			e.db.now(), e.id).Scan(&removed)
		if isNoRow(kindOf(err)) {
			return nil
		}
		if err != nil {
			return err
		}
		detail := map[string]any{}
		if err := json.Unmarshal([]byte(removed), &detail); err != nil {
			return err
		}
		return e.db.audit(tx, By{}, "person.erased", fmt.Sprintf("erasure %d", e.id), detail)
	})
	if err != nil {
		return false, err
	}
	return false, e.db.engine.checkpoint(ctx)
}

// dropped deletes rows of a table and counts them.
func dropped(tx *gorm.DB, count func(string, int64), kind, text string, args ...any) error {
	gone := tx.Exec(text, args...)
	if gone.Error == nil && kind != "" {
		count(kind, gone.RowsAffected)
	}
	return gone.Error
}

// errFiles is behind an error of the store: the rows stay, so that the files are found again.
var errFiles = errors.New("a file could not be removed from the store")

package models

import (
	"context"
	"slices"
	"time"

	"gorm.io/gorm"
)

// lateAtMost is how long after a response was removed the platform may still send it again: Meta tries for 7 days.
const lateAtMost = 30 * 24 * time.Hour

func removedMarks(wamids []string) []string { return prefixed("removed ", wamids) }

// markRemoved keeps that the messages of responses that retention removed do not come back.
func (db *DB) markRemoved(tx *gorm.DB, some []oldResponse) error {
	for _, r := range some {
		_, err := tx.Statement.ConnPool.ExecContext(tx.Statement.Context, `INSERT INTO removed_marks (mark, at, received_at) VALUES (?, ?, ?) ON CONFLICT (mark) DO NOTHING`,
			db.markOf(removedMarks([]string{r.wamid})[0]), db.now(), r.received)
		if err != nil {
			return err
		}
	}
	return nil
}

// dropMarks drops the oldest marks of which no delivery can be left, and no redelivery come.
func (db *DB) dropMarks(ctx context.Context) error {
	for n := int64(marksAtOnce); n == marksAtOnce; {
		begin := time.Now()
		err := db.alongside(ctx, func(tx *gorm.DB) error {
			gone := tx.Exec(`DELETE FROM removed_marks WHERE mark IN (SELECT mark FROM removed_marks WHERE at < ?
				AND received_at < (SELECT coalesce(min(received_at), ?) FROM deliveries) ORDER BY at LIMIT ?)`, at(db.Now().Add(-lateAtMost)), db.now(), marksAtOnce)
			n = gone.RowsAffected
			return gone.Error
		})
		if err != nil {
			return err
		}
		if err := rest(ctx, begin); err != nil {
			return err
		}
	}
	return nil
}

// withoutRemoved takes out of deliveries the messages whose responses retention removed. Their bodies stay as they are, for
// their own time.
func (x *inboxTx) withoutRemoved(ds []Decoded) ([]Decoded, error) {
	var wamids []string
	for _, d := range ds {
		for _, m := range d.Messages {
			if m.Flow != nil {
				wamids = append(wamids, m.WAMID)
			}
		}
	}
	if len(wamids) == 0 {
		return ds, nil
	}
	gone, err := x.db.removedOf(x.ctx, inTx(x.tx), wamids)
	if err != nil || len(gone) == 0 {
		return ds, err
	}
	ds = slices.Clone(ds)
	for i := range ds {
		kinds := kinds(ds[i])
		left := slices.DeleteFunc(slices.Clone(ds[i].Messages), func(m InMessage) bool { return m.Flow != nil && gone[m.WAMID] })
		if len(left) < len(ds[i].Messages) {
			ds[i].Messages, ds[i].kinds = left, kinds
		}
	}
	return ds, nil
}

// removedOf tells which messages were of responses that retention removed.
func (db *DB) removedOf(ctx context.Context, q querier, wamids []string) (map[string]bool, error) {
	gone := map[string]bool{}
	slices.Sort(wamids)
	for some := range slices.Chunk(slices.Compact(wamids), marksAtOnce) {
		by := make(map[string]string, len(some))
		args := make([]any, len(some))
		for i, what := range removedMarks(some) {
			mark := db.markOf(what)
			by[string(mark)], args[i] = some[i], mark
		}
		rows, err := q.QueryContext(ctx, `SELECT mark FROM removed_marks WHERE mark IN (`+placeholders(len(args))+`)`, args...)
		_, err = collect(rows, err, func(_ *struct{}, s scanner) error {
			var mark []byte
			err := s.Scan(&mark)
			gone[by[string(mark)]] = true
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return gone, nil
}

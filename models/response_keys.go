package models

import (
	"cmp"
	"context"
	"slices"
)

func compareListKeys(a, b listKey) int {
	return cmp.Or(a.received.Compare(b.received.Time), cmp.Compare(a.id, b.id))
}

// readAll reads the keys of all that the leads name and the filter takes, once.
func (s *responseSearch) readAll(ctx context.Context) error {
	if s.keys != nil {
		return nil
	}
	from, w := s.found()
	rows, err := s.db.reader().QueryContext(ctx, `SELECT r.received_at, r.id FROM `+from.text+` `+w.sql(), slices.Concat(from.args, w.args)...)
	all, err := collect(rows, err, func(k *listKey, s scanner) error { return s.Scan(&k.received, &k.id) })
	if err != nil {
		return err
	}
	slices.SortFunc(all, func(a, b listKey) int { return -compareListKeys(a, b) })
	s.keys = slices.Concat([]listKey{}, all) // never nil again
	return nil
}

// readKeys reads the next n of them beyond a key (id 0: from the end), newer ones oldest first.
func (s *responseSearch) readKeys(ctx context.Context, key listKey, newer bool, n int) ([]Response, error) {
	if err := s.readAll(ctx); err != nil {
		return nil, err
	}
	at, found := 0, false
	if key.id != 0 {
		at, found = slices.BinarySearchFunc(s.keys, key, func(a, b listKey) int { return -compareListKeys(a, b) })
	} else if newer {
		at = len(s.keys)
	}
	var some []listKey
	if newer {
		some = slices.Clone(s.keys[max(0, at-n):at])
		slices.Reverse(some)
	} else {
		if found {
			at++
		}
		some = s.keys[at:min(len(s.keys), at+n)]
	}
	return s.rowsAt(ctx, each(some, func(k listKey) int64 { return k.id }))
}

// rowsAt reads the responses of ids, in their order.
func (s *responseSearch) rowsAt(ctx context.Context, ids []int64) ([]Response, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var w where
	w.in(`r.id`, ids)
	rows, err := s.read(ctx, stmtArgs{selectResponses + w.sql(), w.args})
	at := map[int64]int{}
	for i, id := range ids {
		at[id] = i
	}
	slices.SortFunc(rows, func(a, b Response) int { return at[a.ID] - at[b.ID] })
	return rows, err
}

package models

import (
	"context"
	"database/sql"
	"errors"
	"slices"
)

// A VisitPage is one page, the newest first: by start, then id. Of what was said in a visit it holds nothing: no trail,
// answers, data sent, last request. Older and Newer are ids to page from; 0 = no such page.
type VisitPage struct {
	Rows         []Visit
	Older, Newer int64
}

// selectVisits reads what a list shows.
const selectVisits = `SELECT v.id, v.flow_id, v.token, v.run, v.test, v.rule_version, v.started_at, v.last_at, v.outcome, v.screen, v.steps, v.faulty
	FROM `

func (v *Visit) scan(s scanner) error {
	return s.Scan(&v.ID, &v.FlowID, &v.Token, &v.Run, &v.Test, &v.RuleVersion, &v.StartedAt, &v.LastAt, &v.Outcome, &v.Screen, &v.Steps, &v.Faulty)
}

// A visitSearch reads the visits of a filter.
type visitSearch struct {
	db    *DB
	f     VisitFilter
	from  string
	where where
}

// visitSearch finds out first which visits are those of the people asked for.
func (db *DB) visitSearch(ctx context.Context, f VisitFilter) (visitSearch, error) {
	s := visitSearch{db: db, f: f, from: f.from(db.engine.dialect()), where: f.where(db.Now())}
	if !f.ofPeople() {
		return s, nil
	}
	ids, err := db.contactVisits(ctx, f)
	if err != nil {
		return s, err
	}
	if len(ids) == 0 {
		s.where.and(`FALSE`)
		return s, nil
	}
	s.where.in(`v.id`, ids)
	return s, nil
}

// beyond reads the next n beyond a place (id 0: from the end), newer ones oldest first.
func (s visitSearch) beyond(ctx context.Context, from listKey, newer bool, n int) ([]Visit, error) {
	q := s.query(from, newer, n)
	rows, err := s.db.reader().QueryContext(ctx, q.text, q.args...)
	return collect(rows, err, (*Visit).scan)
}

func (s visitSearch) query(from listKey, newer bool, n int) stmtArgs {
	w := where{slices.Clone(s.where.parts), slices.Clone(s.where.args)}
	compare, direction, plus := `<`, ` DESC`, ``
	if newer {
		compare, direction = `>`, ` ASC`
	}
	if s.f.few() {
		plus = `+`
	}
	if from.id != 0 {
		w.and(`(`+plus+`v.started_at, `+plus+`v.id) `+compare+` (?, ?)`, from.received, from.id)
	}
	return stmtArgs{selectVisits + s.from + w.sql() + ` ORDER BY ` + plus + `v.started_at` + direction + `, ` + plus + `v.id` + direction + ` LIMIT ?`, append(w.args, n)}
}

// visitPlace is where the visit of that id stands; one that is gone stood beside the next older id.
func (db *DB) visitPlace(ctx context.Context, id int64) (k listKey, err error) {
	if id <= 0 {
		return k, nil
	}
	k.id = id
	err = db.reader().QueryRowContext(ctx, `SELECT started_at FROM visits WHERE id <= ? ORDER BY id DESC LIMIT 1`, id).Scan(&k.received)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return k, err
}

// Visits returns a page by key.
func (db *DB) Visits(ctx context.Context, f VisitFilter) (VisitPage, error) {
	s, err := db.visitSearch(ctx, f)
	if err != nil {
		return VisitPage{}, err
	}
	cursor, back := f.Before, f.After > 0
	if back {
		cursor = f.After
	}
	from, err := db.visitPlace(ctx, cursor)
	if err != nil {
		return VisitPage{}, err
	}
	limit := pageLimit(f.Limit)
	rows, err := s.beyond(ctx, from, back, limit+1)
	if err != nil || len(rows) == 0 {
		return VisitPage{}, err
	}
	more := len(rows) > limit
	rows = rows[:min(len(rows), limit)]
	if back {
		slices.Reverse(rows)
	}
	page := VisitPage{Rows: rows}
	newer, older := back && more, !back && more
	if first := rows[0]; !back && cursor != 0 {
		newer, err = s.any(ctx, first, true)
	}
	if last := rows[len(rows)-1]; back {
		older, err = s.any(ctx, last, false)
	}
	if newer {
		page.Newer = rows[0].ID
	}
	if older {
		page.Older = rows[len(rows)-1].ID
	}
	return page, err
}

func (s visitSearch) any(ctx context.Context, v Visit, newer bool) (bool, error) {
	rows, err := s.beyond(ctx, listKey{v.StartedAt, v.ID}, newer, 1)
	return len(rows) > 0, err
}

// CountVisits counts, at most 10,001.
func (db *DB) CountVisits(ctx context.Context, f VisitFilter) (n int, err error) {
	s, err := db.visitSearch(ctx, f)
	if err != nil {
		return 0, err
	}
	err = db.reader().QueryRowContext(ctx, `SELECT count(*) FROM (SELECT 1 FROM `+s.from+s.where.sql()+` LIMIT ?) AS counted`, append(s.where.args, countCap)...).Scan(&n)
	return n, err
}

// VisitsBeside are the ids of the next newer and the next older visit of a filter; 0 = none. The visit itself need not
// be one of them.
func (db *DB) VisitsBeside(ctx context.Context, f VisitFilter, v Visit) (newer, older int64, err error) {
	s, err := db.visitSearch(ctx, f)
	if err != nil {
		return 0, 0, err
	}
	for _, to := range []struct {
		id    *int64
		newer bool
	}{{&newer, true}, {&older, false}} {
		rows, err := s.beyond(ctx, listKey{v.StartedAt, v.ID}, to.newer, 1)
		if err != nil {
			return 0, 0, err
		}
		if len(rows) > 0 {
			*to.id = rows[0].ID
		}
	}
	return newer, older, nil
}

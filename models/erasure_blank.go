package models

import (
	"context"
	"strings"

	"gorm.io/gorm"
)

// SQLite moves rows between pages while their neighbours are deleted, and a copy of each stays in the unused part of the page
// where it was. So all rows of a person are overwritten in their places, before the first of them is deleted.

// blanked are the columns that are overwritten.
var blanked = map[string][]string{
	"responses": {"answers", "search", "raw"},
	"answers":   {"text"},
	"visits":    {"answers", "sent", "last_answer"},
	"steps":     {"data", "answer"},
	"messages":  {"body"},
}

// blankIn writes an empty object of as many bytes as there were: lists that show the rows meanwhile can read it.
func blankIn(tx *gorm.DB, table, column string, ids []int64) error {
	if len(ids) == 0 {
		return nil
	}
	var sets []string
	for _, c := range blanked[table] {
		empty := `'{' || printf('%*s', length(CAST(` + c + ` AS BLOB)) - 2, '') || '}'`
		sets = append(sets, c+` = CASE WHEN coalesce(length(`+c+`), 0) < 2 THEN `+c+` WHEN typeof(`+c+`) = 'blob' THEN CAST(`+empty+` AS BLOB) ELSE `+empty+` END`)
	}
	return tx.Exec(`UPDATE `+table+` SET `+strings.Join(sets, ", ")+` WHERE `+column+` IN ?`, ids).Error
}

// blankNext reads the next rows of a table that are the person's.
func (e *erasing) blankNext(ctx context.Context, table string, last int64) ([]personResponse, error) {
	if e.db.engine.dialect().postgres || len(e.person.Contacts) == 0 {
		return nil, nil
	}
	columns := `id, 0`
	if table == "responses" {
		columns = `id, visit_id`
	}
	var w where
	w.in(`contact_id`, e.person.Contacts)
	w.and(`id > ?`, last)
	rows, err := e.db.reader().QueryContext(ctx, `SELECT `+columns+` FROM `+table+` `+w.sql()+` ORDER BY id LIMIT ?`, append(w.args, erasedAtOnce)...)
	return collect(rows, err, func(r *personResponse, s scanner) error { return s.Scan(&r.id, &r.visit) })
}

func (e *erasing) blankResponses(ctx context.Context) (more bool, err error) {
	some, err := e.blankNext(ctx, "responses", e.blank[0])
	if err != nil || len(some) == 0 {
		return false, err
	}
	visits, _, err := e.visitsOf(ctx, some)
	if err != nil {
		return false, err
	}
	ids := each(some, func(r personResponse) int64 { return r.id })
	e.blank[0] = ids[len(ids)-1]
	return true, e.change(ctx, func(tx *gorm.DB, _ func(string, int64)) error {
		for _, b := range []struct {
			table, column string
			ids           []int64
		}{{"responses", "id", ids}, {"answers", "response_id", ids}, {"visits", "id", visits}, {"steps", "visit_id", visits}} {
			if err := blankIn(tx, b.table, b.column, b.ids); err != nil {
				return err
			}
		}
		return tx.Exec(`UPDATE erasures SET blank_response = ? WHERE id = ?`, e.blank[0], e.id).Error
	})
}

func (e *erasing) blankMessages(ctx context.Context) (more bool, err error) {
	some, err := e.blankNext(ctx, "messages", e.blank[1])
	if err != nil || len(some) == 0 {
		return false, err
	}
	ids := each(some, func(r personResponse) int64 { return r.id })
	e.blank[1] = ids[len(ids)-1]
	return true, e.change(ctx, func(tx *gorm.DB, _ func(string, int64)) error {
		if err := blankIn(tx, "messages", "id", ids); err != nil {
			return err
		}
		return tx.Exec(`UPDATE erasures SET blank_message = ? WHERE id = ?`, e.blank[1], e.id).Error
	})
}

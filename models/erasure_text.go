package models

import (
	"context"
	"maps"
	"slices"

	"gorm.io/gorm"
)

// texts removes rows whose text names the person, and takes the person out of bodies of others that were decoded.
func (e *erasing) texts(ctx context.Context) (more bool, err error) {
	for _, table := range slices.Sorted(maps.Keys(personal)) {
		if t := personal[table]; t.text+t.body+t.plain != "" {
			if err := e.textsOf(ctx, table, t); err != nil {
				return false, err
			}
		}
	}
	return false, nil
}

// A namingRow is a row that names the person.
type namingRow struct {
	id   int64
	body []byte // as it is to be; of tables whose rows go, what names them
}

// textsOf reads a table through, some rows at a time.
func (e *erasing) textsOf(ctx context.Context, table string, t treatment) error {
	text := t.text + t.body + t.plain // a table has one of them
	who := e.person.scrubber()
	for last, some := int64(0), readAtOnce; some == readAtOnce; {
		var found []namingRow
		some = 0
		rows, err := e.db.reader().QueryContext(ctx, `SELECT id, `+text+` FROM `+table+` WHERE id > ? ORDER BY id LIMIT ?`, last, readAtOnce)
		_, err = collect(rows, err, func(_ *struct{}, s scanner) error {
			var r namingRow
			err := s.Scan(&r.id, &r.body)
			last, some = r.id, some+1
			said := string(r.body)
			if err == nil && (who.names(said) || t.filter && asksFor(said, e.person.Words)) {
				if r.body, _ = who.body(r.body); t.plain != "" {
					r.body = []byte(who.blank(said))
				}
				found = append(found, r)
			}
			return err
		})
		if err != nil {
			return err
		}
		if err := e.settleTexts(ctx, table, t, found); err != nil {
			return err
		}
	}
	return nil
}

func (e *erasing) settleTexts(ctx context.Context, table string, t treatment, found []namingRow) error {
	if len(found) == 0 {
		return nil
	}
	return e.change(ctx, func(tx *gorm.DB, count func(string, int64)) error {
		if t.ends != "" {
			return tx.Exec(`UPDATE `+table+` SET `+t.ends+` WHERE id IN ?`, each(found, func(r namingRow) int64 { return r.id })).Error
		}
		if t.text != "" {
			return dropIn(tx, count, t.kind, table, "id", each(found, func(r namingRow) int64 { return r.id }))
		}
		for _, r := range found {
			if err := tx.Exec(`UPDATE `+table+` SET `+t.body+t.plain+` = ? WHERE id = ?`, string(r.body), r.id).Error; err != nil {
				return err
			}
		}
		return nil
	})
}

package models

import (
	"bytes"
	"context"
	"fmt"
)

// sealedBatch is how many visits or steps are read at once: each may hold a whole form.
const sealedBatch = 200

// sealedPlaces are the columns whose values are sealed or empty, the column that tells the row in their place, and since
// which schema version there are any: a backup may be older.
var sealedPlaces = []struct {
	table, row, column string
	since              int64
}{
	{"master_check", "id", "sealed", 1},
	{"settings", "name", "sealed", 1},
	{"keys", "fingerprint", "sealed_private", 1},
	{"flows", "id", "sealed_secret", 1},
	{"flows", "id", "sealed_app_secret", 1},
	{"flows", "id", "sealed_app_secret_previous", 1},
	{"files", "key", "sealed_name", 5},
	{"files", "key", "sealed_source", 5},
	{"targets", "id", "sealed_secret", 3},
	{"targets", "id", "sealed_secret_previous", 3},
	{"erasures", "id", "sealed_person", 17},
	{"receivers", "id", "sealed_address", 14},
	{"receivers", "id", "sealed_secret", 14},
	{"receivers", "id", "sealed_secret_previous", 22},
}

// A sealedTally counts sealed values and those that do not open.
type sealedTally struct {
	s          *sealer
	all, wrong int
	first      string // where one does not open, by number
}

func (t *sealedTally) open(p place, sealed, where string) {
	t.all++
	if _, err := t.s.open(p, sealed); err != nil {
		if t.wrong++; t.wrong == 1 {
			t.first = where
		}
	}
}

// columns are those of a row that may be sealed or not.
func (t *sealedTally) columns(table, row string, id int64, columns []column) {
	for _, c := range columns {
		if bytes.HasPrefix(*c.value, []byte(sealVersion+".")) {
			t.open(place{table, row, c.name}, string(*c.value), fmt.Sprintf("%s of %s %d", c.name, table, id))
		}
	}
}

// checkSealed opens every sealed value with the master key.
func (db *DB) checkSealed(ctx context.Context) (Verdict, string, error) {
	var version int64
	if err := db.reader().QueryRowContext(ctx, sqlSchemaVersion).Scan(&version); err != nil {
		return Broken, "", err
	}
	t := &sealedTally{s: db.sealer}
	for _, p := range sealedPlaces {
		if p.since > version {
			continue
		}
		if err := db.openPlaces(ctx, t, p.table, p.row, p.column); err != nil {
			return Broken, "", err
		}
	}
	err := eachRow(ctx, db, func(r *visitRow) int64 {
		t.columns("visits", r.key(), r.ID, r.private())
		return r.ID
	})
	if err == nil {
		err = eachRow(ctx, db, func(r *stepRow) int64 {
			t.columns("steps", r.key(), r.ID, r.private())
			return r.ID
		})
	}
	if err != nil {
		return Broken, "", err
	}
	if t.wrong > 0 {
		return Broken, fmt.Sprintf("%d of %d do not open with this master key or were changed, the first is %s", t.wrong, t.all, t.first), nil
	}
	return Good, fmt.Sprintf("all %d open with this master key", t.all), nil
}

func (db *DB) openPlaces(ctx context.Context, t *sealedTally, table, row, col string) error {
	rows, err := db.reader().QueryContext(ctx, fmt.Sprintf("SELECT CAST(%[2]s AS TEXT), %[3]s FROM %[1]s WHERE %[3]s <> '' ORDER BY %[2]s", table, row, col))
	_, err = collect(rows, err, func(_ *struct{}, r scanner) error {
		var name, sealed string
		if err := r.Scan(&name, &sealed); err != nil {
			return err
		}
		t.open(place{table, name, col}, sealed, fmt.Sprintf("%s of %s %.20s", col, table, name))
		return nil
	})
	return err
}

// eachRow reads a whole table by id, a batch after the other.
func eachRow[R any](ctx context.Context, db *DB, take func(*R) (id int64)) error {
	for last := int64(0); ; {
		var rows []R
		if err := db.read.WithContext(ctx).Where("id > ?", last).Order("id").Limit(sealedBatch).Find(&rows).Error; err != nil {
			return err
		}
		for i := range rows {
			last = take(&rows[i])
		}
		if len(rows) < sealedBatch {
			return nil
		}
	}
}

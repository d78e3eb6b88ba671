package models_test

import (
	"strings"
	"testing"

	"switchyard/models"
	"switchyard/models/modelstest"
)

// TestOfEveryPointerItIsKnownWhetherItIsChecked fails when a column that points to another table is new.
func TestOfEveryPointerItIsKnownWhetherItIsChecked(t *testing.T) {
	db := modelstest.Open(t)
	keys, columns := map[string]bool{}, []string{}
	if modelstest.Postgres() {
		for _, line := range lines(t, db, `SELECT c.conrelid::regclass || '.' || a.attname FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey)
			WHERE c.contype = 'f' AND c.connamespace = current_schema()::regnamespace`) {
			keys[line] = true
		}
	}
	for _, table := range tables(t, db) {
		query := `SELECT name FROM pragma_table_info('` + table + `')`
		if modelstest.Postgres() {
			query = `SELECT column_name FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = '` + table + `'`
		} else {
			for _, column := range lines(t, db, `SELECT "from" FROM pragma_foreign_key_list('`+table+`')`) {
				keys[table+"."+column] = true
			}
		}
		for _, column := range lines(t, db, query) {
			if strings.HasSuffix(column, "_id") {
				columns = append(columns, table+"."+column)
			}
		}
	}
	if len(columns) < 80 || len(keys) < 5 {
		t.Fatalf("%d columns and %d foreign keys were found; this test would see nothing", len(columns), len(keys))
	}
	checked, known := models.CheckedPointers()
	there := map[string]bool{}
	for _, c := range columns {
		_, name, _ := strings.Cut(c, ".")
		there[c], there[name] = true, true
		if !checked[c] && !keys[c] && !known[c] && !known[name] {
			t.Errorf("nothing says whether %s may point to nothing: add it to pointers or unchecked in check_pointer.go", c)
		}
	}
	for c := range known {
		if !there[c] {
			t.Errorf("unchecked has %s, which is not there", c)
		}
	}
	for c := range checked {
		if !there[c] {
			t.Errorf("pointers has %s, which is not there", c)
		}
	}
}

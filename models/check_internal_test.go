package models

import (
	"path/filepath"
	"slices"
	"testing"
)

// TestEverySealedColumnIsChecked: whoever adds one adds it to sealedPlaces. Those of visits and steps, which may be sealed
// or not, have no name that tells.
func TestEverySealedColumnIsChecked(t *testing.T) {
	db, err := Open(t.Context(), Options{URL: "sqlite:" + filepath.Join(t.TempDir(), "a.db"), MasterKey: make([]byte, masterKeySize), Migrate: true})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.reader().QueryContext(t.Context(), `SELECT t.name || '.' || c.name FROM pragma_table_list t, pragma_table_info(t.name) c
		WHERE t.schema = 'main' AND (c.name = 'sealed' OR c.name LIKE 'sealed!_%' ESCAPE '!')`)
	columns, err := collect(rows, err, func(s *string, row scanner) error { return row.Scan(s) })
	if err != nil || len(columns) == 0 {
		t.Fatalf("sealed columns = %q, %v", columns, err)
	}
	var known []string
	for _, p := range sealedPlaces {
		known = append(known, p.table+"."+p.column)
	}
	slices.Sort(columns)
	slices.Sort(known)
	if !slices.Equal(known, columns) {
		t.Errorf("sealedPlaces = %q; the schema has %q", known, columns)
	}
}

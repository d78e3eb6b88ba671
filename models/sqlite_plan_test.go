package models

import (
	"fmt"
	"path/filepath"
	"testing"
)

// TestListsKeepToTheirIndexBesideOneWithoutStatistics has a database that was analysed before a migration made another
// index of the flow's responses: SQLite takes that one for tiny.
func TestListsKeepToTheirIndexBesideOneWithoutStatistics(t *testing.T) {
	url := "sqlite:" + filepath.Join(t.TempDir(), "s.db")
	t.Run("analysed", func(t *testing.T) {
		db := openFor(t, url)
		manySearched(t, db, 1000)
		for _, text := range []string{`ANALYZE`, `DELETE FROM sqlite_stat1 WHERE idx = 'responses_outcome'`} {
			if _, err := db.writer().ExecContext(t.Context(), text); err != nil {
				t.Fatalf("%s: %v", text, err)
			}
		}
	})
	db := openFor(t, url) // which reads the statistics
	for _, f := range []ResponseFilter{{FlowID: 1}, {FlowID: 1, State: Complete}, {FlowID: 1, From: db.Now().AddDate(-1, 0, 0)}} {
		for _, newer := range []bool{false, true} {
			for _, key := range []listKey{{}, {at(db.Now()), 7}} {
				s, err := db.responseSearch(t.Context(), f)
				if err != nil {
					t.Fatal(err)
				}
				q := s.inOrder(key, listKey{}, newer, 50)
				wantIndexed(t, db, fmt.Sprintf("%+v beyond %v", f, key), q.text, q.args...)
			}
		}
	}
}

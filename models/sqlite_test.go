package models

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"
)

func openTest(t *testing.T) *DB {
	t.Helper()
	return openURL(t, "sqlite:"+filepath.Join(t.TempDir(), "s.db"))
}

// eachConn runs fn on all n connections of a pool, all held at once so that none is met twice.
func eachConn(t *testing.T, p *sql.DB, n int, fn func(c *sql.Conn)) {
	t.Helper()
	for range n {
		c, err := p.Conn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		fn(c)
	}
}

func TestEveryPooledConnectionHasItsPragmas(t *testing.T) {
	db := openTest(t)
	common := map[string]string{"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "busy_timeout": "5000", "page_size": "8192", "auto_vacuum": "2"}
	pools := []struct {
		name string
		pool *sql.DB
		n    int
		also map[string]string
	}{
		{"writer", db.writer(), 1, map[string]string{"query_only": "0", "wal_autocheckpoint": "8192", "journal_size_limit": "67108864", "secure_delete": "1"}},
		{"keeper", db.engine.(*sqliteEngine).keeper, 1, map[string]string{"query_only": "0", "wal_autocheckpoint": "0"}},
		{"reader", db.reader(), readers, map[string]string{"query_only": "1"}},
	}
	for _, p := range pools {
		if got := p.pool.Stats().MaxOpenConnections; got != p.n {
			t.Errorf("%s: at most %d connections; want %d", p.name, got, p.n)
		}
		i := 0
		eachConn(t, p.pool, p.n, func(c *sql.Conn) {
			i++
			for _, want := range []map[string]string{common, p.also} {
				for name, value := range want {
					var got string
					if err := c.QueryRowContext(t.Context(), "PRAGMA "+name).Scan(&got); err != nil || got != value {
						t.Errorf("%s %d: PRAGMA %s = %q, %v; want %q", p.name, i, name, got, err, value)
					}
				}
			}
		})
	}
}

func TestAReaderCannotWrite(t *testing.T) {
	db := openTest(t)
	if err := db.read.Exec("UPDATE revision SET n = 99").Error; err == nil {
		t.Error("UPDATE on a reader = nil; want an error")
	}
}

func TestAConnectionWithAnotherPragmaIsRefused(t *testing.T) {
	for _, dsn := range []string{
		strings.Replace(dsnWrite, "_synchronous=FULL", "_synchronous=NORMAL", 1),
		strings.Replace(dsnWrite, "_foreign_keys=1", "_foreign_keys=0", 1),
	} {
		p := pool(filepath.Join(t.TempDir(), "s.db"), dsn, 1, "PRAGMA journal_mode = WAL")
		if err := p.Ping(); err == nil {
			t.Errorf("Ping() with %s = nil; want it refused", dsn)
		}
		p.Close()
	}
	p := pool(filepath.Join(t.TempDir(), "s.db"), dsnWrite, 1)
	if err := p.Ping(); err == nil || !strings.Contains(err.Error(), "journal_mode") {
		t.Errorf("Ping() without WAL = %v; want it refused", err)
	}
	p.Close()
}

func TestAnUnconditionalUpdateIsRefused(t *testing.T) {
	db := openTest(t)
	err := db.tx(t.Context(), func(tx *gorm.DB) error { return tx.Model(&alertRow{}).Update("status", "resolved").Error })
	if err == nil {
		t.Error("an update of all rows = nil; want it refused")
	}
}

// A row struct must have the columns of its table and no others, so that a migration cannot leave one behind.
func TestRowStructsMatchTheirTables(t *testing.T) {
	for name, db := range map[string]*DB{"sqlite": openTest(t), "postgres": openPostgres(t)} {
		t.Run(name, func(t *testing.T) { holdRowStructs(t, db) })
	}
}

func holdRowStructs(t *testing.T, db *DB) {
	t.Helper()
	rows := []any{
		&contactRow{}, &flowEventRow{}, &alertRow{}, &alertEventRow{}, &alertActRow{}, &accountEventRow{},
		&settingRow{}, &masterCheckRow{}, &FlowJSON{}, &RuleSet{}, &listRow{}, &listVersionRow{}, &keyRow{}, &visitRow{}, &stepRow{}, &userRow{}, &Session{},
		&Mark{}, &auditEntry{}, &mappingRow{}, &dismissalRow{}, &fileRow{}, &DraftEdit{}, &Presence{}, &tallyRow{}, &limitsRow{}, &watchRow{},
	}
	for _, row := range rows {
		stmt := &gorm.Statement{DB: db.read}
		if err := stmt.Parse(row); err != nil {
			t.Fatal(err)
		}
		fields := map[string]bool{}
		for _, name := range stmt.Schema.DBNames {
			fields[name] = true
		}
		columns := columnsOf(t, db, stmt.Schema.Table)
		for c := range columns {
			if !fields[c] {
				t.Errorf("%T has no field for column %s.%s", row, stmt.Schema.Table, c)
			}
		}
		for f := range fields {
			if !columns[f] {
				t.Errorf("%T has a field %s that table %s has not", row, f, stmt.Schema.Table)
			}
		}
	}
}

func columnsOf(t *testing.T, db *DB, table string) map[string]bool {
	t.Helper()
	rows, err := db.reader().QueryContext(t.Context(), "SELECT * FROM "+table+" LIMIT 0")
	if err != nil {
		t.Fatalf("columns of %s: %v", table, err)
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil || len(names) == 0 {
		t.Fatalf("columns of %s: %d, %v", table, len(names), err)
	}
	columns := map[string]bool{}
	for _, n := range names {
		columns[n] = true
	}
	return columns
}

// The lists must be read in the order of an index, never sorted: that is what keeps a page at 1 M rows fast.
func TestListsAreReadInTheOrderOfAnIndex(t *testing.T) {
	db := openTest(t)
	key := listKey{at(db.Now()), 7}
	filters := []ResponseFilter{
		{}, {FlowID: 1}, {State: Unreadable}, {FlowID: 1, State: Complete}, {From: db.Now()}, {FlowID: 1, From: db.Now(), To: db.Now()},
		{Text: "ada"}, {FlowID: 1, Tests: true},
	}
	for _, f := range filters {
		for _, newer := range []bool{false, true} {
			s, err := db.responseSearch(t.Context(), f)
			if err != nil {
				t.Fatal(err)
			}
			q := s.inOrder(key, listKey{}, newer, 50)
			wantIndexed(t, db, fmt.Sprintf("%+v", f), q.text, q.args...)
		}
	}
	for _, f := range []AlertFilter{{}, {Status: "active"}, {From: db.Now()}} {
		w := f.where(Time{})
		wantIndexed(t, db, fmt.Sprintf("%+v", f), selectAlerts+w.sql()+` ORDER BY a.since_at DESC, a.id DESC LIMIT 50`, w.args...)
	}
	wantIndexed(t, db, "pending", `SELECT id FROM deliveries WHERE state = 'pending' AND next_at <= ? ORDER BY next_at, id LIMIT 5`, 1)
	wantIndexed(t, db, "unmatched", `SELECT id FROM deliveries WHERE state IN ('unmatched', 'failed') AND id < ? ORDER BY id DESC LIMIT 5`, 1)
	for _, table := range []string{"responses", "visits"} {
		column := map[string]string{"responses": "received_at", "visits": "started_at"}[table]
		wantIndexed(t, db, table, `SELECT count(*) FROM `+table+` WHERE flow_id = ? AND `+column+` >= ? AND `+column+` < ? AND NOT test`, 1, 2, 3)
		wantIndexed(t, db, table, `SELECT count(*) FROM `+table+` WHERE `+column+` >= ? AND `+column+` < ? AND NOT test`, 2, 3)
	}
}

// visitFilters are one of each kind whose index leads, and some with more beside it.
func visitFilters(now time.Time) []VisitFilter {
	var all []VisitFilter
	for _, f := range []VisitFilter{
		{}, {FlowID: 1}, {Outcome: VisitExpired}, {FlowID: 1, Outcome: VisitFinished}, {FlowID: 1, Outcome: VisitAbandoned}, {FlowID: 1, Screen: "S1"},
		{FlowID: 1, Screen: "S1", Outcome: VisitAbandoned}, {Faulty: true}, {FlowID: 1, Screen: "S1", Outcome: VisitOpen, Faulty: true},
	} {
		all = append(all, f)
		f.From, f.To, f.Tests = now.AddDate(0, 0, -7), now, true
		all = append(all, f)
	}
	return all
}

func TestVisitsAreReadByTheIndexOfTheirFilter(t *testing.T) {
	db := openTest(t)
	for _, f := range visitFilters(db.Now()) {
		s := visitSearch{db: db, f: f, from: f.from(db.engine.dialect()), where: f.where(db.Now())}
		for _, newer := range []bool{false, true} {
			q := s.query(listKey{at(db.Now()), 15}, newer, 51)
			wantIndexed(t, db, fmt.Sprintf("%+v", f), q.text, q.args...)
		}
		wantIndexed(t, db, fmt.Sprintf("count %+v", f), `SELECT count(*) FROM (SELECT 1 FROM `+s.from+s.where.sql()+` LIMIT 10001)`, s.where.args...)
		q := s.query(listKey{}, false, 51)
		if plan, want := planOf(t, db, q.text, q.args...), "INDEX "+f.index(); !strings.Contains(plan+" ", want+" ") {
			t.Errorf("%+v is not read by %s:\n%s", f, want, plan)
		}
	}
}

func TestADeliveryIsDroppedWithoutLookingAtEveryForward(t *testing.T) {
	db := openTest(t)
	for _, query := range []string{sqliteOldDeliveries, `DELETE FROM deliveries WHERE ` + sqliteDelivered + ` AND id IN (1, 2)`} {
		args := make([]any, strings.Count(query, "?"))
		if plan := planOf(t, db, query, args...); strings.Contains(plan, "SCAN") {
			t.Errorf("plan of %s:\n%s", query, plan)
		}
	}
}

func planOf(t *testing.T, db *DB, query string, args ...any) string {
	t.Helper()
	rows, err := db.reader().QueryContext(context.Background(), "EXPLAIN QUERY PLAN "+query, args...)
	plan, err := collect(rows, err, func(s *string, r scanner) error {
		var a, b, c int
		return r.Scan(&a, &b, &c, s)
	})
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return strings.Join(plan, "\n")
}

func wantIndexed(t *testing.T, db *DB, name, query string, args ...any) {
	t.Helper()
	all := planOf(t, db, query, args...)
	if strings.Contains(all, "TEMP B-TREE") || !strings.Contains(all, "INDEX") || strings.HasPrefix(all, "SCAN") && !strings.Contains(strings.SplitN(all, "\n", 2)[0], "INDEX") {
		t.Errorf("%s: plan of %s:\n%s", name, query, all)
	}
}

func TestALockedDatabaseIsToldAsSuch(t *testing.T) {
	db := openTest(t)
	if _, err := db.writer().Exec("PRAGMA busy_timeout = 20"); err != nil {
		t.Fatal(err)
	}
	other := pool(db.engine.(*sqliteEngine).file, dsnWrite, 1)
	defer other.Close()
	holds, err := other.Begin() // immediate
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Probe(t.Context()); !errors.Is(err, ErrLocked) {
		t.Errorf("a write beside another program's = %v; want ErrLocked", err)
	}
	if err := db.StoreDeliveries(t.Context(), []Delivery{{Source: "meta", Body: []byte("x")}}); !errors.Is(err, ErrLocked) {
		t.Errorf("StoreDeliveries beside another program's write = %v; want ErrLocked", err)
	}
	if err := holds.Rollback(); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Probe(t.Context()); err != nil {
		t.Errorf("a write after it = %v; want nil", err)
	}
	if _, err := db.writer().Exec("PRAGMA query_only = 1"); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Probe(t.Context()); !errors.Is(err, ErrReadOnly) {
		t.Errorf("a write where nothing may be written = %v; want ErrReadOnly", err)
	}
	if _, err := db.writer().Exec("PRAGMA query_only = 0"); err != nil {
		t.Fatal(err)
	}
}

func TestAWriteThatItsTimeEndedSaysSo(t *testing.T) {
	db := openTest(t)
	ctx, cancel := context.WithCancel(t.Context())
	err := db.tx(ctx, func(tx *gorm.DB) error {
		cancel()
		time.Sleep(10 * time.Millisecond) // database/sql rolls back behind
		return tx.Exec("UPDATE revision SET n = 5").Error
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("tx whose context ends in it = %v; want %v", err, context.Canceled)
	}
}

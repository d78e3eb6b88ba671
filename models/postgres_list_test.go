package models

import (
	"fmt"
	"strings"
	"testing"

	"switchyard/models/alert"
)

// planned is PostgreSQL's plan, as EXPLAIN tells it.
func planned(t *testing.T, db *DB, query string, args ...any) string {
	t.Helper()
	rows, err := db.reader().QueryContext(t.Context(), `EXPLAIN `+query, args...)
	plan, err := collect(rows, err, func(s *string, r scanner) error { return r.Scan(s) })
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return strings.Join(plan, "\n")
}

// readInOrder fails unless a list is read by an index in its order: a sort or a scan of a big table takes all of it.
func readInOrder(t *testing.T, db *DB, name, query string, args ...any) {
	t.Helper()
	plan := planned(t, db, query, args...)
	bad := strings.Contains(plan, "Sort  (") || !strings.Contains(plan, "Index")
	for _, table := range []string{"responses", "contacts", "alerts", "alert_events", "visits", "deliveries", "answers"} {
		bad = bad || strings.Contains(plan, "Seq Scan on "+table)
	}
	if bad {
		t.Errorf("%s: plan of %s:\n%s", name, query, plan)
	}
}

// TestOnPostgresReadsListsInTheOrderOfAnIndex is what TestListsAreReadInTheOrderOfAnIndex is for SQLite, with as many rows
// as its planner needs to take an index for worth it.
func TestOnPostgresReadsListsInTheOrderOfAnIndex(t *testing.T) {
	db := openOnPostgres(t)
	manySearched(t, db, 20_000)
	manyListed(t, db)
	now := at(db.Now())
	for _, f := range []ResponseFilter{
		{}, {FlowID: 1}, {State: Complete}, {FlowID: 1, State: Complete}, {From: db.Now().AddDate(0, -1, 0)}, {FlowID: 1, Tests: true},
		{Text: "sao paulo"}, {Text: "zeppelin"}, {Text: "zq"}, {FlowID: 1, Text: "ambulance"}, {Text: "joao", NamesOnly: true},
	} {
		for _, newer := range []bool{false, true} {
			s, err := db.responseSearch(t.Context(), f)
			if err != nil {
				t.Fatal(err)
			}
			q := s.inOrder(listKey{now, 15_000}, listKey{}, newer, 51)
			readInOrder(t, db, fmt.Sprintf("%+v", f), q.text, q.args...)
		}
	}
	for _, f := range []AlertFilter{{}, {Status: alert.Active}, {From: db.Now().AddDate(0, -1, 0)}} {
		w := f.where(Time{})
		readInOrder(t, db, fmt.Sprintf("%+v", f), selectAlerts+w.sql()+` ORDER BY a.since_at DESC, a.id DESC LIMIT 50`, w.args...)
	}
	for _, f := range visitFilters(db.Now()) {
		s := visitSearch{db: db, f: f, from: f.from(db.engine.dialect()), where: f.where(db.Now())}
		q := s.query(listKey{now, 15_000}, false, 51)
		readInOrder(t, db, fmt.Sprintf("%+v", f), q.text, q.args...)
	}
	readInOrder(t, db, "unmatched", `SELECT id FROM deliveries WHERE state IN ('unmatched', 'failed') AND (whole OR state = 'failed') AND id < 1000000 ORDER BY id DESC LIMIT 50`)
	readInOrder(t, db, "keys", sqlAnswerKeys+` LIMIT 1001`, 1, 1)
	readInOrder(t, db, "flows of answers", sqlAnswerFlows)
}

func TestOnPostgresFindsRareWordsByTheIndex(t *testing.T) {
	db := openOnPostgres(t)
	manySearched(t, db, 20_000)
	for _, f := range []ResponseFilter{{Text: "zeppelin"}, {Text: "submarine joao"}, {FlowID: 1, Text: "helicopter"}} {
		s, err := db.responseSearch(t.Context(), f)
		if err != nil {
			t.Fatal(err)
		}
		q := s.indexed(listKey{}, false, 51)
		from, w := s.probe()
		for _, text := range []string{planned(t, db, q.text, q.args...), planned(t, db, `SELECT 1 FROM `+from+` `+w.sql(), w.args...)} {
			if !strings.Contains(text, "Bitmap Index Scan on responses_search") || strings.Contains(text, "Seq Scan on responses") {
				t.Errorf("plan of a search for %q:\n%s", f.Text, text)
			}
		}
	}
}

// manyListed fills the other lists.
func manyListed(t *testing.T, db *DB) {
	t.Helper()
	p := db.writer()
	for _, text := range []string{
		`INSERT INTO alerts (key, meta_id, kind, status, severity, since_at, last_event) SELECT 'k' || n, 'm' || n % 9, 'ENDPOINT_LATENCY',
			CASE WHEN n % 10 = 0 THEN 'active' ELSE 'resolved' END, 1, n, n FROM generate_series(1, 20000) n`,
		`INSERT INTO alert_events (id, key, meta_id, kind, delivery_id, source, activated, at, arrived_at)
			SELECT n, 'k' || n, 'm' || n % 9, 'ENDPOINT_LATENCY', 1, 'meta', TRUE, n, n FROM generate_series(1, 20000) n`,
		`INSERT INTO visits (flow_id, token, run, started_at, last_at, outcome, screen, faulty) SELECT n % 3, 't' || n, 1, 1795000000000000 + n, 1795000000000000 + n,
			CASE n % 7 WHEN 0 THEN 'expired' WHEN 1 THEN 'open' ELSE 'finished' END, 'S' || n % 5, n % 20 = 0 FROM generate_series(1, 20000) n`,
		`INSERT INTO deliveries (source, received_at, sha256, state, whole, body) SELECT 'meta', 1795000000000000 + n % 2 * 2592000000000, 'x',
			CASE WHEN n % 20 = 0 THEN 'unmatched' ELSE 'done' END, TRUE, repeat('x', 200)::bytea FROM generate_series(1, 20000) n`,
		`INSERT INTO answers (response_id, flow_id, key, text, received_at) SELECT n, n % 2, 'key' || n % 12, 'text', 1795000000000000 + n % 2 * 2592000000000
			FROM generate_series(1, 20000) n`,
		`ANALYZE`,
	} {
		if _, err := p.Exec(text); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
	}
}

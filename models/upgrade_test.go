package models_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pressly/goose/v3"

	"switchyard/models"
	"switchyard/models/modelstest"
)

// secondSchema makes a database as the release with schema version 2 left it: a flow, a visit that had a fault, a customer,
// a response of the flow and one that no flow was found for.
func secondSchema(t *testing.T, url string) {
	t.Helper()
	p := modelstest.SQL(t, url)
	dialect, folder, now := goose.DialectSQLite3, "migrations/sqlite", modelstest.Start.UnixMicro()
	if !strings.HasPrefix(url, "sqlite:") {
		dialect, folder = goose.DialectPostgres, "migrations/postgres"
	}
	steps, err := goose.NewProvider(dialect, p, os.DirFS(folder), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := steps.UpTo(t.Context(), 2); err != nil {
		t.Fatal(err)
	}
	var statements []string
	if dialect == goose.DialectPostgres {
		from, to := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC).UnixMicro(), time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC).UnixMicro()
		for _, table := range []string{"deliveries", "steps", "answers"} {
			statements = append(statements, fmt.Sprintf(`CREATE TABLE %[1]s_2026_11 PARTITION OF %[1]s FOR VALUES FROM (%[2]d) TO (%[3]d)`, table, from, to))
		}
	}
	for _, text := range append(statements,
		`INSERT INTO flows (slug, name, mode, created_at, updated_at) VALUES ('claim', 'Claims', 'encrypted', NOW, NOW)`,
		`INSERT INTO visits (flow_id, token, run, started_at, last_at, outcome, screen, steps) VALUES (1, 'claim.1', 1, NOW, NOW, 'finished', '`+strings.Repeat("S", 3000)+`', 1)`,
		`INSERT INTO steps (flow_id, visit_id, at, action, faulty) VALUES (1, 1, NOW, 'INIT', TRUE)`,
		`INSERT INTO deliveries (source, received_at, sha256, state, reason, body) VALUES ('meta', NOW, 'a', 'done', '', '{}'), ('meta', NOW, 'b', 'unmatched', 'no flow', '{"b":1}')`,
		`INSERT INTO contacts (phone, name, search) VALUES ('447700900123', 'Ada', 'ada')`,
		`INSERT INTO messages (wamid, direction, delivery_id, contact_id, type, received_at, body) VALUES ('w1', 'in', 1, 1, 'interactive', NOW, '{}'), ('w2', 'in', 2, 1, 'interactive', NOW, '{}')`,
		`INSERT INTO responses (wamid, delivery_id, flow_id, attribution, state, token, contact_id, received_at, visit_id, answers) VALUES
			('w1', 1, 1, 'visit', 'complete', 'claim.1', 1, NOW, 1, '{"a":"b"}'), ('w2', 2, 0, '', 'unmatched', 'odd.1', 1, NOW, 0, '{"a":"c"}')`,
		`INSERT INTO answers (response_id, flow_id, key, n, text, received_at) VALUES (1, 1, 'a', 0, 'b', NOW), (2, 0, 'a', 0, 'c', NOW)`,
	) {
		if _, err := p.Exec(strings.ReplaceAll(text, "NOW", fmt.Sprint(now))); err != nil {
			t.Fatalf("%.60s… = %v", text, err)
		}
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestADatabaseOfTheReleaseBeforeIsBroughtUpToDateWithAllItHolds(t *testing.T) {
	for name, url := range modelstest.Stores(t) {
		t.Run(name, func(t *testing.T) {
			secondSchema(t, url)
			db := modelstest.OpenAt(t, url)
			for query, want := range map[string]string{
				`SELECT CASE WHEN faulty THEN 'faulty' ELSE 'well' END || length(screen) FROM visits`: "[faulty200]",
				`SELECT wamid || attributed_by || dismissal_id FROM responses ORDER BY id`:            "[w100 w200]",
				`SELECT phone || saved_name || user_at FROM contacts`:                                 "[4477009001230]",
				`SELECT wamid FROM messages WHERE NOT history ORDER BY id`:                            "[w1 w2]",
			} {
				if got := fmt.Sprint(lines(t, db, query)); got != want {
					t.Errorf("%s = %s; want %s", query, got, want)
				}
			}
			assign(t, db, models.Assign{ResponseID: 2, FlowID: 1, Remember: models.Like{Kind: models.LikeToken, Value: "odd.*"}})
			later := db.NewResponse().Token("odd.2").Answer("a", "d").Save()
			if r := response(t, db, 2); r.FlowID != 1 || later.FlowID != 1 || later.Attribution != models.ByMapping {
				t.Errorf("what was unmatched has flow %d, what is like it %d by %q; want both 1, the latter by the mapping", r.FlowID, later.FlowID, later.Attribution)
			}
			if broken, text := checked(t, db); broken != 0 {
				t.Errorf("Check after the migration:\n%s", text)
			}
		})
	}
}

// A backup is older than the program that restores it when the last one was made before an update.
func TestABackupOfTheReleaseBeforeIsRestored(t *testing.T) {
	file := filepath.Join(t.TempDir(), "backup.db")
	t.Run("make", func(t *testing.T) { // with a master key, as a server does
		url := modelstest.SQLiteURL(t)
		db := modelstest.OpenAt(t, url)
		sealed := lines(t, db, `SELECT kid || ' ' || sealed FROM master_check`)
		secondSchema(t, "sqlite:"+file)
		part := strings.Fields(sealed[0])
		raw(t, "sqlite:"+file, fmt.Sprintf(`INSERT INTO master_check (id, kid, sealed, created_at) VALUES (1, '%s', '%s', 1)`, part[0], part[1]))
	})
	url := modelstest.SQLiteURL(t)
	r, err := restoreTo(t, url, file)
	if err != nil || r.Schema != 2 {
		t.Fatalf("Restore(backup of schema 2) = %+v, %v; want it restored", r, err)
	}
	if n := flowsOf(t, url); n != 1 {
		t.Errorf("the restored database has %d flows; want 1", n)
	}
}

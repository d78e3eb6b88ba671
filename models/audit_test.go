package models_test

import (
	"database/sql"
	"errors"
	"strings"
	"testing"

	"switchyard/models"
	"switchyard/models/modelstest"
)

// rawSQL runs statements on a connection of its own, as somebody with the file would.
func rawSQL(t *testing.T, db *modelstest.DB, statements ...string) error {
	t.Helper()
	p, err := sql.Open("sqlite3", strings.TrimPrefix(db.URL, "sqlite:"))
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	for _, s := range statements {
		if _, err := p.Exec(s); err != nil {
			return err
		}
	}
	return nil
}

// auditedDB has five rows in its audit log.
func auditedDB(t *testing.T) *modelstest.DB {
	db := modelstest.Open(t)
	for _, action := range []string{"a", "b", "c", "d", "e"} {
		err := db.Audit(t.Context(), models.By{Name: "test", IP: "203.0.113.0/24"}, action, "thing 1", map[string]any{"n": 1})
		if err != nil {
			t.Fatal(err)
		}
	}
	return db
}

func TestAuditChainHolds(t *testing.T) {
	db := auditedDB(t)
	rows, head, err := db.VerifyAudit(t.Context())
	if rows != 5 || len(head) != 64 || err != nil {
		t.Errorf("VerifyAudit = %d, %q, %v; want 5 rows and a head", rows, head, err)
	}
	list, err := db.AuditRows(t.Context(), 4, 2)
	if err != nil || len(list) != 2 || list[0].Action != "c" || list[1].Action != "b" || list[0].Detail != `{"n":1}` {
		t.Errorf("AuditRows(4, 2) = %+v, %v; want c, b", list, err)
	}
}

func TestAuditRowsCannotBeChangedOrDeleted(t *testing.T) {
	db := auditedDB(t)
	for _, s := range []string{"UPDATE audit SET action = 'x' WHERE id = 3", "DELETE FROM audit WHERE id = 3"} {
		if err := rawSQL(t, db, s); err == nil || !strings.Contains(err.Error(), "append-only") {
			t.Errorf("%s = %v; want append-only", s, err)
		}
	}
}

func TestTamperedAuditLogNamesTheFirstBrokenRow(t *testing.T) {
	for _, tt := range []struct {
		statement string
		broken    int64
	}{
		{"UPDATE audit SET action = 'x' WHERE id = 3", 3},
		{"UPDATE audit SET at = at + 1 WHERE id = 1", 1},
		{"UPDATE audit SET actor = 'user 9' WHERE id = 2", 2},
		{"UPDATE audit SET ip = '' WHERE id = 2", 2},
		{"UPDATE audit SET object = action, action = object WHERE id = 2", 2},
		{"UPDATE audit SET detail = '{}' WHERE id = 5", 5},
		{"UPDATE audit SET mac = zeroblob(32) WHERE id = 4", 4},
		{"UPDATE audit SET prev = zeroblob(32) WHERE id = 4", 4},
		{"DELETE FROM audit WHERE id = 2", 2},
		{"DELETE FROM audit WHERE id = 1", 1},
		{"DELETE FROM audit WHERE id = 2; UPDATE audit SET id = id - 1 WHERE id > 2", 2},
		{"INSERT INTO audit (id, at, actor, action, prev, mac) SELECT 6, at, 'x', 'y', mac, mac FROM audit WHERE id = 5", 6},
	} {
		db := auditedDB(t)
		err := rawSQL(t, db, "DROP TRIGGER audit_no_update; DROP TRIGGER audit_no_delete", tt.statement)
		if err != nil {
			t.Fatalf("%s: %v", tt.statement, err)
		}
		var broken *models.BrokenAudit
		_, _, err = db.VerifyAudit(t.Context())
		if !errors.As(err, &broken) || broken.ID != tt.broken {
			t.Errorf("VerifyAudit after %s = %v; want row %d", tt.statement, err, tt.broken)
		}
	}
}

func TestAuditNamesPeopleByTheirPresentName(t *testing.T) {
	db := modelstest.Open(t)
	u, err := db.CreateUser(t.Context(), models.User{Email: "ada@example.com", Name: "Ada", Role: models.Admin}, "ruthless crimson kettle", models.By{Name: "switchyard user"})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Audit(t.Context(), models.By{UserID: u.ID, Name: "Ada"}, "export", "responses", nil); err != nil {
		t.Fatal(err)
	}
	rows, err := db.AuditRows(t.Context(), 0, 0)
	if err != nil || len(rows) != 2 || rows[0].Actor != "Ada" || rows[1].Actor != "switchyard user" || rows[0].Detail != "{}" {
		t.Errorf("AuditRows = %+v, %v; want actors Ada, switchyard user", rows, err)
	}
}

// scanText reads one text as somebody with the file would.
func scanText(t *testing.T, db *modelstest.DB, query string) (text string) {
	t.Helper()
	p, err := sql.Open("sqlite3", strings.TrimPrefix(db.URL, "sqlite:"))
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	if err := p.QueryRow(query).Scan(&text); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return text
}

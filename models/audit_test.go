package models_test

import (
	"errors"
	"strings"
	"testing"

	"switchyard/models"
	"switchyard/models/modelstest"
)

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
		if err := try(t, db.URL, s); err == nil || !strings.Contains(err.Error(), "append-only") {
			t.Errorf("%s = %v; want append-only", s, err)
		}
	}
}

// unguarded takes the guard off the audit log, as somebody with the file or the server's password could.
func unguarded() []string {
	if modelstest.Postgres() {
		return []string{"ALTER TABLE audit DISABLE TRIGGER ALL"}
	}
	return []string{"DROP TRIGGER audit_no_update", "DROP TRIGGER audit_no_delete"}
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
		{"UPDATE audit SET mac = prev WHERE id = 4", 4},
		{"UPDATE audit SET prev = mac WHERE id = 4", 4},
		{"DELETE FROM audit WHERE id = 2", 2},
		{"DELETE FROM audit WHERE id = 1", 1},
		{"DELETE FROM audit WHERE id = 2; UPDATE audit SET id = id - 1 WHERE id > 2", 2},
		{"INSERT INTO audit (id, at, actor, action, prev, mac) SELECT 6, at, 'x', 'y', mac, mac FROM audit WHERE id = 5", 6},
	} {
		db := auditedDB(t)
		raw(t, db.URL, append(unguarded(), strings.Split(tt.statement, "; ")...)...)
		var broken *models.BrokenAudit
		_, _, err := db.VerifyAudit(t.Context())
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

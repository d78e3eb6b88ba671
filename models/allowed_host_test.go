package models_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"switchyard/models"
	"switchyard/models/modelstest"
)

func TestAnAllowedHostIsKeptWithWhoAllowedItAndWhy(t *testing.T) {
	db := modelstest.Open(t)
	for _, host := range []string{"n8n.internal:5678", "10.0.0.5:80"} {
		if err := db.AllowHost(t.Context(), host, "  automation <b> ", byTester); err != nil {
			t.Fatal(err)
		}
	}
	all, err := db.AllowedHosts(t.Context())
	if err != nil || len(all) != 2 || all[0].Host != "10.0.0.5:80" || all[1].Note != "automation <b>" || all[1].Author != byTester.Name || all[1].CreatedAt.IsZero() {
		t.Fatalf("AllowedHosts = %+v, %v; want both by host, with author and note", all, err)
	}
	if err := db.DisallowHost(t.Context(), all[0].ID, byTester); err != nil {
		t.Fatal(err)
	}
	if err := db.DisallowHost(t.Context(), all[0].ID, byTester); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("DisallowHost again = %v; want ErrNotFound", err)
	}
	left, err := db.AllowedHosts(t.Context())
	if err != nil || len(left) != 1 || left[0].ID != all[1].ID {
		t.Errorf("AllowedHosts = %+v, %v; want the other one", left, err)
	}
	rows, err := db.AuditRows(t.Context(), 0, 10)
	if err != nil || len(rows) != 3 || rows[0].Action != "host.disallow" || rows[2].Action != "host.allow" || rows[2].Object != "host n8n.internal:5678" {
		t.Errorf("AuditRows = %+v, %v; want two allowed, one taken away", rows, err)
	}
}

func TestAHostIsAllowedOnceAndNotWithoutBounds(t *testing.T) {
	db := modelstest.Open(t)
	allow := func(host, note string) string {
		err := db.AllowHost(t.Context(), host, note, byTester)
		if bad, ok := errors.AsType[*models.Invalid](err); ok {
			return bad.Field
		}
		if err != nil {
			t.Fatal(err)
		}
		return ""
	}
	for i := range 200 {
		if field := allow(fmt.Sprintf("host%d:80", i), ""); field != "" {
			t.Fatalf("AllowHost number %d is invalid: %s", i+1, field)
		}
	}
	for _, test := range []struct{ host, note, field string }{
		{"", "", "host"}, {strings.Repeat("a", 301), "", "host"}, {"new:80", strings.Repeat("a", 201), "note"}, {"host7:80", "", "host"}, {"new:80", "", "host"},
	} {
		if got := allow(test.host, test.note); got != test.field {
			t.Errorf("AllowHost(%.20q, %.20q) is invalid in %q; want %q", test.host, test.note, got, test.field)
		}
	}
}

package models_test

import (
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"switchyard/models"
	"switchyard/models/modelstest"
)

func TestATargetIsKeptAsItWasMade(t *testing.T) {
	db := modelstest.Open(t)
	flow := db.NewFlow("claim")
	revision, err := db.Revision(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	made, secret, err := db.CreateTarget(t.Context(), models.Target{Name: " CRM ", URL: " https://crm.example/hook?key=hidden ",
		Fields: []string{"messages", " flows", "messages", ""}, Flows: []int64{flow.ID}, Tests: true}, ada)
	if err != nil {
		t.Fatal(err)
	}
	if made.Name != "CRM" || made.URL != "https://crm.example/hook?key=hidden" || !slices.Equal(made.Fields, []string{"flows", "messages"}) ||
		!slices.Equal(made.Flows, []int64{flow.ID}) || !made.Tests || made.Timeout != 10 || made.Off || made.UID == "" || made.Since != db.Time() {
		t.Errorf("CreateTarget = %+v", made)
	}
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	if !strings.HasPrefix(secret, "whsec_") || err != nil || len(key) < 24 || db.Holds(secret) {
		t.Errorf("secret has %d bytes, %v, in the database: %v; want whsec_ and at least 24, sealed", len(key), err, db.Holds(secret))
	}
	if now, err := db.Revision(t.Context()); err != nil || now <= revision {
		t.Errorf("Revision = %d, %v; want more than %d", now, err, revision)
	}
	rows, err := db.AuditRows(t.Context(), 0, 1)
	if err != nil || rows[0].Action != "target.create" || !strings.Contains(rows[0].Detail, "crm.example") || strings.Contains(rows[0].Detail, "hidden") {
		t.Errorf("audit = %+v, %v; want the host, never the rest of the address", rows, err)
	}
	all, err := db.Targets(t.Context())
	if err != nil || len(all) != 1 || all[0].ID != made.ID {
		t.Errorf("Targets = %+v, %v", all, err)
	}
}

func TestATargetThatCannotBeIsRefusedByItsField(t *testing.T) {
	db := modelstest.Open(t)
	first, _ := db.NewTarget("first")
	many := make([]string, 101)
	for i := range many {
		many[i] = fmt.Sprint("f", i)
	}
	for _, tt := range []struct {
		field string
		t     models.Target
	}{
		{"name", models.Target{URL: "https://a.example"}},
		{"name", models.Target{Name: "first", URL: "https://a.example"}},
		{"name", models.Target{Name: "two\nlines", URL: "https://a.example"}},
		{"url", models.Target{Name: "a"}},
		{"url", models.Target{Name: "a", URL: "ftp://a.example"}},
		{"url", models.Target{Name: "a", URL: "https://ada:secret@a.example"}},
		{"url", models.Target{Name: "a", URL: "https://a.example/" + strings.Repeat("a", 2000)}},
		{"url", models.Target{Name: "a", URL: "javascript:alert(1)"}},
		{"fields", models.Target{Name: "a", URL: "https://a.example", Fields: many}},
		{"fields", models.Target{Name: "a", URL: "https://a.example", Fields: []string{"two words"}}},
		{"flows", models.Target{Name: "a", URL: "https://a.example", Flows: []int64{99}}},
		{"timeout", models.Target{Name: "a", URL: "https://a.example", Timeout: 31}},
		{"timeout", models.Target{Name: "a", URL: "https://a.example", Timeout: -1}},
	} {
		_, _, err := db.CreateTarget(t.Context(), tt.t, ada)
		if bad, ok := errors.AsType[*models.Invalid](err); !ok || bad.Field != tt.field {
			t.Errorf("CreateTarget(%+v) = %v; want %s invalid", tt.t, err, tt.field)
		}
		if tt.field == "name" && tt.t.Name == "first" {
			continue
		}
		tt.t.ID = first.ID
		if _, err := db.SaveTarget(t.Context(), tt.t, ada); err == nil {
			t.Errorf("SaveTarget(%+v) = nil; want %s invalid", tt.t, tt.field)
		}
	}
}

func TestAnOldSecretSignsForADayBesideTheNewOne(t *testing.T) {
	db := modelstest.Open(t)
	target, first := db.NewTarget("crm")
	wantSecrets := func(when string, want ...string) {
		t.Helper()
		if got, err := db.TargetSecrets(t.Context(), target.ID); err != nil || !slices.Equal(got, want) {
			t.Errorf("TargetSecrets %s = %d, %v; want %d others", when, len(got), err, len(want))
		}
	}
	wantSecrets("at first", first)
	second, err := db.RenewTargetSecret(t.Context(), target.ID, ada)
	if err != nil || second == first {
		t.Fatalf("RenewTargetSecret = the same or %v", err)
	}
	wantSecrets("after a change", second, first)
	db.Advance(24*time.Hour - time.Second)
	wantSecrets("a day later", second, first)
	db.Advance(time.Second)
	wantSecrets("after that", second)
	if broken, text := checked(t, db); broken != 0 {
		t.Errorf("Check = %s", text)
	}
}

func TestADeletedTargetIsGoneAndItsNameFree(t *testing.T) {
	db := modelstest.Open(t)
	target, _ := db.NewTarget("crm")
	d := db.Deliver(models.Delivery{}, models.Decoded{})
	if err := db.DeleteTarget(t.Context(), target.ID, ada); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Target(t.Context(), target.ID); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("Target = %v; want ErrNotFound", err)
	}
	for what, err := range map[string]error{
		"DeleteTarget":      db.DeleteTarget(t.Context(), target.ID, ada),
		"RenewTargetSecret": errorOf(db.RenewTargetSecret(t.Context(), target.ID, ada)),
		"SaveTarget":        errorOf(db.SaveTarget(t.Context(), target, ada)),
		"ForwardDeliveries": errorOf(db.ForwardDeliveries(t.Context(), target.ID, []int64{d.ID}, ada)),
	} {
		if !errors.Is(err, models.ErrNotFound) {
			t.Errorf("%s of a deleted target = %v; want ErrNotFound", what, err)
		}
	}
	if got := db.Claim(target.ID, 9); len(got) != 0 {
		t.Errorf("ClaimForwards of a deleted target = %d; want none", len(got))
	}
	if page, err := db.Forwards(t.Context(), models.ForwardFilter{}); err != nil || len(page.Rows) != 0 {
		t.Errorf("Forwards = %d, %v; want none of a deleted target", len(page.Rows), err)
	}
	again, _ := db.NewTarget("crm")
	if again.ID == target.ID || again.UID == target.UID {
		t.Errorf("a new target of that name is %+v", again)
	}
	db.Advance(2 * time.Hour)
	if gone, err := db.Maintain(t.Context(), models.Keep{}); err != nil || gone.Forwards != 1 {
		t.Errorf("Maintain = %+v, %v; want one forward dropped", gone, err)
	}
	if broken, text := checked(t, db); broken != 0 {
		t.Errorf("Check = %s", text)
	}
}

func errorOf[T any](_ T, err error) error { return err }

package models_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"switchyard/models"
	"switchyard/models/modelstest"
)

var ada = models.By{Name: "Ada"}

// revision is what every process watches.
func revision(t *testing.T, db *modelstest.DB) int64 {
	t.Helper()
	n, err := db.Revision(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestSettingIsKeptAndRemoved(t *testing.T) {
	db, ctx := modelstest.Open(t), t.Context()
	before := revision(t, db)
	for _, value := range []string{"90m", "3h", ""} {
		if err := db.SetSetting(ctx, models.SessionIdle, value, ada); err != nil {
			t.Fatalf("SetSetting(%q) = %v", value, err)
		}
		if got, err := db.Setting(ctx, models.SessionIdle); got != value || err != nil {
			t.Errorf("Setting = %q, %v; want %q", got, err, value)
		}
	}
	if got := revision(t, db) - before; got != 3 {
		t.Errorf("revision grew by %d; want 3", got)
	}
}

func TestSecretSettingIsNeitherInTheDatabaseNorInTheAuditLog(t *testing.T) {
	const secret = "0123456789abcdef-app-secret"
	db, ctx := modelstest.Open(t), t.Context()
	if err := db.SetSetting(ctx, models.AppSecret, secret, ada); err != nil {
		t.Fatal(err)
	}
	if got, err := db.Setting(ctx, models.AppSecret); got != secret || err != nil {
		t.Errorf("Setting = %q, %v; want the secret", got, err)
	}
	rows, err := db.AuditRows(ctx, 0, 10)
	if err != nil || len(rows) != 1 || rows[0].Object != "setting app_secret" || strings.Contains(rows[0].Detail, secret) {
		t.Errorf("AuditRows = %+v, %v; want one without the secret", rows, err)
	}
	if !db.Holds("setting app_secret") {
		t.Error("the database does not hold what the audit log says")
	}
	if db.Holds(secret) {
		t.Error("the database holds the secret in plain text")
	}
}

func TestSettingThatMakesNoSenseIsInvalid(t *testing.T) {
	db := modelstest.Open(t)
	for s, value := range map[models.Setting]string{
		models.SessionIdle: "soon", models.SessionMax: "1ns", models.InstanceZone: "Mars/Olympus",
		models.AppSecret: "two\nlines", models.VerifyToken: strings.Repeat("x", 5000),
	} {
		var invalid *models.Invalid
		if err := db.SetSetting(t.Context(), s, value, ada); !errors.As(err, &invalid) || invalid.Field != string(s) {
			t.Errorf("SetSetting(%s, %.20q) = %v; want Invalid of it", s, value, err)
		}
	}
}

func TestEnsureSettingMakesItOnce(t *testing.T) {
	db, made := modelstest.Open(t), 0
	for range 3 {
		got, err := db.EnsureSetting(t.Context(), models.VerifyToken, func() string { made++; return "token" })
		if got != "token" || err != nil {
			t.Errorf("EnsureSetting = %q, %v; want token", got, err)
		}
	}
	if made != 1 {
		t.Errorf("made %d times; want once", made)
	}
}

func TestMarksCountAndKeepTheNewest(t *testing.T) {
	db, ctx := modelstest.Open(t), t.Context()
	early, late := db.Time(), models.Time{Time: db.Now().Add(time.Minute)}
	for _, marks := range [][]models.Mark{
		{{Name: "ping", At: late, Count: 2, Detail: "new"}, {Name: "signed"}},
		{{Name: "ping", At: early, Count: 3, Detail: "old"}, {Name: "ping", At: early}},
		nil,
	} {
		if err := db.Note(ctx, marks); err != nil {
			t.Fatal(err)
		}
	}
	got, err := db.Marks(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if p := got["ping"]; p.Count != 6 || !p.At.Equal(late.Time) || p.Detail != "new" {
		t.Errorf(`Marks["ping"] = %+v; want 6 times, last %v, "new"`, p, late)
	}
	if s := got["signed"]; s.Count != 1 || !s.At.Equal(db.Now()) {
		t.Errorf(`Marks["signed"] = %+v; want once, now`, s)
	}
}

package models_test

import (
	"strings"
	"testing"

	"switchyard/models"
	"switchyard/models/alert"
	"switchyard/models/modelstest"
)

const (
	checkSecret = "0123456789abcdef-confided"
	checkToken  = "claim.7f3"
	checkPhone  = "447700900123" // of every response that is built
)

// fillForCheck makes something of everything that Check looks at.
func fillForCheck(t *testing.T, db *modelstest.DB) {
	t.Helper()
	f := db.NewFlow("claim", func(f *models.Flow) { f.MetaID = "1234" })
	for _, err := range []error{
		db.SetSetting(t.Context(), models.AppSecret, checkSecret, models.By{}),
		db.SetFlowAppSecret(t.Context(), f.ID, checkSecret, models.By{}),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if _, err := db.AddKey(t.Context(), "fingerprint", "public", []byte(checkSecret), models.By{}); err != nil {
		t.Fatal(err)
	}
	recordSteps(t, db, confided(db, checkToken, checkSecret))
	r := db.NewResponse().Flow(f).Answer("amount", 12).Save()
	if _, err := db.Triage(t.Context(), []int64{r.ID}, models.TriageChange{What: models.AddTag, Value: "due"}, models.By{}); err != nil {
		t.Fatal(err)
	}
	db.NewAlert("1234", alert.EndpointErrorRate, 10)
	target, _ := db.NewTarget("crm")
	db.Deliver(models.Delivery{}, models.Decoded{})
	db.Settle(models.ForwardTaken, db.Claim(target.ID, 1)...)
}

// checked runs Check and returns its findings a line each.
func checked(t *testing.T, db *modelstest.DB) (broken int, text string) {
	t.Helper()
	broken, err := db.Check(t.Context(), func(f models.Finding) { text += string(f.Verdict) + " " + f.Check + ": " + f.Text + "\n" })
	if err != nil {
		t.Fatalf("Check = %v", err)
	}
	return broken, text
}

func TestCheckFindsNothingWrongWithWhatIsWhole(t *testing.T) {
	db := modelstest.Open(t)
	fillForCheck(t, db)
	broken, text := checked(t, db)
	if broken != 0 || strings.Contains(text, string(models.Broken)) || !strings.Contains(text, "ok Audit log: ") || !strings.Contains(text, "0 pending, 0 failed, 0 unmatched") {
		t.Errorf("Check = %d broken:\n%s", broken, text)
	}
	if strings.Contains(text, "ok Sealed values: all 0 ") || !strings.Contains(text, "ok Sealed values: ") {
		t.Errorf("Check opened nothing:\n%s", text)
	}
}

func TestCheckNamesWhatIsBrokenAndNobody(t *testing.T) {
	const everywhere, onSQLite, onPostgres = 0, 1, 2
	for _, tt := range []struct {
		engine int
		what   string // to raw, with "; " in between
		want   string
	}{
		{everywhere, "UPDATE audit SET action = 'x' WHERE id = 2", "BROKEN Audit log: row 2, or the row before it, was changed or removed\n"},
		{everywhere, "DELETE FROM audit WHERE id = 1", "BROKEN Audit log: row 1"},
		{everywhere, "UPDATE settings SET sealed = (SELECT sealed_private FROM keys) WHERE name = 'app_secret'", "do not open with this master key or were changed, the first is sealed of settings app_secret\n"},
		{everywhere, "UPDATE keys SET sealed_private = 'v1.x'", "BROKEN Sealed values: 1 of "},
		{everywhere, "UPDATE flows SET sealed_app_secret = (SELECT sealed FROM settings WHERE name = 'app_secret')", "the first is sealed_app_secret of flows 1\n"},
		{everywhere, "UPDATE visits SET token = 'other'", "BROKEN Sealed values: 4 of "},
		{everywhere, "UPDATE steps SET flow_id = 9 WHERE data IS NOT NULL", "BROKEN Sealed values: 2 of "},
		{everywhere, "DELETE FROM responses", "BROKEN Orphans: 1 row of answers point to responses that are missing; 1 row of response_tags point to responses that are missing"},
		{everywhere, "DELETE FROM triage_acts; DELETE FROM tags", "1 row of response_tags point to tags that are missing; 1 row of triage_changes point to triage_acts that are missing\n"},
		{everywhere, "DELETE FROM visits", "point to visits that are missing"},
		{everywhere, "DELETE FROM alerts", "BROKEN Orphans: 1 row of alert_events point to alerts that are missing\n"},
		{everywhere, "DELETE FROM contacts", "of messages point to contacts that are missing; 1 row of responses point to contacts that are missing\n"},
		{everywhere, "DELETE FROM targets", "BROKEN Orphans: forwards name targets that are missing (1); target_health name targets that are missing (1); target_tries name targets that are missing (1)\n"},
		{everywhere, "UPDATE targets SET uid = 'x', sealed_secret_previous = sealed_secret", "the first is sealed_secret_previous of targets 1\n"},
		{everywhere, "UPDATE deliveries SET state = 'pending', received_at = received_at - 3600000000", "warning Deliveries: "},
		{onSQLite, "PRAGMA foreign_keys = OFF; INSERT INTO flow_aliases (slug, flow_id, created_at) VALUES ('old', 99, 0)", "BROKEN Foreign keys: rows of flow_aliases point to rows of flows that are missing\n"},
		{onSQLite, "PRAGMA ignore_check_constraints = ON; UPDATE visits SET outcome = 'odd'", "BROKEN Integrity: CHECK constraint failed in visits\n"},
		{onPostgres, "UPDATE pg_index SET indisvalid = FALSE WHERE indexrelid = 'visits_token'::regclass", "BROKEN Indexes: not usable: visits_token; "},
		{onPostgres, "DROP TABLE steps_2026_11", "warning Partitions: missing: steps_2026_11; "},
	} {
		if tt.engine == onSQLite && modelstest.Postgres() || tt.engine == onPostgres && !modelstest.Postgres() {
			continue
		}
		db := modelstest.Open(t)
		fillForCheck(t, db)
		if strings.Contains(tt.what, " audit ") {
			raw(t, db.URL, unguarded()...)
		}
		raw(t, db.URL, tt.what)
		broken, text := checked(t, db)
		if !strings.Contains(text, tt.want) || (broken > 0) != strings.Contains(text, "BROKEN") {
			t.Errorf("Check after %s = %d broken:\n%swant %q in it", tt.what, broken, text, tt.want)
		}
		for _, secret := range []string{checkSecret, checkPhone, "Ada", checkToken} {
			if strings.Contains(text, secret) {
				t.Errorf("Check after %s tells %q:\n%s", tt.what, secret, text)
			}
		}
	}
}

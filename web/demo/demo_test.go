package demo_test

import (
	"testing"
	"time"

	"switchyard/models"
	"switchyard/web"
	"switchyard/web/demo"
	"switchyard/web/keys"
)

var now = time.Date(2026, 11, 20, 10, 30, 0, 0, time.UTC)

func fill(t testing.TB, change ...func(*demo.Options)) (demo.Options, demo.Filled) {
	t.Helper()
	key, err := keys.Generate()
	if err != nil {
		t.Fatal(err)
	}
	private, err := keys.MarshalPrivate(key)
	if err != nil {
		t.Fatal(err)
	}
	o := demo.Options{
		Database: "sqlite:" + t.TempDir() + "/switchyard.db", Now: now, Seed: 1, Settle: web.Settle,
		Key:       demo.Key{Fingerprint: keys.Fingerprint(&key.PublicKey), PublicPEM: keys.PublicPEM(&key.PublicKey), Private: private},
		Passwords: models.Passwords{Memory: 64, Iterations: 1},
	}
	for _, c := range change {
		c(&o)
	}
	began := time.Now()
	filled, err := demo.Fill(t.Context(), o)
	if err != nil {
		t.Fatalf("Fill = %v", err)
	}
	t.Logf("filled in %v", time.Since(began).Round(time.Millisecond))
	return o, filled
}

func TestFill(t *testing.T) {
	o, _ := fill(t)
	db, err := models.Open(t.Context(), models.Options{URL: o.Database, Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	d, _, err := db.DeliveryCounts(t.Context())
	t.Log(d, err)
	a, err := db.AlertCounts(t.Context())
	t.Log(a, err)
	for _, s := range []models.ResponseState{models.Complete, models.Unreadable, models.UnmatchedResponse} {
		n, err := db.CountResponses(t.Context(), models.ResponseFilter{State: s})
		t.Log(s, n, err)
	}
	fl, err := db.Flows(t.Context())
	for _, f := range fl {
		v, err := db.Visits(t.Context(), f.ID, 0, 100000)
		oc := map[models.Outcome]int{}
		sc := map[string]int{}
		for _, v := range v {
			oc[v.Outcome]++
			if v.Outcome == "open" {
				sc[v.Screen]++
			}
		}
		t.Log(f.Slug, f.Status, f.OpenAlerts, f.ResponsesToday, oc, sc, err)
		h, _ := db.RuleHits(t.Context(), f.ID, models.Time{})
		t.Log(h)
		ft, _ := db.Faults(t.Context(), f.ID, 10)
		for _, x := range ft {
			t.Log(x.Kind, x.Faults)
		}
	}
	al, _, err := db.Alerts(t.Context(), models.AlertFilter{})
	for _, a := range al {
		t.Log(a.FlowSlug, a.Kind, a.Status, a.Severity, a.AckName, a.AckNote, a.ReopenedAt, a.SinceAt)
	}
}

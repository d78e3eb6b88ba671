package models_test

import (
	"testing"
	"time"

	"switchyard/models/alert"
	"switchyard/models/modelstest"
)

// An event that is seen after one with a higher id is news too: ids are given before transactions end.
func TestAnEventWithALowerIDIsNews(t *testing.T) {
	db := modelstest.Open(t)
	db.NewAlert("1", alert.EndpointErrorRate, 5)
	p := modelstest.SQL(t, db.URL)
	if _, err := p.Exec(`INSERT INTO alert_events (id, key, meta_id, kind, delivery_id, source, activated, at, arrived_at)
		VALUES (1000000, 'other', '2', 'ENDPOINT_LATENCY', 1, 'meta', FALSE, 1, 1)`); err != nil {
		t.Fatal(err)
	}
	mark := func() string {
		t.Helper()
		pulse, err := db.AlertPulse(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return pulse.Mark
	}
	before := mark()
	if again := mark(); again != before {
		t.Errorf("the mark went from %s to %s by itself", before, again)
	}
	db.Advance(time.Minute)
	db.Notice("1", alert.EndpointErrorRate, "ACTIVATED", 50, db.Time())
	if after := mark(); after == before {
		t.Errorf("the mark stayed %s after the alert got worse", after)
	}
}

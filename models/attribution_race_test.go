package models_test

import (
	"context"
	"testing"
	"time"

	"switchyard/models"
	"switchyard/models/modelstest"
)

// slowly applies deliveries in the first database while the second does something; the deliveries end when that waits
// for them, or has ended.
func slowly(t *testing.T, dbs [2]*modelstest.DB, d models.Decoded, meanwhile func(db *modelstest.DB) error) {
	t.Helper()
	p := modelstest.SQL(t, dbs[0].URL)
	defer p.Close()
	block, err := p.Begin()
	if err != nil {
		t.Fatal(err)
	}
	defer block.Rollback()
	if _, err := block.Exec("LOCK TABLE account_events IN SHARE MODE"); err != nil {
		t.Fatal(err)
	}
	d.Others = []models.InOther{{Key: "last", Field: "odd", Body: []byte("{}")}} // is written when all else of d is
	applied, done := make(chan error, 1), make(chan error, 1)
	go func() { applied <- dbs[0].ApplyDeliveries(context.Background(), []models.Decoded{d}) }()
	waiting := func(n int) bool {
		return count(t, dbs[0], "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'") >= n
	}
	for begin := time.Now(); !waiting(1); time.Sleep(time.Millisecond) {
		if time.Since(begin) > 4*time.Second {
			t.Fatal("the delivery is not held up")
		}
	}
	go func() { done <- meanwhile(dbs[1]) }()
	for err = nil; done != nil && !waiting(2); time.Sleep(time.Millisecond) {
		select {
		case err = <-done:
			done = nil
		default:
		}
	}
	if err := block.Rollback(); err != nil {
		t.Fatal(err)
	}
	if done != nil {
		err = <-done
	}
	if bad := <-applied; bad != nil || err != nil {
		t.Fatalf("ApplyDeliveries() = %v; what another process did meanwhile = %v", bad, err)
	}
}

func published(db *modelstest.DB) []models.InFlowEvent {
	return []models.InFlowEvent{{Key: "p", MetaID: "691", Event: "FLOW_STATUS_CHANGE", OldStatus: "DRAFT", NewStatus: "PUBLISHED", At: db.Time(), Body: []byte("{}")}}
}

func TestAFlowThatIsAddedWhileADeliveryIsAppliedGetsItsResponseAndStatus(t *testing.T) {
	dbs := two(t)
	s := dbs[0].Store(models.Delivery{})
	d := models.Decoded{ID: s.ID, ReceivedAt: s.ReceivedAt, Flows: published(dbs[0]), Messages: []models.InMessage{{
		WAMID: "w1", Type: "interactive", Contact: models.InContact{Phone: "1"}, At: dbs[0].Time(), Body: []byte("{}"),
		Flow: &models.InResponse{Raw: "{}", Token: "claim.1", Answers: map[string]any{"a": "b"}}}}}
	slowly(t, dbs, d, func(db *modelstest.DB) error {
		if _, err := db.CreateFlow(context.Background(), models.Flow{Slug: "claim", Name: "Claim", Mode: models.Encrypted, MetaID: "691"}, ada); err != nil {
			return err
		}
		_, err := db.Attribute(context.Background())
		return err
	})
	if got := text(t, dbs[0], "SELECT r.state || ' ' || f.slug || ' ' || f.status FROM responses r JOIN flows f ON f.id = r.flow_id"); got != "complete claim PUBLISHED" {
		t.Errorf("the response with its flow = %q; want complete claim PUBLISHED", got)
	}
}

func TestAnOldFlowStatusIsNotSetWhileANewOneArrives(t *testing.T) {
	dbs := two(t)
	draft := published(dbs[0])[0]
	draft.Key, draft.OldStatus, draft.NewStatus = "d", "", "DRAFT"
	dbs[0].Deliver(models.Delivery{}, models.Decoded{Flows: []models.InFlowEvent{draft}})
	dbs[0].NewFlow("claim", func(f *models.Flow) { f.MetaID = "691" })
	dbs[0].Advance(time.Minute)
	s := dbs[0].Store(models.Delivery{})
	slowly(t, dbs, models.Decoded{ID: s.ID, ReceivedAt: s.ReceivedAt, Flows: published(dbs[0])}, func(db *modelstest.DB) error {
		_, err := db.Attribute(context.Background())
		return err
	})
	if got := text(t, dbs[0], "SELECT status FROM flows"); got != "PUBLISHED" {
		t.Errorf("status = %q; want PUBLISHED", got)
	}
}

package models_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"switchyard/models"
	"switchyard/models/modelstest"
)

func TestAPoisonDeliveryDoesNotBlockTheRest(t *testing.T) {
	db := modelstest.Open(t)
	db.Refuse("responses", "wamid", "wamid.POISON")
	for i := range 3 {
		store(t, db, models.Delivery{Source: "meta", Body: fmt.Appendf(nil, "%d", i)})
	}
	var ds []models.Decoded
	for i, d := range pending(t, db) {
		name := []string{"wamid.A", "wamid.POISON", "wamid.B"}[i]
		ds = append(ds, models.Decoded{ID: d.ID, Messages: []models.InMessage{
			{WAMID: "text." + name, Type: "text"},
			{WAMID: name, Type: "interactive", Flow: &models.InResponse{Answers: map[string]any{"a": "1"}}},
		}})
	}
	poison := ds[1].ID
	wait := time.Duration(0)
	for try := 1; try <= 8; try++ {
		apply(t, db, ds...)
		d := delivery(t, db, poison)
		want := models.Pending
		if try == 8 {
			want = models.Failed
		}
		if d.State != want || d.Attempts != try || !strings.Contains(d.Reason, "could not be written") {
			t.Fatalf("try %d: state %s, attempts %d, reason %q; want %s", try, d.State, d.Attempts, d.Reason, want)
		}
		if try < 8 {
			if next := d.NextAt.Sub(db.Now()); next <= wait {
				t.Errorf("try %d: waits %v; want more than %v", try, next, wait)
			} else {
				wait = next
			}
			if due := pending(t, db); len(due) != 0 {
				t.Errorf("try %d: %d due at once; want none", try, len(due))
			}
			db.Advance(wait)
			if due := pending(t, db); len(due) != 1 || due[0].ID != poison {
				t.Errorf("try %d: due after %v: %d; want the poison one", try, wait, len(due))
			}
		}
		ds = []models.Decoded{ds[min(1, len(ds)-1)]}
	}
	for _, wamid := range []string{"text.wamid.A", "wamid.A", "wamid.B"} {
		if count(t, db, "SELECT count(*) FROM messages WHERE wamid = ?", wamid) != 1 {
			t.Errorf("message %s is not there", wamid)
		}
	}
	if n := count(t, db, "SELECT count(*) FROM messages WHERE wamid LIKE '%POISON'"); n != 0 {
		t.Errorf("%d messages of the poison delivery; want none: it is all or nothing", n)
	}
	counts, oldest, err := db.DeliveryCounts(t.Context())
	if err != nil || counts[models.Failed] != 1 || counts[models.Pending] != 0 || !oldest.IsZero() {
		t.Errorf("DeliveryCounts() = %v, %v, %v", counts, oldest, err)
	}
}

func TestADeliveryThatCouldNotBeDecodedIsTriedAgain(t *testing.T) {
	db := modelstest.Open(t)
	d := db.Deliver(models.Delivery{}, models.Decoded{Fault: "the decoder stopped", Messages: []models.InMessage{{WAMID: "wamid.1", Type: "text"}}})
	if d.State != models.Pending || d.Attempts != 1 || !strings.Contains(d.Reason, "the decoder stopped") {
		t.Errorf("delivery = %s, %d attempts, %q; want it pending again", d.State, d.Attempts, d.Reason)
	}
	if n := count(t, db, "SELECT count(*) FROM messages"); n != 0 {
		t.Errorf("%d messages; want none", n)
	}
}

func TestADeliveryIsUnmatchedWhileAPartNeedsAPerson(t *testing.T) {
	db := modelstest.Open(t)
	whole := db.Deliver(models.Delivery{}, models.Decoded{Reason: "the body is not JSON"})
	part := db.Deliver(models.Delivery{}, models.Decoded{Messages: []models.InMessage{
		{WAMID: "wamid.1", Type: "text"}, {WAMID: "wamid.2", Flow: &models.InResponse{Token: "later.1", Answers: map[string]any{}}},
	}, Statuses: []models.InStatus{{WAMID: "wamid.3", State: "sent"}}, Others: []models.InOther{{Key: "k", Field: "security"}}})
	fine := db.Deliver(models.Delivery{}, models.Decoded{Others: []models.InOther{{Key: "k2", Field: "brand_new_field"}}})
	for _, c := range []struct {
		d     models.Delivery
		state models.DeliveryState
		kinds string
	}{{whole, models.Unmatched, ""}, {part, models.Unmatched, "text response status security"}, {fine, models.Done, "brand_new_field"}} {
		if c.d.State != c.state || c.d.Kinds != c.kinds || (c.d.Reason == "") != (c.state == models.Done) {
			t.Errorf("delivery %d = %s, kinds %q, reason %q; want %s, %q", c.d.ID, c.d.State, c.d.Kinds, c.d.Reason, c.state, c.kinds)
		}
	}
	ds, err := db.UnmatchedDeliveries(t.Context(), 0, 10)
	if err != nil || len(ds) != 1 || ds[0].ID != whole.ID {
		t.Fatalf("UnmatchedDeliveries() = %d, %v; want only %d, whose body is not understood", len(ds), err, whole.ID)
	}
	if ds, err = db.UnmatchedDeliveries(t.Context(), whole.ID, 10); err != nil || len(ds) != 0 {
		t.Errorf("UnmatchedDeliveries(before %d) = %d, %v; want none", whole.ID, len(ds), err)
	}
	db.NewFlow("later")
	if n, err := db.Attribute(t.Context()); err != nil || n != 1 {
		t.Errorf("Attribute() = %d, %v; want 1", n, err)
	}
	if d := delivery(t, db, part.ID); d.State != models.Done || d.Reason != "" {
		t.Errorf("after its last part was settled: %s, %q; want done", d.State, d.Reason)
	}
	if d := delivery(t, db, whole.ID); d.State != models.Unmatched {
		t.Errorf("the body that is not JSON: %s; want unmatched still", d.State)
	}
}

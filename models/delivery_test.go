package models_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"switchyard/models"
	"switchyard/models/modelstest"
)

func store(t *testing.T, db *modelstest.DB, ds ...models.Delivery) {
	t.Helper()
	if err := db.StoreDeliveries(t.Context(), ds); err != nil {
		t.Fatalf("StoreDeliveries(%d) = %v", len(ds), err)
	}
}

func pending(t *testing.T, db *modelstest.DB) []models.Delivery {
	t.Helper()
	ds, err := db.PendingDeliveries(t.Context(), 1000)
	if err != nil {
		t.Fatalf("PendingDeliveries() = %v", err)
	}
	return ds
}

func apply(t *testing.T, db *modelstest.DB, ds ...models.Decoded) {
	t.Helper()
	if err := db.ApplyDeliveries(t.Context(), ds); err != nil {
		t.Fatalf("ApplyDeliveries(%d) = %v", len(ds), err)
	}
}

func delivery(t *testing.T, db *modelstest.DB, id int64) models.Delivery {
	t.Helper()
	d, err := db.Delivery(t.Context(), id)
	if err != nil {
		t.Fatalf("Delivery(%d) = %v", id, err)
	}
	return d
}

func TestTheSameBytesOnlyGrowSeen(t *testing.T) {
	db := modelstest.Open(t)
	body := []byte("{\"a\":\"\x00\xff\"}")
	meta := models.Delivery{Source: "meta", ReceivedAt: db.Time(), Body: body, Signature: "sha256=ab", ContentType: "application/json"}
	other := meta
	other.Source = "360dialog"
	store(t, db, meta, meta, other)
	store(t, db, meta)
	got := pending(t, db)
	if len(got) != 2 {
		t.Fatalf("%d deliveries; want 2: one per source", len(got))
	}
	first := got[0]
	if first.Source != "meta" || first.Seen != 3 || !bytes.Equal(first.Body, body) || first.Signature != "sha256=ab" ||
		first.ContentType != "application/json" || !first.ReceivedAt.Equal(modelstest.Start) || len(first.SHA256) != 32 || first.State != models.Pending {
		t.Errorf("first delivery = %+v; want it as sent, seen 3 times", first)
	}
	if got[1].Seen != 1 {
		t.Errorf("the other source's Seen = %d; want 1", got[1].Seen)
	}
}

func TestEqualBytesAfterTwoWeeksAreANewDelivery(t *testing.T) {
	db := modelstest.Open(t)
	send := func() int {
		t.Helper()
		store(t, db, models.Delivery{Source: "meta", ReceivedAt: db.Time(), Body: []byte("x")})
		return len(pending(t, db))
	}
	send()
	db.Advance(14*24*time.Hour - time.Second)
	if n := send(); n != 1 {
		t.Errorf("after almost 14 days: %d deliveries; want 1", n)
	}
	db.Advance(2 * time.Second)
	if n := send(); n != 2 {
		t.Errorf("after 14 days: %d deliveries; want 2", n)
	}
	if n := send(); n != 2 {
		t.Errorf("once more: %d deliveries; want 2: the key was renewed", n)
	}
}

func TestPendingDeliveriesAreBoundedInBytes(t *testing.T) {
	db := modelstest.Open(t)
	for i := range 6 {
		store(t, db, models.Delivery{Source: "meta", Body: append(bytes.Repeat([]byte("x"), 4<<20), byte(i))})
	}
	if got := len(pending(t, db)); got != 4 {
		t.Errorf("PendingDeliveries gave %d bodies of 4 MiB; want 4", got)
	}
	if ds, err := db.PendingDeliveries(t.Context(), 2); err != nil || len(ds) != 2 {
		t.Errorf("PendingDeliveries(2) = %d, %v; want 2", len(ds), err)
	}
}

func TestAPoisonDeliveryDoesNotBlockTheRest(t *testing.T) {
	db := modelstest.Open(t)
	raw(t, db.URL, `CREATE TRIGGER poison BEFORE INSERT ON responses WHEN new.wamid = 'wamid.POISON' BEGIN SELECT RAISE(ABORT, 'poison'); END`)
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
	if err != nil || len(ds) != 2 || ds[0].ID != part.ID || ds[1].ID != whole.ID {
		t.Fatalf("UnmatchedDeliveries() = %d, %v; want %d then %d", len(ds), err, part.ID, whole.ID)
	}
	if ds, err = db.UnmatchedDeliveries(t.Context(), part.ID, 10); err != nil || len(ds) != 1 {
		t.Errorf("UnmatchedDeliveries(before %d) = %d, %v; want 1", part.ID, len(ds), err)
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

func TestOldDeliveryKeysGo(t *testing.T) {
	db := modelstest.Open(t)
	for i := range 10 {
		store(t, db, models.Delivery{Source: "meta", ReceivedAt: db.Time(), Body: fmt.Appendf(nil, "old %d", i)})
	}
	db.Advance(15 * 24 * time.Hour)
	for i := range 5 {
		store(t, db, models.Delivery{Source: "meta", ReceivedAt: db.Time(), Body: fmt.Appendf(nil, "new %d", i)})
	}
	if n := count(t, db, "SELECT count(*) FROM delivery_keys"); n != 5 {
		t.Errorf("%d delivery keys; want the 5 new ones", n)
	}
}

func TestStatusesInAnyOrderEndInTheSameState(t *testing.T) {
	db := modelstest.Open(t)
	at := modelstest.Start
	type said struct {
		state string
		after time.Duration
	}
	for _, c := range []struct {
		name string
		said []said
		want string
	}{
		{"all at the same time", []said{{"sent", 0}, {"delivered", 0}, {"read", 0}, {"failed", 0}}, "read"},
		{"one after the other", []said{{"sent", 0}, {"delivered", 1}, {"read", 2}, {"played", 3}}, "played"},
		{"failed", []said{{"sent", 0}, {"failed", 1}}, "failed"},
		{"failed after it was delivered", []said{{"delivered", 0}, {"failed", 5}}, "delivered"},
		{"unknown ones come first", []said{{"sent", 0}, {"warning", 0}}, "sent"},
		{"the same state twice counts when it was first", []said{{"sent", 9}, {"sent", 1}, {"delivered", 2}}, "delivered"},
	} {
		for _, order := range permutations(len(c.said)) {
			wamid := fmt.Sprint(c.name, order)
			for _, i := range order {
				s := c.said[i]
				db.Deliver(models.Delivery{}, models.Decoded{Statuses: []models.InStatus{{WAMID: wamid, State: s.state,
					Contact: models.InContact{Phone: "+44 7700 900123"}, At: models.Time{Time: at.Add(s.after * time.Second)}}}})
			}
			if got := text(t, db, "SELECT group_concat(m.direction || ' ' || m.status || ' ' || c.phone) FROM messages m JOIN contacts c ON c.id = m.contact_id WHERE wamid = ?", wamid); got != "out "+c.want+" 447700900123" {
				t.Errorf("%s, order %v: messages = %q; want one, out, %s", c.name, order, got, c.want)
			}
		}
	}
}

// permutations lists some orders of n things: as they are, reversed, and rotated.
func permutations(n int) [][]int {
	var all [][]int
	for shift := range n {
		order := make([]int, n)
		for i := range order {
			order[i] = (i + shift) % n
		}
		reversed := slices.Clone(order)
		slices.Reverse(reversed)
		all = append(all, order, reversed)
	}
	return all
}

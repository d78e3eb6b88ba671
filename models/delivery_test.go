package models_test

import (
	"bytes"
	"fmt"
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

func TestOldDeliveryKeysGo(t *testing.T) {
	db := modelstest.Open(t)
	storeMany(t, db, "old", 1500)
	db.Advance(15 * 24 * time.Hour)
	storeMany(t, db, "new", 1000) // after as many each engine has cleared up
	if n := count(t, db, "SELECT count(*) FROM delivery_keys"); n != 1000 {
		t.Errorf("%d delivery keys; want the 1000 new ones", n)
	}
}

// storeMany stores deliveries that differ, a hundred at once.
func storeMany(t *testing.T, db *modelstest.DB, name string, n int) {
	t.Helper()
	for i := 0; i < n; i += 100 {
		var ds []models.Delivery
		for j := range min(100, n-i) {
			ds = append(ds, models.Delivery{Source: "meta", ReceivedAt: db.Time(), Body: fmt.Appendf(nil, "%s %d", name, i+j)})
		}
		if err := db.StoreDeliveries(t.Context(), ds); err != nil {
			t.Fatalf("StoreDeliveries = %v", err)
		}
	}
}

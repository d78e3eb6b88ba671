package models_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"switchyard/models"
	"switchyard/models/modelstest"
)

var byTester = models.By{UserID: 7, Name: "Ann <b>"}

func TestAReplayedDeliveryIsPendingAgainAndTellsWhoDidIt(t *testing.T) {
	db := modelstest.Open(t)
	bad := db.Deliver(models.Delivery{}, models.Decoded{Reason: "it is not JSON"})
	good := db.Deliver(models.Delivery{}, models.Decoded{})
	r, err := db.ReplayDeliveries(t.Context(), []int64{bad.ID, bad.ID, good.ID, 999}, byTester)
	if err != nil || r.Done != 2 || r.State != models.ReplayDone {
		t.Fatalf("ReplayDeliveries = %+v, %v; want two done", r, err)
	}
	pending, err := db.PendingDeliveries(t.Context(), 10)
	if err != nil || len(pending) != 2 {
		t.Fatalf("PendingDeliveries = %d, %v; want both", len(pending), err)
	}
	for _, d := range pending {
		if d.Attempts != 0 || d.Reason != "" || d.Replayed != 1 || d.ReplayID != r.ID {
			t.Errorf("replayed: %+v; want no attempts, no reason, replayed once by %d", d, r.ID)
		}
	}
	if err := db.ApplyDeliveries(t.Context(), []models.Decoded{{ID: bad.ID}, {ID: good.ID}}); err != nil {
		t.Fatal(err)
	}
	if tray, err := db.UnmatchedDeliveries(t.Context(), 0, 10); err != nil || len(tray) != 0 {
		t.Errorf("the tray holds %d, %v; want none after the fix", len(tray), err)
	}
	kept, err := db.Replays(t.Context(), 0, 10)
	if err != nil || len(kept) != 1 || kept[0].Name != "Ann <b>" || kept[0].UserID != 7 || kept[0].Done != 2 || kept[0].Filter != nil {
		t.Errorf("Replays = %+v, %v; want who replayed two", kept, err)
	}
	rows, err := db.AuditRows(t.Context(), 0, 10)
	if err != nil || len(rows) == 0 || rows[0].Action != "deliveries.replay" || !strings.Contains(rows[0].Detail, fmt.Sprint(bad.ID)) {
		t.Errorf("AuditRows = %+v, %v; want the replay with its deliveries", rows, err)
	}
	if _, err := db.ReplayDeliveries(t.Context(), []int64{999}, byTester); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("ReplayDeliveries of one that is gone = %v; want ErrNotFound", err)
	}
	var bounds *models.Invalid
	for _, ids := range [][]int64{nil, manyIDs(models.MaxReplay + 1)} {
		if _, err := db.ReplayDeliveries(t.Context(), ids, byTester); !errors.As(err, &bounds) {
			t.Errorf("ReplayDeliveries of %d = %v; want Invalid", len(ids), err)
		}
	}
}

func manyIDs(n int) (ids []int64) {
	for i := range n {
		ids = append(ids, int64(i+1))
	}
	return ids
}

// storeThirds stores deliveries a second apart; every third needs a person.
func storeThirds(t *testing.T, db *modelstest.DB, n int) {
	t.Helper()
	var ds []models.Delivery
	for i := range n {
		ds = append(ds, models.Delivery{Source: "meta", ReceivedAt: models.Time{Time: db.Now().Add(time.Duration(i-n) * time.Second)}, Body: fmt.Appendf(nil, `{"n":%d}`, i)})
	}
	if err := db.StoreDeliveries(t.Context(), ds); err != nil {
		t.Fatal(err)
	}
	var all []models.Decoded
	for i := range n {
		d := models.Decoded{ID: int64(i + 1)}
		if i%3 == 0 {
			d.Reason = "of no known shape"
		}
		all = append(all, d)
	}
	if err := db.ApplyDeliveries(t.Context(), all); err != nil {
		t.Fatal(err)
	}
}

func TestAReplayOfAFilterGoesOnInBatchesWhileOthersComeFirst(t *testing.T) {
	db := modelstest.Open(t)
	storeThirds(t, db, 900)
	filter := models.DeliveryFilter{State: models.Unmatched}
	r, err := db.StartReplay(t.Context(), filter, byTester)
	if err != nil || r.Total != 300 || r.State != models.ReplayRunning {
		t.Fatalf("StartReplay = %+v, %v; want 300 counted", r, err)
	}
	if _, err := db.StartReplay(t.Context(), filter, byTester); !errors.Is(err, models.ErrConflict) {
		t.Errorf("a second replay = %v; want ErrConflict", err)
	}
	late := db.Deliver(models.Delivery{}, models.Decoded{Reason: "it came after the start"})
	more, waiting, err := db.ContinueReplay(t.Context(), false)
	if err != nil || !more || waiting {
		t.Fatalf("ContinueReplay = %v, %v, %v; want more to do", more, waiting, err)
	}
	if more, waiting, err = db.ContinueReplay(t.Context(), false); err != nil || !more || !waiting {
		t.Errorf("ContinueReplay while 200 are due = %v, %v, %v; want it to wait", more, waiting, err)
	}
	if r, err = db.Replay(t.Context(), r.ID); err != nil || r.Done != 200 || r.State != models.ReplayRunning {
		t.Errorf("half way: %+v, %v; want 200 done", r, err)
	}
	settleAll(t, db, "still of no known shape")
	for more := true; more; settleAll(t, db, "still of no known shape") {
		if more, _, err = db.ContinueReplay(t.Context(), false); err != nil {
			t.Fatal(err)
		}
	}
	r, err = db.Replay(t.Context(), r.ID)
	if err != nil || r.Done != 300 || r.State != models.ReplayDone || r.EndedAt.IsZero() || *r.Filter != filter {
		t.Errorf("at the end: %+v, %v; want each of the 300 once", r, err)
	}
	if late, err = db.Delivery(t.Context(), late.ID); err != nil || late.Replayed != 0 {
		t.Errorf("what came after the start was replayed %d times, %v; want never", late.Replayed, err)
	}
	if more, _, err := db.ContinueReplay(t.Context(), false); more || err != nil {
		t.Errorf("ContinueReplay of none = %v, %v; want nothing to do", more, err)
	}
}

// settleAll marks all that is due.
func settleAll(t *testing.T, db *modelstest.DB, reason string) {
	t.Helper()
	pending, err := db.PendingDeliveries(t.Context(), 1000)
	if err != nil {
		t.Fatal(err)
	}
	var all []models.Decoded
	for _, d := range pending {
		all = append(all, models.Decoded{ID: d.ID, ReceivedAt: d.ReceivedAt, Reason: reason})
	}
	if err := db.ApplyDeliveries(t.Context(), all); err != nil {
		t.Fatal(err)
	}
}

func TestACancelledReplayPutsBackNoMore(t *testing.T) {
	db := modelstest.Open(t)
	storeThirds(t, db, 900)
	r, err := db.StartReplay(t.Context(), models.DeliveryFilter{}, byTester)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := db.ContinueReplay(t.Context(), false); err != nil {
		t.Fatal(err)
	}
	if r, err = db.CancelReplay(t.Context(), r.ID, byTester); err != nil || r.State != models.ReplayCancelled || r.Done != 200 {
		t.Fatalf("CancelReplay = %+v, %v; want cancelled after 200", r, err)
	}
	if more, _, err := db.ContinueReplay(t.Context(), true); more || err != nil {
		t.Errorf("ContinueReplay after the end = %v, %v; want nothing", more, err)
	}
	again, err := db.CancelReplay(t.Context(), r.ID, byTester)
	if err != nil || again.EndedAt != r.EndedAt {
		t.Errorf("a second CancelReplay = %+v, %v; want it as it was", again, err)
	}
	if _, err := db.CancelReplay(t.Context(), 99, byTester); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("CancelReplay of none = %v; want ErrNotFound", err)
	}
	if _, err := db.StartReplay(t.Context(), models.DeliveryFilter{Source: "nobody"}, byTester); err == nil {
		t.Error("StartReplay of nothing is no error")
	}
}

func TestSeveralProcessesPutEachDeliveryBackOnce(t *testing.T) {
	db := modelstest.Open(t)
	storeThirds(t, db, 600)
	r, err := db.StartReplay(t.Context(), models.DeliveryFilter{}, byTester)
	if err != nil {
		t.Fatal(err)
	}
	failed := make(chan error, 4)
	for range 4 {
		go func() {
			for {
				more, _, err := db.ContinueReplay(t.Context(), true)
				if err != nil || !more {
					failed <- err
					return
				}
			}
		}()
	}
	for range 4 {
		if err := <-failed; err != nil {
			t.Error(err)
		}
	}
	if r, err = db.Replay(t.Context(), r.ID); err != nil || r.Done != 600 || r.State != models.ReplayDone {
		t.Errorf("replay = %+v, %v; want 600 done", r, err)
	}
	for d, err := range db.EachDelivery(t.Context(), models.DeliveryFilter{}) {
		if err != nil || d.Replayed != 1 {
			t.Fatalf("delivery %d was put back %d times, %v; want once", d.ID, d.Replayed, err)
		}
	}
}

func TestEachDeliveryYieldsAllWithTheirBodiesOldestFirst(t *testing.T) {
	db := modelstest.Open(t)
	storeThirds(t, db, 450)
	for _, c := range []struct {
		filter models.DeliveryFilter
		want   int
	}{
		{models.DeliveryFilter{}, 450},
		{models.DeliveryFilter{State: models.Unmatched}, 150},
		{models.DeliveryFilter{Source: "meta", State: models.Done}, 300},
		{models.DeliveryFilter{Source: "nobody"}, 0},
		{models.DeliveryFilter{Text: `"n":44`}, 11},
	} {
		var ids []int64
		for d, err := range db.EachDelivery(t.Context(), c.filter) {
			if err != nil || len(d.Body) == 0 {
				t.Fatalf("EachDelivery(%+v): %d without a body, %v", c.filter, d.ID, err)
			}
			ids = append(ids, d.ID)
		}
		if len(ids) != c.want || !slices.IsSorted(ids) {
			t.Errorf("EachDelivery(%+v) = %d deliveries; want %d, oldest first", c.filter, len(ids), c.want)
		}
	}
}

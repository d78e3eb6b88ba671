package models_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"switchyard/models"
	"switchyard/models/modelstest"
)

// passedOn is a database with a target for which n deliveries wait.
func passedOn(t *testing.T, n int) (*modelstest.DB, models.Target) {
	t.Helper()
	db := modelstest.Open(t)
	target, _ := db.NewTarget("crm")
	for range n {
		db.Deliver(models.Delivery{}, models.Decoded{})
	}
	return db, target
}

func forward(t *testing.T, db *modelstest.DB, id int64) models.Forward {
	t.Helper()
	f, err := db.Forward(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func health(t *testing.T, db *modelstest.DB, target int64) models.TargetHealth {
	t.Helper()
	all, err := db.TargetsHealth(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return all[target]
}

func TestAForwardIsTriedForThreeDaysThenDeadThenPutBack(t *testing.T) {
	db, target := passedOn(t, 1)
	first := db.Time()
	var tries []time.Duration
	var f models.Forward
	for range 100 {
		due, err := db.DueTargets(t.Context())
		claimed := db.Claim(target.ID, 9)
		if err != nil || !slices.Equal(due, []int64{target.ID}) || len(claimed) != 1 {
			t.Fatalf("after %v: DueTargets = %d, %v, claimed %d; want the one", tries, due, err, len(claimed))
		}
		tries = append(tries, db.Now().Sub(first.Time))
		db.Settle(models.ForwardFailed, claimed...)
		if f = forward(t, db, claimed[0].ID); f.State == models.ForwardDead {
			break
		}
		if early := db.Claim(target.ID, 9); len(early) != 0 {
			t.Fatalf("claimed %v before it was due", early)
		}
		db.Advance(max(f.NextAt.Sub(db.Now()), health(t, db, target.ID).PausedUntil.Sub(db.Now())))
	}
	if tries[len(tries)-1] < 72*time.Hour || len(tries) < 15 || len(tries) > 25 || f.Attempts != len(tries) || f.LastStatus != 500 || f.LastError == "" || f.EndedAt != db.Time() {
		t.Errorf("tried %d times at %v, then %+v; want the last one after 3 days, dead", len(tries), tries, f)
	}
	if h := health(t, db, target.ID); h.Dead != 1 || h.Waiting != 0 || h.Failure != "It answered 500." || h.Failures != int64(len(tries)) || h.LastFailure != db.Time() {
		t.Errorf("health = %+v", h)
	}
	if n, err := db.RetryForwards(t.Context(), []int64{f.ID, 999}, ada); err != nil || n != 1 {
		t.Fatalf("RetryForwards = %d, %v; want 1", n, err)
	}
	db.Advance(10 * time.Minute) // the pause of the target
	again := db.Claim(target.ID, 9)
	if len(again) != 1 || again[0].Attempts != 1 || again[0].FirstAt != db.Time() || target.WebhookID(again[0].DeliveryID) != target.WebhookID(f.DeliveryID) {
		t.Fatalf("put back it is claimed as %+v; want it anew under the same webhook id", again)
	}
	db.Settle(models.ForwardTaken, again...)
	if f = forward(t, db, f.ID); f.State != models.ForwardDone || f.LastStatus != 200 || f.LastError != "" || f.EndedAt != db.Time() {
		t.Errorf("taken it is %+v; want it done", f)
	}
	if _, err := db.RetryForwards(t.Context(), []int64{f.ID}, ada); err != models.ErrNotFound {
		t.Errorf("RetryForwards of what is done = %v; want ErrNotFound", err)
	}
}

func TestAClaimThatIsNotSettledEndsWithItsLease(t *testing.T) {
	db, target := passedOn(t, 1)
	lost := db.Claim(target.ID, 9)
	db.Advance(time.Minute - time.Microsecond)
	if got := db.Claim(target.ID, 9); len(got) != 0 {
		t.Fatalf("claimed twice within the lease: %+v", got)
	}
	db.Advance(time.Microsecond)
	taken := db.Claim(target.ID, 9)
	if len(taken) != 1 || taken[0].Attempts != 2 || taken[0].FirstAt != lost[0].FirstAt {
		t.Fatalf("claimed after the lease: %+v; want the second try", taken)
	}
	db.Settle(models.ForwardFailed, lost...) // the one that was thought dead wakes up
	if f := forward(t, db, taken[0].ID); f.NextAt != taken[0].NextAt || f.State != models.ForwardWaiting {
		t.Errorf("an old claim settled %+v; want the new claim's %+v", f, taken[0])
	}
	db.Settle(models.ForwardTaken, taken...)
	db.Settle(models.ForwardFailed, lost...)
	if f := forward(t, db, taken[0].ID); f.State != models.ForwardDone {
		t.Errorf("forward = %+v; want it done whatever an old claim says", f)
	}
}

func TestATargetThatFailsIsTriedWithOneAtATime(t *testing.T) {
	db, target := passedOn(t, 12)
	db.Settle(models.ForwardFailed, db.Claim(target.ID, 5)...)
	if got := db.Claim(target.ID, 5); len(got) != 0 {
		t.Fatalf("claimed %d at once after five failures; want a pause", len(got))
	}
	var ids []int64
	for pause, last := time.Duration(0), time.Duration(0); pause < 5*time.Minute; last = pause {
		if pause = health(t, db, target.ID).PausedUntil.Sub(db.Now()); pause < last || pause > 6*time.Minute {
			t.Fatalf("pause of %v after one of %v; want it to grow to 5 or 6 minutes", pause, last)
		}
		db.Advance(pause - time.Microsecond)
		if due, err := db.DueTargets(t.Context()); err != nil || len(due) != 0 {
			t.Fatalf("DueTargets in the pause = %d, %v", due, err)
		}
		db.Advance(time.Microsecond)
		probe := db.Claim(target.ID, 5)
		if len(probe) != 1 || len(db.Claim(target.ID, 5)) != 0 {
			t.Fatalf("claimed %d, then more; want one, and no other beside it", len(probe))
		}
		ids = append(ids, probe[0].ID)
		db.Settle(models.ForwardFailed, probe...)
	}
	if slices.Sort(ids); len(slices.Compact(ids)) < 3 {
		t.Errorf("probes were of %d; want others, too, in case that one is what it fails on", ids)
	}
	db.Advance(6 * time.Minute)
	db.Settle(models.ForwardTaken, db.Claim(target.ID, 5)...)
	if h := health(t, db, target.ID); h.Failures != 0 || !h.PausedUntil.IsZero() || h.LastSuccess != db.Time() {
		t.Errorf("health after a success = %+v; want it well", h)
	}
	if got := db.Claim(target.ID, 5); len(got) != 5 {
		t.Errorf("claimed %d after a success; want 5", len(got))
	}
}

func TestATargetThatAsksToWaitIsLeftAlone(t *testing.T) {
	db, target := passedOn(t, 2)
	for _, tt := range []struct{ asked, want time.Duration }{{90 * time.Second, 90 * time.Second}, {1000 * time.Hour, 6 * time.Hour}} {
		claimed := db.Claim(target.ID, 1)
		err := db.SettleForwards(t.Context(), target.ID, []models.ForwardResult{{Forward: claimed[0].Forward, End: models.ForwardFailed, Status: 429, Reason: "It answered 429.", RetryAfter: tt.asked}})
		if err != nil {
			t.Fatal(err)
		}
		h, f := health(t, db, target.ID), forward(t, db, claimed[0].ID)
		if h.PausedUntil.Sub(db.Now()) != tt.want || f.NextAt.Sub(db.Now()) < tt.want {
			t.Errorf("asked for %v: paused for %v, next after %v; want %v", tt.asked, h.PausedUntil.Sub(db.Now()), f.NextAt.Sub(db.Now()), tt.want)
		}
		db.Advance(tt.want)
	}
}

func TestOtherEndsOfATry(t *testing.T) {
	db, target := passedOn(t, 4)
	claimed := db.Claim(target.ID, 3)
	db.Settle(models.ForwardUntried, claimed[0])
	if f := forward(t, db, claimed[0].ID); f.Attempts != 0 || !f.FirstAt.IsZero() || f.NextAt != db.Time() || f.State != models.ForwardWaiting {
		t.Errorf("untried: %+v; want it due as if nothing had been", f)
	}
	db.Settle(models.ForwardLost, claimed[1])
	if f := forward(t, db, claimed[1].ID); f.State != models.ForwardDead {
		t.Errorf("lost: %+v; want it dead", f)
	}
	for range 6 { // what a target refuses says nothing about the others
		db.Settle(models.ForwardRefused, claimed[2])
	}
	if h := health(t, db, target.ID); h.Failures != 0 || !h.PausedUntil.IsZero() {
		t.Errorf("health after refusals = %+v; want no pause", h)
	}
	gone := db.Claim(target.ID, 1)
	db.Settle(models.ForwardGone, gone...)
	if f := forward(t, db, gone[0].ID); f.State != models.ForwardDead {
		t.Errorf("gone: %+v; want it dead", f)
	}
	off, err := db.Target(t.Context(), target.ID)
	if err != nil || !off.Off || off.OffReason == "" {
		t.Errorf("Target after 410 = %+v, %v; want it off with a reason", off, err)
	}
	if rows, err := db.AuditRows(t.Context(), 0, 1); err != nil || rows[0].Action != "target.off" {
		t.Errorf("audit = %+v, %v; want target.off", rows, err)
	}
}

func TestFiguresAreOfTheLastHourAndDay(t *testing.T) {
	db, target := passedOn(t, 0)
	try := func(n int, end models.ForwardEnd, took time.Duration) {
		var results []models.ForwardResult
		for range n {
			results = append(results, models.ForwardResult{End: end, Took: took})
		}
		if err := db.SettleForwards(t.Context(), target.ID, results); err != nil {
			t.Fatal(err)
		}
	}
	try(100, models.ForwardTaken, 5*time.Second)
	db.Advance(2 * time.Hour)
	try(80, models.ForwardTaken, 20*time.Millisecond)
	try(15, models.ForwardTaken, 900*time.Millisecond)
	try(5, models.ForwardFailed, 10*time.Second)
	try(9, models.ForwardUntried, 0)
	h := health(t, db, target.ID)
	near := func(got, want time.Duration) bool { return got >= want && got <= want*5/4 }
	if h.Hour.Tries != 100 || h.Hour.Failed != 5 || h.Hour.Rate() != .95 || !near(h.Hour.P50, 20*time.Millisecond) || !near(h.Hour.P90, 900*time.Millisecond) {
		t.Errorf("hour = %d tries, %d failed, rate %v, %v and %v; want 100, 5, .95, 20 ms, 900 ms", h.Hour.Tries, h.Hour.Failed, h.Hour.Rate(), h.Hour.P50, h.Hour.P90)
	}
	if h.Day.Tries != 200 || h.Day.Failed != 5 || !near(h.Day.P50, 5*time.Second) {
		t.Errorf("day = %d tries, %d failed, median %v; want 200, 5, 5 s", h.Day.Tries, h.Day.Failed, h.Day.P50)
	}
	db.Advance(25 * time.Hour)
	if h := health(t, db, target.ID); h.Day.Tries != 0 || h.Day.Rate() != 1 || h.Day.P50 != 0 {
		t.Errorf("a day later = %+v; want nothing", h.Day)
	}
}

func TestDeadLettersArePutBackByFilter(t *testing.T) {
	db, target := passedOn(t, 3)
	other, _ := db.NewTarget("other")
	db.Advance(time.Hour)
	later := db.Time()
	for i := range 700 {
		db.Deliver(models.Delivery{Body: fmt.Append(nil, "later ", i)}, models.Decoded{})
	}
	db.Settle(models.ForwardLost, db.Claim(target.ID, 800)...)
	db.Settle(models.ForwardLost, db.Claim(other.ID, 1)...)
	count := func(f models.ForwardFilter) int64 {
		t.Helper()
		n, err := db.CountForwards(t.Context(), f)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	if n := count(models.ForwardFilter{Target: target.ID, State: models.ForwardDead}); n != 703 {
		t.Fatalf("%d are dead; want 703", n)
	}
	n, err := db.RetryAllForwards(t.Context(), models.ForwardFilter{Target: target.ID, From: later}, ada)
	if err != nil || n != 700 {
		t.Errorf("RetryAllForwards = %d, %v; want 700", n, err)
	}
	if dead, waiting := count(models.ForwardFilter{State: models.ForwardDead}), count(models.ForwardFilter{Target: target.ID, State: models.ForwardWaiting}); dead != 4 || waiting != 700 {
		t.Errorf("%d are dead, %d wait; want 4 and 700", dead, waiting)
	}
	rows, err := db.AuditRows(t.Context(), 0, 1)
	if err != nil || rows[0].Action != "forwards.retry" {
		t.Errorf("audit = %+v, %v", rows, err)
	}
	if _, err := db.RetryAllForwards(t.Context(), models.ForwardFilter{From: models.Time{Time: later.Add(time.Hour)}}, ada); err == nil {
		t.Error("RetryAllForwards of nothing = nil; want it said")
	}
}

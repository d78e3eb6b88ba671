package web

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"switchyard/models"
	"switchyard/models/modelstest"
)

// running runs a forwarder; stop ends it and waits.
func running(t *testing.T, f *forwarder) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { f.run(ctx); close(done) }()
	stop = func() {
		cancel()
		select {
		case <-done:
		case <-time.After(20 * time.Second):
			t.Error("run does not end with its context")
		}
	}
	t.Cleanup(stop)
	return stop
}

// soon waits until something is so.
func soon(t *testing.T, what string, so func() bool) {
	t.Helper()
	for begin := time.Now(); !so(); time.Sleep(2 * time.Millisecond) {
		if time.Since(begin) > 20*time.Second {
			t.Fatalf("it never was so that %s", what)
		}
	}
}

func TestATargetThatHangsDelaysNoOther(t *testing.T) {
	db := modelstest.Open(t)
	open, entered := make(chan struct{}), make(chan struct{}, 100)
	hanging := newReceiver(t, db, func(w http.ResponseWriter, req *http.Request) { entered <- struct{}{}; until(open)(w, req) })
	fast := newReceiver(t, db, status(200))
	db.NewTarget("hanging", to(hanging, func(t *models.Target) { t.Timeout = 30 }))
	target, secret := db.NewTarget("fast", to(fast))
	f := newForwarder(t, db, hanging, fast)
	running(t, f)
	first := arrive(db, "1", "2", "3", "4", "5", "6")
	<-entered
	ds := append(first, arrive(db, "7", "8", "9")...)
	soon(t, "the fast one has all", func() bool { return len(fast.arrived()) == len(ds) })
	if n := len(hanging.arrived()); n != 0 || len(entered) > atOnce {
		t.Errorf("meanwhile the one that hangs answered %d, has %d more; want none, and at most %d at a time", n, len(entered), atOnce)
	}
	close(open)
	wantEachOnce(t, target, secret, fast, ds)
}

func TestAStopWaitsForWhatIsUnderWayAndNotForEver(t *testing.T) {
	for _, tt := range []struct {
		name  string
		grace time.Duration
		end   models.ForwardState
	}{{"answered in time", 20 * time.Second, models.ForwardDone}, {"cut off", 20 * time.Millisecond, models.ForwardWaiting}} {
		db := modelstest.Open(t)
		open, entered := make(chan struct{}), make(chan struct{}, 1)
		r := newReceiver(t, db, func(w http.ResponseWriter, req *http.Request) { entered <- struct{}{}; until(open)(w, req) })
		db.NewTarget("crm", to(r, func(t *models.Target) { t.Timeout = 30 }))
		f := newForwarder(t, db, r)
		f.grace = tt.grace
		stop := running(t, f)
		d := arrive(db, "{}")[0]
		<-entered
		if tt.end == models.ForwardDone {
			time.AfterFunc(10*time.Millisecond, func() { close(open) })
		}
		stop()
		all, err := db.DeliveryForwards(t.Context(), d.ID)
		if err != nil || len(all) != 1 || all[0].State != tt.end || all[0].State == models.ForwardWaiting && (all[0].NextAt.After(db.Now()) || all[0].Attempts != 0) {
			t.Errorf("%s: %+v, %v; want it %s, and due if it waits", tt.name, all, err, tt.end)
		}
	}
}

func TestWhatATargetAnswersIsHeeded(t *testing.T) {
	db := modelstest.Open(t)
	r := newReceiver(t, db, status(410))
	target, _ := db.NewTarget("crm", to(r))
	f := newForwarder(t, db, r)
	gone := arrive(db, "1")[0]
	f.pass(t)
	off, err := db.Target(t.Context(), target.ID)
	if err != nil || !off.Off || !strings.Contains(off.OffReason, "410") {
		t.Fatalf("Target after 410 = %+v, %v; want it off", off, err)
	}
	off.Off = false
	if _, err := db.SaveTarget(t.Context(), off, models.By{}); err != nil {
		t.Fatal(err)
	}
	r.now(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "120")
		w.WriteHeader(http.StatusTooManyRequests)
	})
	ds := arrive(db, "2", "3")
	f.pass(t)
	n := len(r.arrived())
	db.Advance(119 * time.Second)
	if f.pass(t); len(r.arrived()) != n {
		t.Errorf("it asked for 120 s and got %d more", len(r.arrived())-n)
	}
	r.now(status(422))
	db.Advance(time.Second)
	arrive(db, "4")
	f.pass(t)
	health, err := db.TargetsHealth(t.Context())
	if h := health[target.ID]; err != nil || h.Failures != 0 || h.Waiting != 3 || h.Dead != 1 || !strings.Contains(h.Failure, "does not take this body") {
		t.Errorf("health after refusals = %+v, %v; want 3 waiting, 1 dead, no pause", h, err)
	}
	r.now(status(201))
	for range 20 {
		db.Advance(time.Hour)
		f.pass(t)
	}
	for _, d := range append(ds, gone) {
		all, err := db.DeliveryForwards(t.Context(), d.ID)
		want := models.ForwardDone
		if d.ID == gone.ID {
			want = models.ForwardDead
		}
		if err != nil || len(all) != 1 || all[0].State != want {
			t.Errorf("forwards of %s = %+v, %v; want one, %s", d.Body, all, err, want)
		}
	}
}

func TestAForwardWhoseBodyIsGoneIsDead(t *testing.T) {
	db := modelstest.Open(t)
	r := newReceiver(t, db, status(200))
	target, _ := db.NewTarget("crm", to(r))
	d := arrive(db, "1")[0]
	if _, err := modelstest.SQL(t, db.URL).ExecContext(t.Context(), "DELETE FROM deliveries"); err != nil {
		t.Fatal(err)
	}
	newForwarder(t, db, r).pass(t)
	page, err := db.Forwards(t.Context(), models.ForwardFilter{Target: target.ID, State: models.ForwardDead})
	if err != nil || len(page.Rows) != 1 || page.Rows[0].DeliveryID != d.ID || page.Rows[0].LastError != "The body is kept no longer." || len(r.arrived()) != 0 {
		t.Errorf("Forwards = %+v, %v, %d sent; want it dead with the reason", page.Rows, err, len(r.arrived()))
	}
}

func TestWhatAnAnswerMeans(t *testing.T) {
	for code, want := range map[int]models.ForwardEnd{
		200: models.ForwardTaken, 204: models.ForwardTaken, 299: models.ForwardTaken, 301: models.ForwardFailed, 304: models.ForwardFailed,
		400: models.ForwardRefused, 401: models.ForwardFailed, 404: models.ForwardFailed, 408: models.ForwardFailed, 410: models.ForwardGone,
		413: models.ForwardRefused, 415: models.ForwardRefused, 422: models.ForwardRefused, 429: models.ForwardFailed, 500: models.ForwardFailed, 599: models.ForwardFailed,
	} {
		got, reason := endOf(code)
		if got != want || (reason == "") != (want == models.ForwardTaken) || want == models.ForwardFailed && code/100 == 3 && !strings.Contains(reason, "new address") {
			t.Errorf("endOf(%d) = %s, %q; want %s", code, got, reason, want)
		}
	}
	now := time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)
	for value, want := range map[string]time.Duration{
		"": 0, "0": 0, "120": 2 * time.Minute, "-1": 0, "soon": 0, "99999999999999999999": 0,
		"Fri, 20 Nov 2026 10:05:00 GMT": 5 * time.Minute, "Fri, 20 Nov 2026 09:00:00 GMT": 0,
	} {
		if got := retryAfter(value, now); got != want {
			t.Errorf("retryAfter(%q) = %v; want %v", value, got, want)
		}
	}
}

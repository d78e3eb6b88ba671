package models_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"switchyard/models"
	"switchyard/models/modelstest"
)

func TestSessionEndsWhenIdleAndAtItsEnd(t *testing.T) {
	db, ctx := modelstest.Open(t), t.Context()
	s := signedIn(t, db, "a", 1)
	if got, err := db.LiveSession(ctx, "a"); err != nil || got != s {
		t.Errorf("LiveSession = %+v, %v; want %+v", got, err, s)
	}
	for range 5 {
		db.Advance(2*time.Hour - time.Second)
		s.SeenAt, s.IdleAt = db.Time(), models.Time{Time: db.Now().Add(2 * time.Hour)}
		if err := db.TouchSession(ctx, s); err != nil {
			t.Fatalf("TouchSession = %v", err)
		}
	}
	db.Advance(2*time.Hour + time.Second)
	if alive(t, db, "a") {
		t.Error("session lives after 2 hours idle")
	}
	b := signedIn(t, db, "b", 1)
	b.IdleAt = models.Time{Time: db.Now().Add(100 * time.Hour)}
	if err := db.SaveSession(ctx, b); err != nil {
		t.Fatal(err)
	}
	db.Advance(12*time.Hour - time.Second)
	if !alive(t, db, "b") {
		t.Error("session is over before its end")
	}
	db.Advance(time.Second)
	if alive(t, db, "b") {
		t.Error("session lives after its end")
	}
}

func TestEndedSessionCannotBeSavedBackToLife(t *testing.T) {
	db, ctx := modelstest.Open(t), t.Context()
	s := signedIn(t, db, "a", 1)
	for range 2 {
		if err := db.RevokeSession(ctx, "a"); err != nil {
			t.Fatalf("RevokeSession = %v", err)
		}
	}
	for name, err := range map[string]error{"SaveSession": db.SaveSession(ctx, s), "TouchSession": db.TouchSession(ctx, s)} {
		if !errors.Is(err, models.ErrNotFound) {
			t.Errorf("%s of an ended session = %v; want ErrNotFound", name, err)
		}
	}
	s.ID = "never"
	if err := db.SaveSession(ctx, s); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("SaveSession of none = %v; want ErrNotFound", err)
	}
	if alive(t, db, "a") || alive(t, db, "never") {
		t.Error("a session came back to life")
	}
}

func TestSixthSessionOfAUserEndsTheOldest(t *testing.T) {
	db, ctx := modelstest.Open(t), t.Context()
	signedIn(t, db, "other", 2)
	for i := range 6 {
		signedIn(t, db, fmt.Sprint("s", i), 1)
		db.Advance(time.Second)
	}
	for i := range 6 {
		if got := alive(t, db, fmt.Sprint("s", i)); got != (i > 0) {
			t.Errorf("session %d lives = %v; want %v", i, got, i > 0)
		}
	}
	if !alive(t, db, "other") {
		t.Error("the session of another user ended")
	}
	list, err := db.UserSessions(ctx, 1)
	if err != nil || len(list) != 5 || list[0].ID != "s5" {
		t.Errorf("UserSessions = %+v, %v; want five, s5 first", list, err)
	}
}

func TestTouchLeavesTheDataOfASessionAlone(t *testing.T) {
	db, ctx := modelstest.Open(t), t.Context()
	u := addUser(t, db, "ada@example.com", models.Viewer)
	stale := signedIn(t, db, "a", u.ID)
	fresh := stale
	fresh.Data = `{"flashes":[]}`
	if err := db.SaveSession(ctx, fresh); err != nil {
		t.Fatal(err)
	}
	before := revision(t, db)
	db.Advance(time.Minute)
	stale.SeenAt = db.Time()
	if err := db.TouchSession(ctx, stale); err != nil {
		t.Fatal(err)
	}
	if got, err := db.LiveSession(ctx, "a"); err != nil || got.Data != fresh.Data || !got.SeenAt.Equal(db.Now()) {
		t.Errorf("LiveSession = %+v, %v; want the data as saved, seen now", got, err)
	}
	if got, err := db.User(ctx, u.ID); err != nil || !got.LastSeenAt.Equal(db.Now()) {
		t.Errorf("User = %+v, %v; want last seen now", got, err)
	}
	if got := revision(t, db); got != before {
		t.Errorf("revision = %d; want %d: being seen changes nothing", got, before)
	}
}

func TestSessionTimesAreAsSet(t *testing.T) {
	db, ctx := modelstest.Open(t), t.Context()
	if idle, longest, err := db.SessionTimes(ctx); idle != 2*time.Hour || longest != 12*time.Hour || err != nil {
		t.Errorf("SessionTimes = %v, %v, %v; want 2h, 12h", idle, longest, err)
	}
	if err := db.SetSetting(ctx, models.SessionIdle, "30m", ada); err != nil {
		t.Fatal(err)
	}
	if err := db.SetSetting(ctx, models.SessionMax, "24h", ada); err != nil {
		t.Fatal(err)
	}
	if idle, longest, err := db.SessionTimes(ctx); idle != 30*time.Minute || longest != 24*time.Hour || err != nil {
		t.Errorf("SessionTimes = %v, %v, %v; want 30m, 24h", idle, longest, err)
	}
}

func TestLongEndedSessionsAreCleared(t *testing.T) {
	db := modelstest.Open(t)
	signedIn(t, db, "old", 1)
	db.Advance(31 * 24 * time.Hour)
	signedIn(t, db, "new", 1)
	if got := lines(t, db, "SELECT id FROM sessions"); !slices.Equal(got, []string{"new"}) {
		t.Errorf("sessions kept = %s; want new", got)
	}
}

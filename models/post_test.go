package models_test

import (
	"testing"
	"time"

	"switchyard/models"
	"switchyard/models/alert"
	"switchyard/models/modelstest"
)

// told is a database with a receiver for which one post waits.
func told(t *testing.T, change ...func(*models.Receiver)) (*modelstest.DB, models.Receiver) {
	t.Helper()
	db := modelstest.Open(t)
	r, _ := db.NewReceiver("crew", change...)
	db.NewAlert("1", alert.EndpointErrorRate, 10)
	db.Advance(15 * time.Second)
	if n := db.Gather(); n != 1 {
		t.Fatalf("GatherPosts = %d; want 1", n)
	}
	return db, r
}

func postOf(t *testing.T, db *modelstest.DB, id int64) models.Post {
	t.Helper()
	p, err := db.Post(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func receiverOf(t *testing.T, db *modelstest.DB, id int64) models.Receiver {
	t.Helper()
	r, err := db.Receiver(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestAPostIsTriedForADayAndARefusedOneForTwoHours(t *testing.T) {
	for end, want := range map[models.PostEnd]struct {
		least    time.Duration
		from, to int
	}{models.PostFailed: {24 * time.Hour, 25, 32}, models.PostRefused: {2 * time.Hour, 6, 9}} {
		db, r := told(t)
		begin := db.Now()
		var p models.Post
		for range 100 {
			c, ok := db.ClaimNext(r.ID)
			if !ok {
				t.Fatalf("%s: nothing is due at %v after %d tries", end, db.Now().Sub(begin), p.Attempts)
			}
			db.SettleAs(c, end)
			if p = postOf(t, db, c.Post.ID); p.State == models.PostDead {
				break
			}
			if _, ok := db.ClaimNext(r.ID); ok {
				t.Fatalf("%s: claimed before it was due", end)
			}
			db.Advance(p.NextAt.Sub(db.Now()))
		}
		if took := db.Now().Sub(begin); took < want.least || p.Attempts < want.from || p.Attempts > want.to || p.LastStatus != 500 || p.LastError == "" || p.EndedAt != db.Time() {
			t.Errorf("%s: %+v after %v; want it dead after %v and %d to %d tries", end, p, took, want.least, want.from, want.to)
		}
		if got := receiverOf(t, db, r.ID); got.Failures != int64(p.Attempts) || got.Failure != "It answered 500." || got.LastFailure != db.Time() {
			t.Errorf("%s: receiver = %+v", end, got)
		}
		if err := db.RetryPost(t.Context(), r.ID, p.ID, ada); err != nil {
			t.Fatal(err)
		}
		c, ok := db.ClaimNext(r.ID)
		if !ok || c.Post.ID != p.ID || c.Post.Attempts != 1 {
			t.Fatalf("%s: put back, claimed %+v; want it anew", end, c.Post)
		}
		db.SettleAs(c, models.PostTaken)
		if got := receiverOf(t, db, r.ID); got.Failures != 0 || got.LastSuccess != db.Time() {
			t.Errorf("%s: after a success the receiver = %+v", end, got)
		}
		if err := db.RetryPost(t.Context(), r.ID, p.ID, ada); err != models.ErrNotFound {
			t.Errorf("%s: RetryPost of what is done = %v; want ErrNotFound", end, err)
		}
	}
}

func TestAPostWhoseSenderDiedIsDueAgainAfterItsLease(t *testing.T) {
	db, r := told(t)
	lost, _ := db.ClaimNext(r.ID)
	db.Advance(time.Minute - time.Microsecond)
	if _, ok := db.ClaimNext(r.ID); ok {
		t.Fatal("claimed twice within the lease")
	}
	db.Advance(time.Microsecond)
	again, ok := db.ClaimNext(r.ID)
	if !ok || again.Receiver.PostID(again.Post.ID) != lost.Receiver.PostID(lost.Post.ID) || again.Post.Attempts != 2 || len(again.Tells) != 1 {
		t.Fatalf("claimed %+v after the lease; want the same post, its second try", again)
	}
	db.SettleAs(lost, models.PostFailed) // the one that was thought dead wakes up
	if p := postOf(t, db, again.Post.ID); p.NextAt != again.Post.NextAt || p.State != models.PostWaiting {
		t.Errorf("an old claim settled %+v; want that of the new one", p)
	}
	if got := receiverOf(t, db, r.ID); got.Failures != 0 {
		t.Errorf("an old claim counted: %d failures", got.Failures)
	}
	db.SettleAs(again, models.PostUntried)
	if p := postOf(t, db, again.Post.ID); p.Attempts != 1 || p.NextAt != db.Time() {
		t.Errorf("untried: %+v; want it due at once and not counted", p)
	}
}

func TestAReceiverThatIsGoneIsSwitchedOffAndOnAgain(t *testing.T) {
	db, r := told(t)
	c, _ := db.ClaimNext(r.ID)
	db.NewAlert("2", alert.EndpointErrorRate, 10) // waits
	db.SettleAs(c, models.PostGone)
	got := receiverOf(t, db, r.ID)
	if !got.Off || got.OffReason == "" || postOf(t, db, c.Post.ID).State != models.PostDead {
		t.Fatalf("after 410: %+v; want it off with a reason", got)
	}
	if rows, err := db.AuditRows(t.Context(), 0, 1); err != nil || rows[0].Action != "receiver.off" {
		t.Errorf("audit = %+v, %v", rows, err)
	}
	db.NewAlert("3", alert.EndpointErrorRate, 10)
	db.Advance(time.Hour)
	if n := db.Gather(); n != 0 {
		t.Errorf("made %d posts for one that is off", n)
	}
	raw(t, db.URL, `INSERT INTO notifications (receiver_id, alert_id, key, severity, fact, made_at) VALUES (1, 3, 'made beside', 2, '{}', 1)`)
	got.Off = false
	if got, err := db.SaveReceiver(t.Context(), got, "", ada); err != nil || got.Off || got.OffReason != "" || got.Since != db.Time() {
		t.Fatalf("SaveReceiver(on) = %+v, %v", got, err)
	}
	if n := db.Gather(); n != 0 {
		t.Error("switched on, it hears old news")
	}
	if err := db.DeleteReceiver(t.Context(), r.ID, ada); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Maintain(t.Context(), models.Keep{}); err != nil {
		t.Fatal(err)
	}
	if n := count(t, db, "SELECT count(*) FROM receivers"); n != 1 {
		t.Errorf("%d receivers just after it was deleted; want it kept a while", n)
	}
	db.Advance(2 * time.Hour)
	if _, err := db.Maintain(t.Context(), models.Keep{}); err != nil {
		t.Fatal(err)
	}
	if n := count(t, db, "SELECT (SELECT count(*) FROM receivers) + (SELECT count(*) FROM posts) + (SELECT count(*) FROM notifications)"); n != 0 {
		t.Errorf("%d rows are left of a deleted receiver", n)
	}
}

func TestOldPostsGoAfterNinetyDays(t *testing.T) {
	db, r := told(t)
	c, _ := db.ClaimNext(r.ID)
	db.SettleAs(c, models.PostTaken)
	for _, days := range []int{89, 2} {
		db.Advance(time.Duration(days) * 24 * time.Hour)
		if _, err := db.Maintain(t.Context(), models.Keep{}); err != nil {
			t.Fatal(err)
		}
		want := int64(2)
		if days == 2 {
			want = 0
		}
		if n := count(t, db, "SELECT (SELECT count(*) FROM posts) + (SELECT count(*) FROM notifications)"); int64(n) != want {
			t.Errorf("%d rows after %d more days; want %d", n, days, want)
		}
	}
}

package models_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"switchyard/models"
	"switchyard/models/modelstest"
)

const goodPassword = "ruthless crimson kettle"

func addUser(t *testing.T, db *modelstest.DB, email string, role models.Role) models.User {
	t.Helper()
	u, err := db.CreateUser(t.Context(), models.User{Email: email, Role: role}, goodPassword, ada)
	if err != nil {
		t.Fatalf("CreateUser(%s) = %v", email, err)
	}
	return u
}

func wantThrottled(t *testing.T, err error, wait time.Duration) {
	t.Helper()
	var throttled *models.ThrottledError
	if !errors.As(err, &throttled) || throttled.Wait != wait {
		t.Errorf("Authenticate = %v; want a wait of %v", err, wait)
	}
}

func TestSignInNeedsTheRightPasswordOfAnActiveAccount(t *testing.T) {
	db, ctx := modelstest.Open(t), t.Context()
	u := addUser(t, db, "ada@example.com", models.Admin)
	addUser(t, db, "bob@example.com", models.Admin)
	if got, err := db.Authenticate(ctx, " ADA@example.com ", goodPassword, "203.0.113.9"); err != nil || got.ID != u.ID || got.Role != models.Admin {
		t.Errorf("Authenticate = %+v, %v; want Ada", got, err)
	}
	for _, tt := range [][2]string{{"ada@example.com", "wrong"}, {"eve@example.com", goodPassword}, {"", ""}, {"ada@example.com", strings.Repeat("x", 1<<16)}} {
		if got, err := db.Authenticate(ctx, tt[0], tt[1], "203.0.113.9"); !errors.Is(err, models.ErrNotFound) {
			t.Errorf("Authenticate(%q, %.10q) = %+v, %v; want ErrNotFound", tt[0], tt[1], got, err)
		}
	}
	if err := db.DisableUser(ctx, u.ID, true, ada); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Authenticate(ctx, "ada@example.com", goodPassword, "203.0.113.9"); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("Authenticate of a disabled account = %v; want ErrNotFound", err)
	}
}

func TestSignInsAreAuditedWithoutWhatWasTyped(t *testing.T) {
	db, ctx := modelstest.Open(t), t.Context()
	u := addUser(t, db, "ada@example.com", models.Admin)
	_, _ = db.Authenticate(ctx, "ada@example.com", goodPassword, "203.0.113.9")
	_, _ = db.Authenticate(ctx, "ada@example.com", "typed-by-mistake", "203.0.113.9")
	_, _ = db.Authenticate(ctx, "typed-by-mistake", "typed-by-mistake", "203.0.113.9")
	rows, err := db.AuditRows(ctx, 0, 3)
	if err != nil || len(rows) != 3 {
		t.Fatalf("AuditRows = %+v, %v", rows, err)
	}
	object := fmt.Sprint("user ", u.ID)
	for i, want := range []models.AuditRow{
		{Actor: "nobody", Action: "user.sign_in_failed", Object: "user unknown"},
		{Actor: "nobody", Action: "user.sign_in_failed", Object: object},
		{Actor: "ada@example.com", Action: "user.sign_in", Object: object},
	} {
		got := rows[i]
		if got.Actor != want.Actor || got.Action != want.Action || got.Object != want.Object || got.IP != "203.0.113.0/24" || strings.Contains(fmt.Sprint(got), "typed") {
			t.Errorf("AuditRows[%d] = %+v; want %+v", i, got, want)
		}
	}
}

func TestConfirmingAPasswordIsNoSignInAndThrottledLikeOne(t *testing.T) {
	db, ctx := modelstest.Open(t), t.Context()
	u := addUser(t, db, "ada@example.com", models.Admin)
	by := models.By{UserID: u.ID, IP: "203.0.113.0/24"}
	before, err := db.AuditRows(ctx, 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.ConfirmPassword(ctx, u, goodPassword, "203.0.113.9", by); err != nil {
		t.Errorf("ConfirmPassword of the right one = %v", err)
	}
	for range 5 {
		if err := db.ConfirmPassword(ctx, u, "typed-by-mistake", "203.0.113.9", by); !errors.Is(err, models.ErrNotFound) {
			t.Errorf("ConfirmPassword of a wrong one = %v; want ErrNotFound", err)
		}
	}
	wantThrottled(t, db.ConfirmPassword(ctx, u, goodPassword, "203.0.113.9", by), time.Second)
	rows, err := db.AuditRows(ctx, 0, 100)
	if err != nil || len(rows) != len(before)+5 {
		t.Fatalf("AuditRows = %d rows, %v; want 5 more than %d", len(rows), err, len(before))
	}
	for _, r := range rows[:5] {
		if r.Action != "user.password_failed" || r.Actor != "ada@example.com" || r.Object != fmt.Sprint("user ", u.ID) || r.IP != by.IP {
			t.Errorf("AuditRow = %+v; want user.password_failed by ada@example.com", r)
		}
	}
}

func TestFifthFailureOfAnAccountCostsAWaitThatSuccessEnds(t *testing.T) {
	for _, email := range []string{"ada@example.com", "unknown@example.com"} {
		db, ctx := modelstest.Open(t), t.Context()
		addUser(t, db, "ada@example.com", models.Admin)
		for i := range 5 {
			if _, err := db.Authenticate(ctx, email, "wrong", fmt.Sprint("203.0.113.", i)); !errors.Is(err, models.ErrNotFound) {
				t.Fatalf("failure %d = %v; want ErrNotFound", i+1, err)
			}
		}
		_, err := db.Authenticate(ctx, email, goodPassword, "198.51.100.1")
		wantThrottled(t, err, time.Second)
		db.Advance(time.Second)
		_, _ = db.Authenticate(ctx, email, "wrong", "198.51.100.1")
		_, err = db.Authenticate(ctx, email, goodPassword, "198.51.100.1")
		wantThrottled(t, err, 2*time.Second)
		db.Advance(2 * time.Second)
		if _, err := db.Authenticate(ctx, email, goodPassword, "198.51.100.1"); (err == nil) != (email == "ada@example.com") {
			t.Errorf("Authenticate(%s) after the wait = %v", email, err)
		}
		if email != "ada@example.com" {
			continue
		}
		for range 4 {
			_, _ = db.Authenticate(ctx, email, "wrong", "198.51.100.2")
		}
		if _, err := db.Authenticate(ctx, email, goodPassword, "198.51.100.2"); err != nil {
			t.Errorf("Authenticate after a success and 4 failures = %v; want in", err)
		}
	}
}

func TestTwentyFailuresOfAnAddressCloseItForAWhile(t *testing.T) {
	db, ctx := modelstest.Open(t), t.Context()
	addUser(t, db, "ada@example.com", models.Admin)
	for i := range 20 {
		ip := fmt.Sprintf("2001:db8:1:2::%d", i) // one /64
		if _, err := db.Authenticate(ctx, fmt.Sprint("user", i), "wrong", ip); !errors.Is(err, models.ErrNotFound) {
			t.Fatalf("failure %d = %v; want ErrNotFound", i+1, err)
		}
		db.Advance(time.Second)
	}
	_, err := db.Authenticate(ctx, "ada@example.com", goodPassword, "2001:db8:1:2::ffff")
	wantThrottled(t, err, 15*time.Minute-20*time.Second)
	if _, err := db.Authenticate(ctx, "ada@example.com", goodPassword, "2001:db8:1:3::1"); err != nil {
		t.Errorf("Authenticate from another network = %v", err)
	}
	db.Advance(15*time.Minute - 20*time.Second)
	if _, err := db.Authenticate(ctx, "ada@example.com", goodPassword, "2001:db8:1:2::ffff"); err != nil {
		t.Errorf("Authenticate after the window = %v", err)
	}
}

func TestManyAttemptsAtOnceDoNotSlipThroughTheThrottle(t *testing.T) {
	db := modelstest.Open(t)
	addUser(t, db, "ada@example.com", models.Admin)
	var wg sync.WaitGroup
	var mu sync.Mutex
	tried := 0
	for range 64 {
		wg.Go(func() {
			_, err := db.Authenticate(t.Context(), "ada@example.com", "wrong", "203.0.113.9")
			mu.Lock()
			defer mu.Unlock()
			var throttled *models.ThrottledError
			switch {
			case errors.Is(err, models.ErrNotFound):
				tried++
			case !errors.Is(err, models.ErrBusy) && !errors.As(err, &throttled):
				t.Errorf("Authenticate = %v", err)
			}
		})
	}
	wg.Wait()
	if tried > 5 {
		t.Errorf("%d passwords were tried at once; want at most 5", tried)
	}
}

func TestUnknownAccountTakesAsLongAsAKnownOne(t *testing.T) {
	db := modelstest.Open(t, func(o *models.Options) { o.Passwords = models.Passwords{Memory: 19456, Iterations: 2} })
	addUser(t, db, "ada@example.com", models.Admin)
	fastest := map[string]time.Duration{"ada@example.com": time.Hour, "eve@example.com": time.Hour}
	for i := range 4 {
		for email := range fastest { // in turn, so that a busy moment meets both
			begin := time.Now()
			_, err := db.Authenticate(t.Context(), email, "wrong", fmt.Sprint("203.0.113.", i))
			if !errors.Is(err, models.ErrNotFound) {
				t.Fatalf("Authenticate(%s) = %v", email, err)
			}
			fastest[email] = min(fastest[email], time.Since(begin))
		}
	}
	known, unknown := fastest["ada@example.com"], fastest["eve@example.com"]
	if unknown < known/2 || known < unknown/2 {
		t.Errorf("a known account took %v, an unknown one %v; want about the same", known, unknown)
	}
}

func TestSignInHashesAnewWhenParametersChanged(t *testing.T) {
	db := modelstest.Open(t)
	addUser(t, db, "ada@example.com", models.Admin)
	o := modelstest.Options(db.URL)
	o.Passwords = models.Passwords{Memory: 128, Iterations: 2}
	again, err := models.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	for range 2 {
		if _, err := again.Authenticate(t.Context(), "ada@example.com", goodPassword, ""); err != nil {
			t.Fatalf("Authenticate = %v", err)
		}
	}
	if hash := text(t, db, "SELECT password FROM users"); !strings.Contains(hash, "m=128,t=2,p=1") {
		t.Errorf("hash after sign-in = %s; want the new parameters", hash)
	}
}

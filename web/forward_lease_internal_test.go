package web

import (
	"testing"
	"time"

	"switchyard/models"
	"switchyard/models/modelstest"
)

// Of two servers, one must not begin what the other may claim before it has ended.
func TestNothingIsBegunThatCouldOutlastItsClaim(t *testing.T) {
	db := modelstest.Open(t)
	r := newReceiver(t, db, status(200))
	target, secret := db.NewTarget("crm", to(r))
	ds := arrive(db, "{}", "[]")
	f := newForwarder(t, db, r)
	c, err := db.ClaimForwards(t.Context(), target.ID, 4, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	results, fault := f.passOn(t.Context(), t.Context(), c, time.Now().Add(target.Limit()+spareLease/2-time.Millisecond))
	if fault != nil || len(results) != 2 || results[0].End != models.ForwardUntried || len(r.arrived()) != 0 {
		t.Fatalf("passOn near the end of the claim = %+v, %v, and %d arrived; want nothing tried", results, fault, len(r.arrived()))
	}
	if err := db.SettleForwards(t.Context(), target.ID, results); err != nil {
		t.Fatal(err)
	}
	f.pass(t)
	wantEachOnce(t, target, secret, r, ds)
}

func TestWhatWasTakenWhileTheDatabaseCannotWriteIsNotSentAgain(t *testing.T) {
	db := modelstest.Open(t)
	beside := modelstest.SQL(t, db.URL)
	do := func(text string) {
		if _, err := beside.Exec(text); err != nil {
			t.Error(err)
		}
	}
	r := newReceiver(t, db, status(200))
	target, secret := db.NewTarget("crm", to(r))
	f := newForwarder(t, db, r)
	ds := arrive(db, "{}", "[]")
	do(`ALTER TABLE target_tries RENAME TO away`)
	time.AfterFunc(50*time.Millisecond, func() { do(`ALTER TABLE away RENAME TO target_tries`) })
	f.pass(t)
	wantEachOnce(t, target, secret, r, ds)
	if n, err := db.CountForwards(t.Context(), models.ForwardFilter{State: models.ForwardDone}); err != nil || n != 2 {
		t.Errorf("%d forwards are done, %v; want 2", n, err)
	}
}

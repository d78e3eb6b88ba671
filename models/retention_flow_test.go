package models_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"switchyard/models"
	"switchyard/models/modelstest"
)

func noStore(context.Context, models.File) error { return nil }

func setRetention(t *testing.T, db *modelstest.DB, flow models.Flow, days int) {
	t.Helper()
	check(t, db.SetRetention(t.Context(), flow.ID, days, models.By{UserID: 7, Name: "Root"}))
}

func TestExactlyWhatAFlowKeepsNoLongerIsRemoved(t *testing.T) {
	for engine, url := range modelstest.Stores(t) {
		t.Run(engine, func(t *testing.T) {
			db := modelstest.OpenAt(t, url)
			flows := fillRandomly(t, db, 220)
			setRetention(t, db, flows[0], 30)
			setRetention(t, db, flows[1], 90)
			check(t, db.RemoveOld(t.Context(), noStore))
			if runs, err := db.RetentionRuns(t.Context(), flows[0].ID, 10); err != nil || len(runs) != 0 {
				t.Fatalf("RetentionRuns at once = %+v, %v; want none: an hour is left to mend a slip", runs, err)
			}
			before := readWorld(t, db)
			db.Advance(time.Hour)
			want := before.without(db.Now(), map[int64]int{flows[0].ID: 30, flows[1].ID: 90})
			counted, err := db.CountOld(t.Context(), flows[0].ID, db.Now().AddDate(0, 0, -30))
			check(t, err)
			removeInPieces(t, db)
			got := readWorld(t, db)
			sameWorld(t, got, want)
			if len(got["responses"]) == len(before["responses"]) || len(got["visits"]) == len(before["visits"]) || len(got["triage_acts"]) == len(before["triage_acts"]) ||
				len(got["files"]) == len(before["files"]) || len(got["contacts"]) == len(before["contacts"]) || len(got["steps"]) == len(before["steps"]) {
				t.Error("of some table nothing went; this test would see nothing")
			}
			runs, err := db.RetentionRuns(t.Context(), flows[0].ID, 10)
			if err != nil || len(runs) != 1 || runs[0].Running || runs[0].Removed["responses"] != int64(counted.Responses.N) || runs[0].Removed["visits"] != int64(counted.Visits.N) || counted.Noted == 0 || counted.Open == 0 {
				t.Errorf("RetentionRuns = %+v, %v; want one that ended and removed what was counted before: %+v", runs, err, counted)
			}
			if n := count(t, db, `SELECT count(*) FROM audit WHERE action = 'retention.removed'`); n != 2 {
				t.Errorf("%d rows of the audit log tell of it; want one for each flow", n)
			}
			findings(t, db)
		})
	}
}

// removeInPieces removes what is old as if the process ended again and again, mostly while a file is taken out of the store.
func removeInPieces(t *testing.T, db *modelstest.DB) {
	t.Helper()
	broken := errors.New("the bucket is away")
	if err := db.RemoveOld(t.Context(), func(context.Context, models.File) error { return broken }); !errors.Is(err, broken) {
		t.Fatalf("RemoveOld without a store = %v; want its error", err)
	}
	for some := range 4 {
		ctx, cancel := context.WithCancel(t.Context())
		n := 0
		err := db.RemoveOld(ctx, func(context.Context, models.File) error {
			if n++; n > some {
				cancel()
			}
			return nil
		})
		cancel()
		if err == nil && some == 0 {
			t.Error("RemoveOld of a process that ended = nil; this test would see nothing")
		}
	}
	check(t, db.RemoveOld(t.Context(), noStore))
}

func TestReplaysAndLateRedeliveriesDoNotBringBackWhatWasRemoved(t *testing.T) {
	for engine, url := range modelstest.Stores(t) {
		t.Run(engine, func(t *testing.T) {
			db := modelstest.OpenAt(t, url)
			flow := db.NewFlow("claim")
			sent := db.Time()
			completed := func(wamid string) models.InMessage {
				m := message(wamid, erasedPhone, erasedName, sent)
				m.Flow = &models.InResponse{Token: "claim.t1", Answers: map[string]any{"note": wamid}, Raw: `{}`}
				return m
			}
			old, young := completed("wamid.old"), completed("wamid.young")
			d := db.Deliver(models.Delivery{Body: meta(old)}, models.Decoded{Messages: []models.InMessage{old}})
			setRetention(t, db, flow, 1)
			db.Advance(30 * time.Hour)
			check(t, db.RemoveOld(t.Context(), noStore))
			if n := count(t, db, `SELECT count(*) FROM responses`) + count(t, db, `SELECT count(*) FROM contacts`); n != 0 {
				t.Fatalf("%d responses and customers are left; want none", n)
			}
			check(t, db.SetRetention(t.Context(), flow.ID, 0, models.By{}))
			replay, err := db.ReplayDeliveries(t.Context(), []int64{d.ID}, models.By{Name: "Sam"})
			if err != nil || replay.Done != 1 {
				t.Fatalf("ReplayDeliveries = %+v, %v; want 1", replay, err)
			}
			check(t, db.ApplyDeliveries(t.Context(), []models.Decoded{{ID: d.ID, Messages: []models.InMessage{old}}}))
			again := db.Deliver(models.Delivery{Body: meta(old, young)}, models.Decoded{Messages: []models.InMessage{old, young}})
			if got := lines(t, db, `SELECT wamid FROM responses UNION ALL SELECT wamid FROM messages ORDER BY 1`); joined(got) != "wamid.young|wamid.young" {
				t.Errorf("responses and messages after a replay and a redelivery: %q; want those of the young one alone", got)
			}
			if d, err = db.Delivery(t.Context(), d.ID); err != nil || d.State != models.Done || again.State != models.Done || d.Kinds != again.Kinds || string(d.Body) != string(meta(old)) {
				t.Errorf("the delivery is %s, kinds %q, %v, again %q; want it done with its body and kinds", d.State, d.Kinds, err, again.Kinds)
			}
			db.Advance(40 * 24 * time.Hour)
			raw(t, db.URL, `DELETE FROM deliveries`)
			setRetention(t, db, flow, 365)
			db.Advance(time.Hour)
			check(t, db.RemoveOld(t.Context(), noStore))
			if n := count(t, db, `SELECT count(*) FROM removed_marks`); n != 0 {
				t.Errorf("%d marks are left when no delivery is and none can come again; want none", n)
			}
		})
	}
}

func TestARunStopsWhenTheFlowIsToKeepLonger(t *testing.T) {
	for engine, url := range modelstest.Stores(t) {
		t.Run(engine, func(t *testing.T) {
			db := modelstest.OpenAt(t, url)
			flow := db.NewFlow("claim")
			for i := range 120 {
				r := db.NewResponse().Flow(flow).Contact("447700900123", "Ada").ReceivedAt(models.Time{Time: db.Now().AddDate(0, 0, -60).Add(time.Duration(i) * time.Minute)})
				if i > 50 {
					r.File(inResponse(byte(i)))
				}
				r.Save()
			}
			setRetention(t, db, flow, 30)
			db.Advance(2 * time.Hour)
			check(t, db.RemoveOld(t.Context(), func(ctx context.Context, _ models.File) error {
				return db.SetRetention(ctx, flow.ID, 90, models.By{})
			}))
			runs, err := db.RetentionRuns(t.Context(), flow.ID, 10)
			left := count(t, db, `SELECT count(*) FROM responses`)
			if err != nil || len(runs) != 1 || !runs[0].Stopped || left == 0 || int64(120-left) != runs[0].Removed["responses"] {
				t.Errorf("RetentionRuns = %+v, %v with %d responses left; want a run that stopped", runs, err, left)
			}
			for _, days := range []int{-1, 36501} {
				if err := db.SetRetention(t.Context(), flow.ID, days, models.By{}); field(err) != "days" {
					t.Errorf("SetRetention(%d days) = %v; want days to be wrong", days, err)
				}
			}
			if err := db.SetRetention(t.Context(), 99, 5, models.By{}); !errors.Is(err, models.ErrNotFound) {
				t.Errorf("SetRetention of no flow = %v; want ErrNotFound", err)
			}
			if r, err := db.Retention(t.Context(), flow.ID); err != nil || r.Days != 90 {
				t.Errorf("Retention = %+v, %v; want 90 days", r, err)
			}
		})
	}
}

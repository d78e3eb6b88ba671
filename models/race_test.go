package models_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"switchyard/models"
	"switchyard/models/alert"
	"switchyard/models/modelstest"
)

// two opens one PostgreSQL database twice, as two processes do, with one clock.
func two(t *testing.T) [2]*modelstest.DB {
	t.Helper()
	a := modelstest.OpenAt(t, modelstest.PostgresURL(t))
	return [2]*modelstest.DB{a, modelstest.OpenAt(t, a.URL, func(o *models.Options) { o.Now = a.Now })}
}

// atOnce runs f n times at once, in turn with one database and the other, and returns the errors.
func atOnce(dbs [2]*modelstest.DB, n int, f func(db *modelstest.DB, i int) error) []error {
	errs := make([]error, n)
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { errs[i] = f(dbs[i%2], i) })
	}
	all.Wait()
	return errs
}

// succeeded counts, and fails the test for errors that are not of that kind.
func succeeded(t *testing.T, errs []error, kind func(error) bool) (n int) {
	t.Helper()
	for _, err := range errs {
		switch {
		case err == nil:
			n++
		case !kind(err):
			t.Errorf("one of them = %v", err)
		}
	}
	return n
}

func never(error) bool { return false }

func isConflict(err error) bool {
	_, taken := errors.AsType[*alert.Conflict](err)
	return taken || errors.Is(err, models.ErrConflict)
}

func isInvalid(err error) bool {
	_, ok := errors.AsType[*models.Invalid](err)
	return ok
}

func TestOnPostgresTheAuditLogOfTwoProcessesIsOneChain(t *testing.T) {
	dbs := two(t)
	var alerts []models.Alert
	for i := range 5 {
		alerts = append(alerts, dbs[0].NewAlert(fmt.Sprint(800+i), "ENDPOINT_ERROR_RATE", 50))
	}
	errs := atOnce(dbs, 200, func(db *modelstest.DB, i int) error {
		by := models.By{UserID: int64(i + 1), Name: fmt.Sprint("user ", i)}
		switch i % 4 {
		case 0:
			return db.Audit(t.Context(), by, "odd", fmt.Sprint(i), nil)
		case 1:
			return db.SetSetting(t.Context(), models.VerifyToken, fmt.Sprint("token", i), by)
		case 2:
			_, err := db.CreateFlow(t.Context(), models.Flow{Slug: fmt.Sprint("f", i), Name: "F", Mode: models.Encrypted}, by)
			return err
		}
		_, err := db.AcknowledgeAlert(t.Context(), alerts[i%5].ID, "", by)
		return err
	})
	n := succeeded(t, errs, isConflict)
	if rows, _, err := dbs[1].VerifyAudit(t.Context()); err != nil || rows != int64(n) || n != 155 {
		t.Errorf("VerifyAudit() after %d changes = %d rows, %v; want 155: 150, and one acknowledgement of each of 5 alerts", n, rows, err)
	}
}

func TestOnPostgresTwoProcessesCountSignInsTogether(t *testing.T) {
	dbs := two(t)
	addUser(t, dbs[0], "ada@example.com", models.Viewer)
	throttled := 0
	for _, err := range atOnce(dbs, 40, func(db *modelstest.DB, i int) error {
		for {
			_, err := db.Authenticate(t.Context(), "ada@example.com", "not the password", fmt.Sprintf("203.0.113.%d", i))
			if !errors.Is(err, models.ErrBusy) {
				return err
			}
			time.Sleep(time.Millisecond)
		}
	}) {
		var wait *models.ThrottledError
		switch {
		case errors.As(err, &wait):
			throttled++
		case !errors.Is(err, models.ErrNotFound):
			t.Errorf("Authenticate with a wrong password = %v; want ErrNotFound", err)
		}
	}
	// Four cost no wait, the fifth does: what comes after it is refused, and not counted.
	if n := count(t, dbs[0], "SELECT failures FROM account_throttles"); n != 5 || throttled != 35 {
		t.Errorf("%d failures are counted, %d sign-ins refused; want 5 and 35", n, throttled)
	}
}

func TestOnPostgresTheLastAdministratorStaysWhateverTwoProcessesDo(t *testing.T) {
	dbs := two(t)
	var ids []int64
	for i := range 6 {
		ids = append(ids, addUser(t, dbs[0], fmt.Sprintf("u%d@example.com", i), models.Admin).ID)
	}
	errs := atOnce(dbs, 6, func(db *modelstest.DB, i int) error {
		if i%3 == 0 {
			return db.SetRole(t.Context(), ids[i], models.Viewer, ada)
		}
		return db.DisableUser(t.Context(), ids[i], true, ada)
	})
	if n := succeeded(t, errs, isInvalid); n != 5 {
		t.Errorf("%d of 6 administrators were removed; want 5", n)
	}
	if n := count(t, dbs[0], "SELECT count(*) FROM users WHERE role = 'admin' AND disabled_at = 0"); n != 1 {
		t.Errorf("%d administrators are left; want 1", n)
	}
}

func TestOnPostgresFourKeysAreLiveAtMostWhateverTwoProcessesDo(t *testing.T) {
	dbs := two(t)
	errs := atOnce(dbs, 12, func(db *modelstest.DB, i int) error {
		_, err := db.AddKey(t.Context(), fmt.Sprintf("%064d", i), "pem", []byte("der"), ada)
		return err
	})
	if n := succeeded(t, errs, isInvalid); n != 4 {
		t.Errorf("%d keys were added; want 4", n)
	}
	keys, err := dbs[1].Keys(t.Context())
	if err != nil || len(keys) != 4 {
		t.Fatalf("Keys() = %d, %v; want 4", len(keys), err)
	}
	errs = atOnce(dbs, 4, func(db *modelstest.DB, i int) error { return db.RetireKey(t.Context(), keys[i].ID, db.Time(), ada) })
	if n := succeeded(t, errs, isInvalid); n != 3 {
		t.Errorf("%d of 4 keys were retired; want 3: the last one stays", n)
	}
}

func TestOnPostgresOfTwoWhoChangeOneDraftOneWins(t *testing.T) {
	dbs := two(t)
	f := dbs[0].NewFlow("claim")
	document := func(i int) []byte { return fmt.Appendf(nil, `{"note": %d}`, i) }
	first, err := dbs[0].SaveDraft(t.Context(), f.ID, document(0), 0, ada)
	if err != nil {
		t.Fatal(err)
	}
	errs := atOnce(dbs, 8, func(db *modelstest.DB, i int) error {
		_, err := db.SaveDraft(t.Context(), f.ID, document(i), first.Edit, ada)
		return err
	})
	if n := succeeded(t, errs, isConflict); n != 1 {
		t.Errorf("%d of 8 saves of one draft succeeded; want 1", n)
	}
	draft, err := dbs[1].DraftRules(t.Context(), f.ID)
	if err != nil {
		t.Fatal(err)
	}
	errs = atOnce(dbs, 8, func(db *modelstest.DB, i int) error {
		_, err := db.PublishDraft(t.Context(), f.ID, draft.Edit, "", ada, func([]byte, []byte) error { return nil })
		return err
	})
	if n := succeeded(t, errs, func(err error) bool { return isConflict(err) || errors.Is(err, models.ErrNotFound) }); n != 1 {
		t.Errorf("%d of 8 publishings of one draft succeeded; want 1", n)
	}
}

func TestOnPostgresABodyThatComesManyTimesAtOnceIsOneDelivery(t *testing.T) {
	dbs := two(t)
	errs := atOnce(dbs, 50, func(db *modelstest.DB, i int) error {
		return db.StoreDeliveries(t.Context(), []models.Delivery{{Source: "meta", Body: []byte(`{"same": true}`)}, {Source: "meta", Body: fmt.Append(nil, i)}})
	})
	succeeded(t, errs, never)
	if rows := count(t, dbs[0], "SELECT count(*) FROM deliveries"); rows != 51 {
		t.Errorf("%d deliveries; want 51", rows)
	}
	if seen := count(t, dbs[0], "SELECT max(seen) FROM deliveries"); seen != 50 {
		t.Errorf("the same body was seen %d times; want 50", seen)
	}
}

func TestOnPostgresAClaimedDeliveryIsNobodyElsesUntilItsLeaseEnds(t *testing.T) {
	dbs := two(t)
	storeMany(t, dbs[0], "x", 300)
	var mu sync.Mutex
	claimed := map[int64]int{}
	succeeded(t, atOnce(dbs, 16, func(db *modelstest.DB, i int) error {
		ds, err := db.ClaimDeliveries(t.Context(), 20)
		mu.Lock()
		defer mu.Unlock()
		for _, d := range ds {
			claimed[d.ID]++
		}
		return err
	}), never)
	if len(claimed) < 200 {
		t.Errorf("16 claims of 20 gave %d deliveries; want most of 300", len(claimed))
	}
	for id, n := range claimed {
		if n > 1 {
			t.Errorf("delivery %d was claimed %d times", id, n)
		}
	}
	rest := 0
	for {
		ds, err := dbs[0].ClaimDeliveries(t.Context(), 64)
		if err != nil || len(ds) == 0 {
			break
		}
		rest += len(ds)
	}
	if len(claimed)+rest != 300 {
		t.Errorf("%d and %d were claimed; want 300 together", len(claimed), rest)
	}
	dbs[0].Advance(31 * time.Second) // nobody finished anything
	if ds, err := dbs[1].ClaimDeliveries(t.Context(), 64); err != nil || len(ds) != 64 {
		t.Errorf("after the lease ClaimDeliveries() = %d, %v; want 64", len(ds), err)
	}
}

// What two processes write of the same customers, messages, alerts and flows at once is what one writes one by one.
func TestOnPostgresTwoProcessesConverge(t *testing.T) {
	all := events()
	order := make([]int, len(all))
	for i := range order {
		order[i] = i
	}
	want := play(t, modelstest.OpenAt(t, modelstest.PostgresURL(t)), all, order)
	for seed := range uint64(8) {
		size := 1 + int(seed)%6
		if got := playTogether(t, all, seed, size); got != want {
			t.Fatalf("seed %d, batches of %d end in\n%s\nwant\n%s", seed, size, got, want)
		}
	}
}

// playTogether sends events in batches through two databases at once, each to both, and each through each twice.
func playTogether(t *testing.T, all []models.Decoded, seed uint64, size int) string {
	dbs := two(t)
	dbs[0].NewFlow("claim", func(f *models.Flow) { f.MetaID = "691" })
	ds := slices.Clone(all)
	for i := range ds {
		at := models.Time{Time: modelstest.Start.Add(time.Duration(i) * time.Second)}
		ds[i].ID = dbs[0].Store(models.Delivery{Source: sourceOf(i), Body: fmt.Append(nil, i), ReceivedAt: at}).ID
	}
	succeeded(t, atOnce(dbs, 4, func(db *modelstest.DB, i int) error {
		mine, random := slices.Clone(ds), rand.New(rand.NewPCG(seed, uint64(i)))
		random.Shuffle(len(mine), func(i, j int) { mine[i], mine[j] = mine[j], mine[i] })
		for batch := range slices.Chunk(mine, size) {
			if err := db.ApplyDeliveries(t.Context(), batch); err != nil {
				return err
			}
		}
		return nil
	}), never)
	return stateOf(t, dbs[0])
}

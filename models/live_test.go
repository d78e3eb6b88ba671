package models_test

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"switchyard/models"
	"switchyard/models/modelstest"
)

func addKey(t *testing.T, db *modelstest.DB, name string) models.Key {
	t.Helper()
	k, err := db.AddKey(t.Context(), name, "PEM of "+name, []byte("private "+name), ada)
	if err != nil {
		t.Fatalf("AddKey(%s) = %v", name, err)
	}
	return k
}

func TestAtMostFourKeysAreLive(t *testing.T) {
	db, ctx := modelstest.Open(t), t.Context()
	first := addKey(t, db, "k1")
	for i := 2; i <= 4; i++ {
		addKey(t, db, fmt.Sprint("k", i))
	}
	_, err := db.AddKey(ctx, "k5", "PEM", []byte("private"), ada)
	wantInvalid(t, "AddKey of a fifth", err, "key")
	if err := db.RetireKey(ctx, first.ID, models.Time{Time: db.Now().Add(time.Hour)}, ada); err != nil {
		t.Fatal(err)
	}
	_, err = db.AddKey(ctx, "k5", "PEM", []byte("private"), ada)
	wantInvalid(t, "AddKey while the retired one still lives", err, "key")
	db.Advance(time.Hour)
	addKey(t, db, "k5")
	keys, err := db.Keys(ctx)
	if err != nil || len(keys) != 5 || keys[0].Fingerprint != "k5" || keys[4].RetireAt.IsZero() || keys[0].Author != "Ada" {
		t.Errorf("Keys = %+v, %v; want five, the newest first, the last one retired", keys, err)
	}
}

func TestSameKeyTwiceIsConflict(t *testing.T) {
	db := modelstest.Open(t)
	addKey(t, db, "k1")
	if _, err := db.AddKey(t.Context(), "k1", "PEM", []byte("private"), ada); !errors.Is(err, models.ErrConflict) {
		t.Errorf("AddKey twice = %v; want ErrConflict", err)
	}
}

func TestAKeyThatEndedLivesAgainWhenItIsImportedAnew(t *testing.T) {
	db, ctx := modelstest.Open(t), t.Context()
	a := addKey(t, db, "a")
	b := addKey(t, db, "b")
	if err := db.RetireKey(ctx, a.ID, models.Time{Time: db.Now().Add(time.Hour)}, ada); err != nil {
		t.Fatal(err)
	}
	if _, err := db.AddKey(ctx, "a", "PEM", []byte("private"), ada); !errors.Is(err, models.ErrConflict) {
		t.Errorf("AddKey of one whose end has not come = %v; want ErrConflict", err)
	}
	db.Advance(time.Hour)
	again, err := db.AddKey(ctx, "a", "PEM", []byte("private"), ada)
	if err != nil || again.ID != a.ID || !again.RetireAt.IsZero() {
		t.Errorf("AddKey of one that ended = %+v, %v; want key %d without an end", again, err, a.ID)
	}
	live, err := db.Live(ctx)
	if err != nil || len(live.Keys) != 2 || live.Keys[0].ID != b.ID || live.Keys[1].ID != a.ID || string(live.Keys[1].Private) == "" {
		t.Errorf("Live().Keys = %+v, %v; want both, the newest first", live.Keys, err)
	}
}

func TestLastLiveKeyCannotBeRetired(t *testing.T) {
	db, ctx := modelstest.Open(t), t.Context()
	a, b := addKey(t, db, "a"), addKey(t, db, "b")
	if err := db.RetireKey(ctx, a.ID, models.Time{Time: db.Now().Add(24 * time.Hour)}, ada); err != nil {
		t.Fatal(err)
	}
	wantInvalid(t, "RetireKey of the last", db.RetireKey(ctx, b.ID, db.Time(), ada), "key")
	if err := db.RetireKey(ctx, 99, db.Time(), ada); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("RetireKey of none = %v; want ErrNotFound", err)
	}
}

func TestAnEndMayMoveUntilItHasCome(t *testing.T) {
	db, ctx := modelstest.Open(t), t.Context()
	a := addKey(t, db, "a")
	addKey(t, db, "b")
	for _, after := range []time.Duration{time.Hour, 24 * time.Hour, time.Minute} {
		if err := db.RetireKey(ctx, a.ID, models.Time{Time: db.Now().Add(after)}, ada); err != nil {
			t.Fatalf("RetireKey in %s = %v; want nil", after, err)
		}
	}
	db.Advance(time.Minute)
	wantInvalid(t, "RetireKey of one that ended", db.RetireKey(ctx, a.ID, models.Time{Time: db.Now().Add(time.Hour)}, ada), "key")
}

func TestUsesOfKeysAddUp(t *testing.T) {
	db, ctx := modelstest.Open(t), t.Context()
	k := addKey(t, db, "a")
	first, before := db.Time(), revision(t, db)
	for range 2 {
		if err := db.CountKeyUses(ctx, map[int64]int64{k.ID: 3}, db.Time()); err != nil {
			t.Fatal(err)
		}
		db.Advance(time.Minute)
	}
	keys, err := db.Keys(ctx)
	if err != nil || keys[0].Uses != 6 || !keys[0].FirstUsedAt.Equal(first.Time) || !keys[0].LastUsedAt.Equal(first.Add(time.Minute)) {
		t.Errorf("Keys = %+v, %v; want 6 uses, first at %v, last a minute later", keys, err, first)
	}
	if got := revision(t, db); got != before {
		t.Errorf("revision = %d; want %d: uses change nothing that runs", got, before)
	}
}

func TestLiveIsEverythingTheEndpointNeedsOpened(t *testing.T) {
	db, ctx := modelstest.Open(t), t.Context()
	f := addFlow(t, db, "booking")
	f.Slug = "visits"
	if _, err := db.UpdateFlow(ctx, f, ada); err != nil {
		t.Fatal(err)
	}
	if _, err := db.SaveFlowJSON(ctx, f.ID, []byte(`{"flow":1}`), ada); err != nil {
		t.Fatal(err)
	}
	publish(t, db, f.ID, `{"n":1}`)
	if _, err := db.SaveDraft(ctx, f.ID, []byte(`{"n":2}`), 2, ada); err != nil {
		t.Fatal(err)
	}
	for _, err := range []error{
		db.SetFlowSecret(ctx, f.ID, "a-secret-of-sixteen", ada),
		db.SetFlowAppSecret(ctx, f.ID, "old-secret-of-an-app", ada), db.SetFlowAppSecret(ctx, f.ID, "new-secret-of-an-app", ada),
		db.SetSetting(ctx, models.AppSecret, "current", ada), db.SetSetting(ctx, models.PreviousAppSecret, "previous", ada),
		db.SaveList(ctx, departments(), ada),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	old := addKey(t, db, "old")
	addKey(t, db, "new")
	addFlow(t, db, "zebra")
	retireAt := models.Time{Time: db.Now().Add(time.Hour)}
	if err := db.RetireKey(ctx, old.ID, retireAt, ada); err != nil {
		t.Fatal(err)
	}

	l, err := db.Live(ctx)
	if err != nil || len(l.Flows) != 2 {
		t.Fatalf("Live = %+v, %v; want two flows", l, err)
	}
	lf := l.Flows[0]
	if lf.Slug != "visits" || !reflect.DeepEqual(lf.Aliases, []string{"booking"}) || string(lf.JSON) != `{"flow":1}` ||
		string(lf.Rules) != `{"n":1}` || lf.RuleVersion != 1 || lf.Secret != "a-secret-of-sixteen" || !lf.HasSecret || !lf.HasAppSecret ||
		!reflect.DeepEqual(lf.AppSecrets, []string{"new-secret-of-an-app", "old-secret-of-an-app"}) {
		t.Errorf("Live.Flows[0] = %+v", lf)
	}
	if lf := l.Flows[1]; lf.JSON != nil || lf.Rules != nil || lf.Secret != "" || lf.AppSecrets != nil || lf.Aliases != nil {
		t.Errorf("Live.Flows[1] = %+v; want nothing but the flow", lf)
	}
	if !reflect.DeepEqual(l.AppSecrets, []string{"current", "previous"}) || !reflect.DeepEqual(*l.Lists["departments"], departments()) {
		t.Errorf("Live.AppSecrets = %v, Lists = %v", l.AppSecrets, l.Lists)
	}
	if len(l.Keys) != 2 || string(l.Keys[0].Private) != "private new" || !l.Keys[1].RetireAt.Equal(retireAt.Time) {
		t.Errorf("Live.Keys = %+v; want new, then old with its end", l.Keys)
	}
	if n := revision(t, db); l.Revision != n {
		t.Errorf("Live.Revision = %d; want %d", l.Revision, n)
	}
	db.Advance(time.Hour)
	if l, err = db.Live(ctx); err != nil || len(l.Keys) != 1 {
		t.Errorf("Live.Keys after the end of one = %+v, %v; want one", l.Keys, err)
	}
}

func TestFlowSecretMustBeLongAndPrintable(t *testing.T) {
	db, ctx := modelstest.Open(t), t.Context()
	f := addFlow(t, db, "booking")
	for _, bad := range []string{"short", "sixteen with spaces", "ümlaut-ümlaut-ümlaut"} {
		wantInvalid(t, "SetFlowSecret", db.SetFlowSecret(ctx, f.ID, bad, ada), "secret")
		wantInvalid(t, "SetFlowAppSecret", db.SetFlowAppSecret(ctx, f.ID, bad, ada), "app_secret")
	}
	if err := db.SetFlowSecret(ctx, 99, "a-secret-of-sixteen", ada); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("SetFlowSecret of no flow = %v; want ErrNotFound", err)
	}
	for _, secret := range []string{"a-secret-of-sixteen", ""} {
		if err := db.SetFlowSecret(ctx, f.ID, secret, ada); err != nil {
			t.Fatal(err)
		}
		if got, _ := db.Flow(ctx, "booking"); got.HasSecret != (secret != "") {
			t.Errorf("Flow.HasSecret = %v after SetFlowSecret(%q)", got.HasSecret, secret)
		}
	}
}

func TestLiveCarriesTheOlderRulesThatOpenVisitsAreHeldOn(t *testing.T) {
	db, ctx := modelstest.Open(t), t.Context()
	f := addFlow(t, db, "booking")
	begin := func(token string, version int, outcome models.Outcome) {
		db.NewVisit(f, token, func(v *models.Visit) { v.RuleVersion, v.Outcome = version, outcome })
	}
	for _, document := range []string{`{"n":1}`, `{"n":2}`, `{"n":3}`, `{"n":4}`} {
		publish(t, db, f.ID, document)
	}
	begin("long ago", 1, models.VisitOpen)
	db.Advance(72 * time.Hour)
	begin("open", 2, models.VisitOpen)
	begin("open too", 2, models.VisitOpen)
	begin("over", 3, models.VisitFinished)
	begin("today", 4, models.VisitOpen)
	older := func() string {
		t.Helper()
		l, err := db.Live(ctx)
		if err != nil {
			t.Fatal(err)
		}
		var all []string
		for _, rs := range l.Flows[0].Older {
			all = append(all, fmt.Sprint(rs.Version, string(rs.Document)))
		}
		return strings.Join(all, " ")
	}
	if got := older(); got != "" {
		t.Errorf("Older of a flow that moves visits = %s; want none", got)
	}
	f.KeepVersion = true
	if _, err := db.UpdateFlow(ctx, f, ada); err != nil {
		t.Fatal(err)
	}
	if got := older(); got != `2{"n":2}` {
		t.Errorf("Older = %s; want version 2 only", got)
	}
}

func TestAKeyIsKeptBeforeAndAfterItsEnd(t *testing.T) {
	db, ctx := modelstest.Open(t), t.Context()
	a := addKey(t, db, "a")
	for _, name := range []string{"b", "c", "d"} {
		addKey(t, db, name)
	}
	retire := func() {
		t.Helper()
		if err := db.RetireKey(ctx, a.ID, models.Time{Time: db.Now().Add(time.Hour)}, ada); err != nil {
			t.Fatal(err)
		}
	}
	keep := func(when string) {
		t.Helper()
		if err := db.KeepKey(ctx, a.ID, ada); err != nil {
			t.Fatalf("KeepKey %s = %v; want nil", when, err)
		}
		if live, err := db.Live(ctx); err != nil || len(live.Keys) != 4 || !live.Keys[3].RetireAt.IsZero() {
			t.Fatalf("after KeepKey %s Live().Keys = %+v, %v; want four without an end", when, live.Keys, err)
		}
	}
	keep("without an end")
	retire()
	keep("before its end")
	retire()
	db.Advance(2 * time.Hour)
	keep("after its end")
	retire()
	db.Advance(2 * time.Hour)
	addKey(t, db, "e")
	wantInvalid(t, "KeepKey of a fifth", db.KeepKey(ctx, a.ID, ada), "key")
	if err := db.KeepKey(ctx, 99, ada); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("KeepKey of none = %v; want ErrNotFound", err)
	}
}

func TestADamagedKeyLeavesTheOthersAlive(t *testing.T) {
	db, ctx := modelstest.Open(t), t.Context()
	a, b := addKey(t, db, "a"), addKey(t, db, "b")
	if _, err := modelstest.SQL(t, db.URL).Exec("UPDATE keys SET sealed_private = 'v1.damaged' WHERE id = ?", a.ID); err != nil {
		t.Fatal(err)
	}
	live, err := db.Live(ctx)
	if err != nil || len(live.Keys) != 2 || live.Keys[0].ID != b.ID || live.Keys[0].Private == nil || live.Keys[1].Private != nil {
		t.Errorf("Live().Keys = %+v, %v; want %d whole and %d without its private part", live.Keys, err, b.ID, a.ID)
	}
}

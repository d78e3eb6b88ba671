package models_test

import (
	"errors"
	"testing"
	"time"

	"switchyard/models"
	"switchyard/models/modelstest"
)

func accept([]byte, []byte) error { return nil }

// publish saves a draft over whatever there is and publishes it.
func publish(t *testing.T, db *modelstest.DB, flowID int64, document string) models.RuleSet {
	t.Helper()
	rs, err := db.DraftRules(t.Context(), flowID)
	if err != nil && !errors.Is(err, models.ErrNotFound) {
		t.Fatal(err)
	}
	rs, err = db.SaveDraft(t.Context(), flowID, []byte(document), rs.Edit, ada)
	if err != nil {
		t.Fatalf("SaveDraft(%s) = %v", document, err)
	}
	rs, err = db.PublishDraft(t.Context(), flowID, rs.Edit, "a note", ada, accept)
	if err != nil {
		t.Fatalf("PublishDraft(%s) = %v", document, err)
	}
	return rs
}

func TestRulesGoFromDraftToPublishedToArchived(t *testing.T) {
	db, ctx := modelstest.Open(t), t.Context()
	f := addFlow(t, db, "booking")
	if _, err := db.DraftRules(ctx, f.ID); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("DraftRules of a new flow = %v; want ErrNotFound", err)
	}
	if _, err := db.PublishedRules(ctx, f.ID); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("PublishedRules of a new flow = %v; want ErrNotFound", err)
	}
	publish(t, db, f.ID, `{"n":1}`)
	next, err := db.DraftRules(ctx, f.ID)
	if err != nil || next.Edit != 2 || next.Version != 0 || string(next.Document) != `{"n":1}` {
		t.Errorf("DraftRules after a publish = %+v, %v; want the published document, edit 2, version 0", next, err)
	}
	db.Advance(time.Hour)
	publish(t, db, f.ID, `{"n":2}`)
	list, err := db.RuleSets(ctx, f.ID)
	if err != nil || len(list) != 2 || list[0].Version != 2 || list[0].State != models.Published || list[1].State != models.Archived || list[0].Document != nil {
		t.Fatalf("RuleSets = %+v, %v; want 2 published, 1 archived, without documents", list, err)
	}
	if !list[0].PublishedAt.Equal(db.Now()) || !list[0].UpdatedAt.Equal(db.Now()) || list[0].Note != "a note" || list[0].Author != "Ada" {
		t.Errorf("RuleSets[0] = %+v; want published and updated at %v", list[0], db.Now())
	}
	if rs, err := db.RuleSet(ctx, f.ID, 1); err != nil || string(rs.Document) != `{"n":1}` {
		t.Errorf("RuleSet(1) = %+v, %v; want the first document", rs, err)
	}
	if got, _ := db.Flow(ctx, "booking"); got.PublishedRules != 2 || got.DraftRules != 0 {
		t.Errorf("Flow = %+v; want published rules 2, no draft", got)
	}
}

func TestSecondPersonSavingTheSameDraftIsConflict(t *testing.T) {
	db, ctx := modelstest.Open(t), t.Context()
	f := addFlow(t, db, "booking")
	first, err := db.SaveDraft(ctx, f.ID, []byte(`{"n":1}`), 0, ada)
	if err != nil || first.Edit != 1 || first.Version != 1 {
		t.Fatalf("SaveDraft = %+v, %v; want edit 1 of version 1", first, err)
	}
	if _, err := db.SaveDraft(ctx, f.ID, []byte(`{"n":2}`), 0, ada); !errors.Is(err, models.ErrConflict) {
		t.Errorf("SaveDraft with the edit before = %v; want ErrConflict", err)
	}
	if _, err := db.PublishDraft(ctx, f.ID, 0, "", ada, accept); !errors.Is(err, models.ErrConflict) {
		t.Errorf("PublishDraft with the edit before = %v; want ErrConflict", err)
	}
	if rs, _ := db.DraftRules(ctx, f.ID); string(rs.Document) != `{"n":1}` {
		t.Errorf("DraftRules = %s; want the first save", rs.Document)
	}
}

func TestEditOfAnEarlierDraftNeverFitsALaterOne(t *testing.T) {
	db, ctx := modelstest.Open(t), t.Context()
	f := addFlow(t, db, "booking")
	old, err := db.SaveDraft(ctx, f.ID, []byte(`{"n":1}`), 0, ada)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.DiscardDraft(ctx, f.ID, 0, ada); !errors.Is(err, models.ErrConflict) {
		t.Errorf("DiscardDraft with the edit before = %v; want ErrConflict", err)
	}
	if err := db.DiscardDraft(ctx, f.ID, old.Edit, ada); err != nil {
		t.Fatal(err)
	}
	if err := db.DiscardDraft(ctx, f.ID, old.Edit, ada); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("DiscardDraft twice = %v; want ErrNotFound", err)
	}
	for _, stale := range []int{0, old.Edit} {
		if _, err := db.SaveDraft(ctx, f.ID, []byte(`{"n":3}`), stale, ada); !errors.Is(err, models.ErrConflict) {
			t.Errorf("SaveDraft with edit %d after a discard = %v; want ErrConflict", stale, err)
		}
	}
	now, err := db.DraftRules(ctx, f.ID)
	if !errors.Is(err, models.ErrNotFound) {
		t.Errorf("DraftRules after a discard = %v; want ErrNotFound", err)
	}
	if _, err := db.SaveDraft(ctx, f.ID, []byte(`{"n":2}`), now.Edit, ada); err != nil {
		t.Errorf("SaveDraft with the edit of DraftRules = %v", err)
	}
}

func TestSavingWhatSomebodyElsePublishedMeanwhileIsConflict(t *testing.T) {
	db, ctx := modelstest.Open(t), t.Context()
	f := addFlow(t, db, "booking")
	publish(t, db, f.ID, `{"n":1}`)
	seen, err := db.DraftRules(ctx, f.ID)
	if err != nil {
		t.Fatal(err)
	}
	publish(t, db, f.ID, `{"n":2}`)
	if _, err := db.SaveDraft(ctx, f.ID, []byte(`{"n":1,"mine":1}`), seen.Edit, ada); !errors.Is(err, models.ErrConflict) {
		t.Errorf("SaveDraft over a version that was published meanwhile = %v; want ErrConflict", err)
	}
	draft, err := db.DraftRules(ctx, f.ID)
	if err == nil {
		draft, err = db.SaveDraft(ctx, f.ID, []byte(`{"n":3}`), draft.Edit, ada)
	}
	if err == nil {
		_, err = db.PublishDraft(ctx, f.ID, draft.Edit, "", ada, accept)
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.SaveDraft(ctx, f.ID, []byte(`{"n":4}`), draft.Edit, ada); !errors.Is(err, models.ErrConflict) {
		t.Errorf("SaveDraft with the edit of the draft that was published = %v; want ErrConflict", err)
	}
}

func TestRefusedPublishLeavesTheDraftAndWhatRuns(t *testing.T) {
	db, ctx := modelstest.Open(t), t.Context()
	f := addFlow(t, db, "booking")
	if _, err := db.SaveFlowJSON(ctx, f.ID, []byte(`{"flow":1}`), ada); err != nil {
		t.Fatal(err)
	}
	publish(t, db, f.ID, `{"n":1}`)
	draft, err := db.SaveDraft(ctx, f.ID, []byte(`{"n":2}`), 2, ada)
	if err != nil {
		t.Fatal(err)
	}
	before, refused := revision(t, db), errors.New("a rule is wrong")
	_, err = db.PublishDraft(ctx, f.ID, draft.Edit, "", ada, func(document, flowJSON []byte) error {
		if string(document) != `{"n":2}` || string(flowJSON) != `{"flow":1}` {
			t.Errorf("check(%s, %s); want the draft and the Flow JSON", document, flowJSON)
		}
		if _, err := db.Lists(ctx); err != nil {
			t.Errorf("Lists inside check = %v", err)
		}
		return refused
	})
	if !errors.Is(err, refused) {
		t.Errorf("PublishDraft = %v; want the error of check", err)
	}
	if rs, err := db.DraftRules(ctx, f.ID); err != nil || rs.State != models.Draft || rs.Edit != draft.Edit {
		t.Errorf("DraftRules = %+v, %v; want the draft as it was", rs, err)
	}
	if rs, err := db.PublishedRules(ctx, f.ID); err != nil || rs.Version != 1 {
		t.Errorf("PublishedRules = %+v, %v; want version 1", rs, err)
	}
	if got := revision(t, db); got != before {
		t.Errorf("revision = %d; want %d", got, before)
	}
}

func TestDraftOfNoFlowAndOfNoSizeIsRefused(t *testing.T) {
	db, ctx := modelstest.Open(t), t.Context()
	if _, err := db.SaveDraft(ctx, 99, []byte("{}"), 0, ada); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("SaveDraft of no flow = %v; want ErrNotFound", err)
	}
	if _, err := db.PublishDraft(ctx, 99, 0, "", ada, accept); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("PublishDraft of no flow = %v; want ErrNotFound", err)
	}
	_, err := db.SaveDraft(ctx, addFlow(t, db, "x").ID, make([]byte, 4<<20+1), 0, ada)
	wantInvalid(t, "SaveDraft(too large)", err, "document")
}

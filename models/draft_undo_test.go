package models_test

import (
	"errors"
	"fmt"
	"testing"

	"switchyard/models"
	"switchyard/models/modelstest"
)

// offers is what undo and redo would do now, in words.
func offers(t *testing.T, db *modelstest.DB, flowID int64) string {
	t.Helper()
	h, err := db.DraftHistory(t.Context(), flowID)
	if err != nil {
		t.Fatal(err)
	}
	undo, redo := "-", "-"
	if h.Undo != nil {
		undo = h.Undo.Author + ": " + h.Undo.Said
	}
	if h.Redo != nil {
		redo = h.Redo.Author + ": " + h.Redo.Said
	}
	return undo + " | " + redo
}

func TestUndoAndRedoWalkThroughTheDraft(t *testing.T) {
	db, ctx := modelstest.Open(t), t.Context()
	f := addFlow(t, db, "booking")
	if got := offers(t, db, f.ID); got != "- | -" {
		t.Errorf("without a draft = %s; want nothing", got)
	}
	now := changed(t, db, f.ID, 0, "a", "a b", "a b", ada)
	now = changed(t, db, f.ID, now.Edit, "a b", "a b c", "a b c", ben)
	step := func(do func(flowID int64, edit int) (models.DraftEdit, error), name, of, rows, after string) {
		t.Helper()
		e, err := do(f.ID, now.Edit)
		if err != nil || e.Said != of {
			t.Fatalf("%s = %q, %v; want %q", name, e.Said, err, of)
		}
		if now, err = db.DraftRules(ctx, f.ID); err != nil || rulesIn(t, now.Document) != rows {
			t.Errorf("%s leaves %s, %v; want %s", name, now.Document, err, rows)
		}
		if got := offers(t, db, f.ID); got != after {
			t.Errorf("after %s: %s; want %s", name, got, after)
		}
	}
	undo := func(id int64, edit int) (models.DraftEdit, error) { return db.UndoDraft(ctx, id, edit, ada) }
	redo := func(id int64, edit int) (models.DraftEdit, error) { return db.RedoDraft(ctx, id, edit, ada) }
	step(undo, "undo", "a b → a b c", "a b", "Ada: a → a b | Ben: a b → a b c")
	step(undo, "undo twice", "a → a b", "a", "- | Ada: a → a b")
	step(redo, "redo", "a → a b", "a b", "Ada: a → a b | Ben: a b → a b c")
	step(redo, "redo twice", "a b → a b c", "a b c", "Ben: a b → a b c | -")
	step(undo, "undo again", "a b → a b c", "a b", "Ada: a → a b | Ben: a b → a b c")
	if _, err := db.UndoDraft(ctx, f.ID, now.Edit-1, ada); !errors.Is(err, models.ErrConflict) {
		t.Errorf("UndoDraft of an edit before = %v; want ErrConflict", err)
	}
	now = changed(t, db, f.ID, now.Edit, "a b", "a b d", "a b d", ada)
	if got := offers(t, db, f.ID); got != "Ada: a b → a b d | -" {
		t.Errorf("after a change = %s; want no redo", got)
	}
	if _, err := db.RedoDraft(ctx, f.ID, now.Edit, ada); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("RedoDraft with nothing to redo = %v; want ErrNotFound", err)
	}
	if _, err := db.PublishDraft(ctx, f.ID, now.Edit, "", ada, accept); err != nil {
		t.Fatal(err)
	}
	changed(t, db, f.ID, now.Edit+1, "a b d", "a", "a", ada)
	step(func(id int64, _ int) (models.DraftEdit, error) { return undo(id, now.Edit+2) }, "undo of a new draft", "a b d → a", "a b d", "- | Ada: a b d → a")
}

func TestOnlySoManyEditsAreKept(t *testing.T) {
	db, ctx := modelstest.Open(t), t.Context()
	f := addFlow(t, db, "booking")
	rs := changed(t, db, f.ID, 0, "a", "b", "b", ada)
	if _, err := modelstest.SQL(t, db.URL).Exec(fmt.Sprintf(`UPDATE flows SET rule_edits = 600 WHERE id = %d`, f.ID)); err != nil {
		t.Fatal(err)
	}
	if _, err := db.SaveDraft(ctx, f.ID, draftOf("c").Encode(), 600, ada); err != nil {
		t.Fatal(err)
	}
	if _, err := db.DraftDocument(ctx, f.ID, rs.Edit); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("DraftDocument of an edit 600 before = %v; want ErrNotFound", err)
	}
	if got := offers(t, db, f.ID); got != "- | -" {
		t.Errorf("undo with nothing kept before = %s; want none", got)
	}
}

func TestARestoreIsADraftThatUndoTakesBack(t *testing.T) {
	db, ctx := modelstest.Open(t), t.Context()
	f := addFlow(t, db, "booking")
	publish(t, db, f.ID, string(draftOf("a").Encode()))
	publish(t, db, f.ID, string(draftOf("b").Encode()))
	seen, err := db.DraftRules(ctx, f.ID)
	if err != nil {
		t.Fatal(err)
	}
	draft := changed(t, db, f.ID, seen.Edit, "b", "b c", "b c", ben)
	if _, err := db.RestoreRules(ctx, f.ID, 1, seen.Edit, ada); !errors.Is(err, models.ErrConflict) {
		t.Errorf("RestoreRules over a draft that was not seen = %v; want ErrConflict", err)
	}
	for _, version := range []int{3, 9} {
		if _, err := db.RestoreRules(ctx, f.ID, version, draft.Edit, ada); !errors.Is(err, models.ErrNotFound) {
			t.Errorf("RestoreRules(%d) = %v; want ErrNotFound: it is the draft, or none", version, err)
		}
	}
	rs, err := db.RestoreRules(ctx, f.ID, 1, draft.Edit, ada)
	if err != nil || rs.RestoredFrom != 1 || rs.Version != 3 || rulesIn(t, rs.Document) != "a" {
		t.Fatalf("RestoreRules(1) = %+v, %v; want draft 3 with the rules of version 1", rs, err)
	}
	if got := offers(t, db, f.ID); got != "Ada: Version 1 was restored | -" {
		t.Errorf("after a restore = %s", got)
	}
	if _, err := db.UndoDraft(ctx, f.ID, rs.Edit, ada); err != nil {
		t.Fatal(err)
	}
	if rs, err = db.DraftRules(ctx, f.ID); err != nil || rs.RestoredFrom != 0 || rulesIn(t, rs.Document) != "b c" {
		t.Errorf("after undoing the restore = %+v, %v; want Ben's draft", rs, err)
	}
}

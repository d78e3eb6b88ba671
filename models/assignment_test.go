package models_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"switchyard/models"
	"switchyard/models/modelstest"
)

// finish runs the assignments to their end.
func finish(t *testing.T, db *modelstest.DB) {
	t.Helper()
	if more, err := db.ContinueAssignments(t.Context(), time.Minute); err != nil || more {
		t.Fatalf("ContinueAssignments() = %t, %v; want all done", more, err)
	}
}

func assign(t *testing.T, db *modelstest.DB, what models.Assign) models.Assignment {
	t.Helper()
	a, err := db.Assign(t.Context(), what, ada)
	if err != nil {
		t.Fatalf("Assign(%+v) = %v", what, err)
	}
	finish(t, db)
	a, err = db.Assignment(t.Context(), a.ID)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func response(t *testing.T, db *modelstest.DB, id int64) models.Response {
	t.Helper()
	r, err := db.Response(t.Context(), id)
	if err != nil {
		t.Fatalf("Response(%d) = %v", id, err)
	}
	return r
}

func TestAssigningOneKeepsAllOfItAndUndoingBringsItBack(t *testing.T) {
	db := modelstest.Open(t)
	f := db.NewFlow("claim")
	v := db.NewVisit(f, "odd.1")
	raw(t, db.URL, `UPDATE visits SET token = 'later.1'`) // the visit is heard of after the response
	before := db.NewResponse().Token("odd.1").Answer("score", 4).Save()
	raw(t, db.URL, `UPDATE visits SET token = 'odd.1'`)
	if before.State != models.UnmatchedResponse {
		t.Fatalf("state = %s; want unmatched", before.State)
	}
	a := assign(t, db, models.Assign{ResponseID: before.ID, FlowID: f.ID})
	if a.State != models.Assigned || a.Total != 1 || a.Name != ada.Name || a.FlowSlug != "claim" {
		t.Errorf("assignment = %+v; want it done by Ada", a)
	}
	after := response(t, db, before.ID)
	found, err := db.FoundBy(t.Context(), after)
	if err != nil || found.Assignment == nil || found.Assignment.ID != a.ID || found.Mapping != nil {
		t.Errorf("FoundBy() = %+v, %v; want the assignment", found, err)
	}
	if after.State != models.Complete || after.FlowID != f.ID || after.Attribution != models.ByHand || after.VisitID != v.ID || after.Reason != "" {
		t.Errorf("response = %+v; want it of the flow and its visit", after)
	}
	if after.Raw != before.Raw || after.DeliveryID != before.DeliveryID || after.Contact != before.Contact || after.ReceivedAt != before.ReceivedAt ||
		after.SentAt != before.SentAt || after.Token != before.Token || fmt.Sprint(after.Answers) != fmt.Sprint(before.Answers) {
		t.Errorf("response = %+v; want all else as it was, %+v", after, before)
	}
	if v, err := db.Visit(t.Context(), v.ID); err != nil || v.Outcome != models.VisitFinished {
		t.Errorf("visit = %s, %v; want it finished", v.Outcome, err)
	}
	if d := delivery(t, db, before.DeliveryID); d.State != models.Done {
		t.Errorf("its delivery is %s; want done", d.State)
	}
	if keys, err := db.AnswerKeys(t.Context(), f.ID); err != nil || len(keys) != 1 {
		t.Errorf("AnswerKeys = %q, %v; want score", keys, err)
	}
	raw(t, db.URL, `UPDATE visits SET token = 'later.1'`)
	attribute(t, db)
	if r := response(t, db, before.ID); r.Attribution != models.ByHand {
		t.Errorf("after another run of attribution it is found by %q; want it where the person put it", r.Attribution)
	}
	if _, err := db.UndoAssignment(t.Context(), a.ID, ada); err != nil {
		t.Fatal(err)
	}
	finish(t, db)
	undone := response(t, db, before.ID)
	undone.VisitID = before.VisitID
	if fmt.Sprintf("%+v", undone) != fmt.Sprintf("%+v", before) {
		t.Errorf("after undoing it: %+v; want %+v", undone, before)
	}
	if d := delivery(t, db, before.DeliveryID); d.State != models.Unmatched || d.Reason == "" {
		t.Errorf("its delivery is %s because of %q; want unmatched", d.State, d.Reason)
	}
	if got := text(t, db, `SELECT action FROM audit ORDER BY id DESC LIMIT 1`); got != "response.unassign" {
		t.Errorf("the last audit row is %s; want response.unassign", got)
	}
}

func TestAllLikeOneAreAssignedInBatchesAndTheMappingFindsTheNext(t *testing.T) {
	for name, url := range modelstest.Stores(t) {
		db := modelstest.OpenAt(t, url)
		f := db.NewFlow("claim")
		var ds []models.Decoded
		for n := range 250 {
			token := []string{fmt.Sprintf("booking-%d", n), fmt.Sprintf("other-%d", n)}[n%2]
			ds = append(ds, toBeApplied(db, n, func(d *models.Decoded) {
				d.Messages = []models.InMessage{{WAMID: fmt.Sprint("r", n), Type: "interactive", At: minute(0), PhoneNumber: "1555", PhoneID: "9",
					Contact: models.InContact{Phone: "4711"}, Flow: &models.InResponse{Raw: "{}", Token: token, Answers: map[string]any{"a": "1"}}}}
			}))
		}
		applyNow(t, db, ds...)
		first := response(t, db, 1)
		likes, err := db.LikesOf(t.Context(), first)
		if err != nil || len(likes) != 4 || likes[0] != (models.Like{Kind: models.LikeToken, Value: "booking-*"}) {
			t.Fatalf("%s: LikesOf() = %+v, %v; want four, the token's pattern first", name, likes, err)
		}
		counts, err := db.CountLike(t.Context(), likes...)
		if err != nil || counts[0] != (models.LikeCount{N: 125, All: true}) || counts[1].N != 250 || counts[2].N != 250 || counts[3].N != 250 {
			t.Errorf("%s: CountLike() = %+v, %v; want 125 and 250", name, counts, err)
		}
		a := assign(t, db, models.Assign{ResponseID: first.ID, FlowID: f.ID, Like: likes[0], Remember: likes[0]})
		if n := count(t, db, `SELECT count(*) FROM responses WHERE flow_id = ? AND attribution = 'hand' AND token LIKE 'booking-%'`, f.ID); n != 125 || a.Total != 125 {
			t.Errorf("%s: %d responses are assigned, it says %d; want 125", name, n, a.Total)
		}
		if n := count(t, db, `SELECT count(*) FROM answers WHERE flow_id = ?`, f.ID); n != 125 {
			t.Errorf("%s: %d answers are of the flow; want 125", name, n)
		}
		if tray, err := db.TrayCounts(t.Context()); err != nil || tray.NoFlow != 125 {
			t.Errorf("%s: TrayCounts() = %+v, %v; want 125 without a flow", name, tray, err)
		}
		next := db.NewResponse().Token("booking-new").Save()
		if found, err := db.FoundBy(t.Context(), next); err != nil || next.Attribution != models.ByMapping || found.Mapping == nil || found.Mapping.ID != a.MappingID {
			t.Errorf("%s: the next is found by %q, %+v, %v; want the mapping", name, next.Attribution, found, err)
		}
		for range 2 {
			if _, err := db.UndoAssignment(t.Context(), a.ID, ada); err != nil {
				t.Fatal(err)
			}
			finish(t, db)
		}
		if n := count(t, db, `SELECT count(*) FROM responses WHERE state = 'unmatched' AND flow_id = 0`); n != 251 {
			t.Errorf("%s: after undoing it %d are unmatched; want all 251, the one that the mapping found among them", name, n)
		}
		if all, err := db.Mappings(t.Context()); err != nil || len(all) != 0 {
			t.Errorf("%s: Mappings() = %+v, %v; want the remembered one gone", name, all, err)
		}
		if n := modelstest.States(t, db.URL)[models.Unmatched]; n != 251 {
			t.Errorf("%s: %d deliveries are unmatched; want 251", name, n)
		}
	}
}

func TestChangingTheFlowOfAResponseMovesIt(t *testing.T) {
	db := modelstest.Open(t)
	claim, survey := db.NewFlow("claim"), db.NewFlow("survey")
	r := db.NewResponse().Token("claim.1").Answer("a", "b").Save()
	first := assign(t, db, models.Assign{ResponseID: r.ID, FlowID: survey.ID})
	if got := response(t, db, r.ID); got.FlowID != survey.ID || got.Attribution != models.ByHand {
		t.Errorf("response = %+v; want it of survey", got)
	}
	second := assign(t, db, models.Assign{ResponseID: r.ID, FlowID: claim.ID})
	if _, err := db.UndoAssignment(t.Context(), first.ID, ada); err != nil {
		t.Fatal(err)
	}
	finish(t, db)
	if got := response(t, db, r.ID); got.FlowID != claim.ID || got.Attribution != models.ByHand {
		t.Errorf("after undoing the older assignment: %+v; want the newer one to stand", got)
	}
	if _, err := db.UndoAssignment(t.Context(), second.ID, ada); err != nil {
		t.Fatal(err)
	}
	finish(t, db)
	if got := response(t, db, r.ID); got.FlowID != claim.ID || got.Attribution != models.ByToken {
		t.Errorf("after undoing both: %+v; want it found by its token again", got)
	}
}

func TestWhatCannotBeAssignedIsRefused(t *testing.T) {
	db := modelstest.Open(t)
	f := db.NewFlow("claim")
	unreadable, odd := db.NewResponse().Unreadable("{").Save(), db.NewResponse().Token("odd-1").Save()
	mapTo(t, db, models.LikeToken, "odd-*", f)
	for name, c := range map[string]struct {
		what models.Assign
		want error
	}{
		"no response":    {models.Assign{ResponseID: 99, FlowID: f.ID}, models.ErrNotFound},
		"no flow":        {models.Assign{ResponseID: odd.ID, FlowID: 99}, models.ErrNotFound},
		"unreadable":     {models.Assign{ResponseID: unreadable.ID, FlowID: f.ID}, &models.Invalid{}},
		"not like it":    {models.Assign{ResponseID: odd.ID, FlowID: f.ID, Like: models.Like{Kind: models.LikeToken, Value: "x-*"}}, &models.Invalid{}},
		"mapped already": {models.Assign{ResponseID: odd.ID, FlowID: f.ID, Remember: models.Like{Kind: models.LikeToken, Value: "odd-*"}}, &models.Invalid{}},
		"no pattern":     {models.Assign{ResponseID: odd.ID, FlowID: f.ID, Remember: models.Like{Kind: models.LikeToken, Value: "**"}}, &models.Invalid{}},
	} {
		_, err := db.Assign(t.Context(), c.what, ada)
		if _, invalid := errors.AsType[*models.Invalid](err); !errors.Is(err, c.want) && (!invalid || c.want == models.ErrNotFound) {
			t.Errorf("%s: Assign() = %v; want %T", name, err, c.want)
		}
	}
	if r := response(t, db, odd.ID); r.FlowID != 0 {
		t.Errorf("after all that the response is of flow %d; want none", r.FlowID)
	}
}

func TestUndoingAnAssignmentBringsBackTheOneBefore(t *testing.T) {
	for _, first := range []models.Like{{}, {Kind: models.LikeToken, Value: "odd-*"}} {
		db := modelstest.Open(t)
		claim, offer := db.NewFlow("claim"), db.NewFlow("offer")
		r := db.NewResponse().Token("odd-1").Save()
		before := assign(t, db, models.Assign{ResponseID: r.ID, FlowID: claim.ID, Like: first})
		again := assign(t, db, models.Assign{ResponseID: r.ID, FlowID: offer.ID})
		for _, undo := range []struct{ id, flow, by int64 }{{again.ID, claim.ID, before.ID}, {before.ID, 0, 0}} {
			if _, err := db.UndoAssignment(t.Context(), undo.id, ada); err != nil {
				t.Fatal(err)
			}
			finish(t, db)
			got := response(t, db, r.ID)
			found, err := db.FoundBy(t.Context(), got)
			if err != nil || got.FlowID != undo.flow || undo.by > 0 && (found.Assignment == nil || found.Assignment.ID != undo.by) {
				t.Errorf("first %+v, then one: undoing %d gives flow %d by %+v, %v; want flow %d by assignment %d", first, undo.id, got.FlowID, found.Assignment, err, undo.flow, undo.by)
			}
		}
	}
}

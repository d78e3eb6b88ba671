package models_test

import (
	"errors"
	"slices"
	"strconv"
	"testing"
	"time"

	"switchyard/models"
	"switchyard/models/modelstest"
)

// follows opens a database with a flow, some responses and two people: the first follows up, the second is a viewer.
func follows(t *testing.T, url string, n int) (db *modelstest.DB, flow models.Flow, rs []models.Response, ada, vic models.User) {
	t.Helper()
	db = modelstest.OpenAt(t, url)
	flow = db.NewFlow("claim")
	for i := range n {
		db.Advance(time.Minute)
		rs = append(rs, db.NewResponse().Flow(flow).Answer("n", strconv.Itoa(i)).Save())
	}
	for _, u := range []*models.User{&ada, &vic} {
		role := map[bool]models.Role{true: models.Support, false: models.Viewer}[u == &ada]
		var err error
		if *u, err = db.CreateUser(t.Context(), models.User{Email: string(role) + "@example.com", Name: map[bool]string{true: "Ada Byron", false: "Vic"}[u == &ada], Role: role}, "correct horse battery", models.By{}); err != nil {
			t.Fatal(err)
		}
	}
	return db, flow, rs, ada, vic
}

func by(u models.User) models.By { return models.By{UserID: u.ID, Name: u.Name} }

func found(t *testing.T, db *modelstest.DB, f models.FollowUp) (ids []int64) {
	t.Helper()
	p, err := db.Responses(t.Context(), models.ResponseFilter{Follow: f})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range p.Rows {
		ids = append(ids, r.ID)
	}
	return ids
}

func TestTriageChangesAndUndoes(t *testing.T) {
	for engine, url := range modelstest.Stores(t) {
		t.Run(engine, func(t *testing.T) {
			db, _, rs, ada, vic := follows(t, url, 4)
			me := strconv.FormatInt(ada.ID, 10)
			ids := []int64{rs[1].ID, rs[2].ID}
			backwards := []int64{rs[2].ID, rs[1].ID}
			for _, c := range []struct {
				change models.TriageChange
				find   models.FollowUp
			}{
				{models.TriageChange{What: models.SetStatus, Value: models.StatusDone}, models.FollowUp{Statuses: []string{models.StatusDone}}},
				{models.TriageChange{What: models.SetAssignee, Value: me}, models.FollowUp{Assignees: []int64{ada.ID}}},
				{models.TriageChange{What: models.AddTag, Value: " Ruf  zurück "}, models.FollowUp{Tags: []int64{1}}},
				{models.TriageChange{What: models.MarkRead}, models.FollowUp{Unread: true}},
			} {
				act, err := db.Triage(t.Context(), ids, c.change, by(ada))
				if err != nil || act.Total != 2 || act.ID == 0 {
					t.Fatalf("Triage(%+v) = %+v, %v; want two changed", c.change, act, err)
				}
				want := backwards
				if c.change.What == models.MarkRead {
					want = []int64{rs[3].ID, rs[0].ID}
				}
				if got := found(t, db, c.find); !slices.Equal(got, want) {
					t.Errorf("after %+v: found %v; want %v", c.change, got, want)
				}
				if again, err := db.Triage(t.Context(), ids, c.change, by(ada)); err != nil || again.ID != 0 || again.Total != 0 {
					t.Errorf("the same again = %+v, %v; want no act", again, err)
				}
				if _, err := db.UndoTriage(t.Context(), act.ID, by(ada)); err != nil {
					t.Fatal(err)
				}
				if more, err := db.ContinueTriage(t.Context(), time.Minute); err != nil || more {
					t.Fatalf("ContinueTriage() = %t, %v; want it at its end", more, err)
				}
				got := found(t, db, c.find)
				if c.change.What == models.MarkRead && len(got) != 4 || c.change.What != models.MarkRead && len(got) != 0 {
					t.Errorf("after undoing %+v: found %v; want all as before", c.change, got)
				}
				if a, err := db.TriageAct(t.Context(), act.ID); err != nil || a.State != models.TriageUndone || a.UndoneBy != ada.Name {
					t.Errorf("the act = %+v, %v; want it undone by Ada", a, err)
				}
			}
			acts, err := db.ResponseActs(t.Context(), rs[1].ID)
			if err != nil || len(acts) != 4 || acts[0].Was != models.StatusNew || acts[1].Was != "0" {
				t.Errorf("ResponseActs() = %+v, %v; want the four, with what was before", acts, err)
			}
			for _, c := range []models.TriageChange{
				{What: models.SetStatus, Value: "nothing"}, {What: models.SetAssignee, Value: strconv.FormatInt(vic.ID, 10)}, {What: models.SetAssignee, Value: "99"},
				{What: models.AddTag, Value: "a,b"}, {What: models.AddTag, Value: " "}, {What: models.RemoveTag, Value: "never"}, {What: "drop"},
			} {
				var invalid *models.Invalid
				if _, err := db.Triage(t.Context(), ids, c, by(ada)); !errors.As(err, &invalid) {
					t.Errorf("Triage(%+v) = %v; want Invalid", c, err)
				}
			}
			if rows, err := db.AuditRows(t.Context(), 0, 100); err != nil || !slices.ContainsFunc(rows, func(r models.AuditRow) bool { return r.Action == "triage.undo" }) {
				t.Errorf("the audit log does not tell of the undoing: %v", err)
			}
		})
	}
}

func TestABulkChangeFollowsItsFilterAndIsUndone(t *testing.T) {
	for engine, url := range modelstest.Stores(t) {
		t.Run(engine, func(t *testing.T) {
			db, flow, rs, ada, _ := follows(t, url, 1)
			var many []models.InMessage
			d := db.Store(models.Delivery{})
			for i := range 600 { // more than two batches
				many = append(many, models.InMessage{WAMID: "w" + strconv.Itoa(i), At: db.Time(), Flow: &models.InResponse{Token: "claim." + strconv.Itoa(i), Answers: map[string]any{"n": "1"}}})
			}
			apply(t, db, models.Decoded{ID: d.ID, Messages: many})
			if _, err := db.Triage(t.Context(), []int64{rs[0].ID}, models.TriageChange{What: models.SetStatus, Value: models.StatusInProgress}, by(ada)); err != nil {
				t.Fatal(err)
			}
			f := models.ResponseFilter{FlowID: flow.ID, Follow: models.FollowUp{Statuses: []string{models.StatusNew}}, Text: "claim"}
			n, upTo, err := db.CountExactly(t.Context(), f)
			if err != nil || n != 600 {
				t.Fatalf("CountExactly() = %d, %v; want 600", n, err)
			}
			late := db.NewResponse().Flow(flow).Token("claim.late").Save()
			f.UpTo = upTo
			act, err := db.StartTriage(t.Context(), f, models.TriageChange{What: models.SetStatus, Value: models.StatusDone}, by(ada))
			if err != nil {
				t.Fatal(err)
			}
			for more := true; more; {
				if more, err = db.ContinueTriage(t.Context(), time.Nanosecond); err != nil {
					t.Fatal(err)
				}
			}
			if a, err := db.TriageAct(t.Context(), act.ID); err != nil || a.State != models.TriageDone || a.Total != 600 {
				t.Errorf("the act = %+v, %v; want 600 changed", a, err)
			}
			if got := found(t, db, models.FollowUp{Statuses: []string{models.StatusNew}}); !slices.Equal(got, []int64{late.ID}) {
				t.Errorf("still new: %v; want only the one that came later", got)
			}
			if _, err := db.Triage(t.Context(), []int64{rs[0].ID + 1}, models.TriageChange{What: models.SetStatus, Value: models.StatusInProgress}, by(ada)); err != nil {
				t.Fatal(err)
			}
			if _, err := db.UndoTriage(t.Context(), act.ID, by(ada)); err != nil {
				t.Fatal(err)
			}
			if more, err := db.ContinueTriage(t.Context(), time.Minute); err != nil || more {
				t.Fatalf("ContinueTriage() = %t, %v; want it at its end", more, err)
			}
			if n, err := db.CountResponses(t.Context(), models.ResponseFilter{Follow: models.FollowUp{Statuses: []string{models.StatusNew}}}); err != nil || n != 600 {
				t.Errorf("%d new, %v; want 599 back and the late one: what was changed since stays", n, err)
			}
		})
	}
}

func TestNotesMentionAndLooksMarkRead(t *testing.T) {
	for engine, url := range modelstest.Stores(t) {
		t.Run(engine, func(t *testing.T) {
			db, _, rs, ada, vic := follows(t, url, 2)
			n, named, err := db.AddNote(t.Context(), rs[0].ID, "Ring back today.\r\n@ada byron, and (@viewer)? not x@vic nor @vicky", by(vic))
			if err != nil || len(named) != 1 || named[0].ID != ada.ID || n.Text != "Ring back today.\n@ada byron, and (@viewer)? not x@vic nor @vicky" {
				t.Fatalf("AddNote() = %+v, %v, %v; want it to name Ada, not its author", n, named, err)
			}
			mentions := models.FollowUp{Mentions: ada.ID}
			if got := found(t, db, mentions); !slices.Equal(got, []int64{rs[0].ID}) {
				t.Errorf("mentions of Ada: %v; want the first response", got)
			}
			r := rs[0]
			if r, err = db.Response(t.Context(), r.ID); err != nil || !r.Unread {
				t.Fatalf("response = %+v, %v; want it unread", r, err)
			}
			if err := db.LookAt(t.Context(), r, by(vic), false); err != nil {
				t.Fatal(err)
			}
			if got := found(t, db, models.FollowUp{Unread: true}); len(got) != 2 {
				t.Errorf("unread after a viewer looked: %v; want both", got)
			}
			if err := db.LookAt(t.Context(), r, by(ada), true); err != nil {
				t.Fatal(err)
			}
			if got := found(t, db, models.FollowUp{Unread: true}); !slices.Equal(got, []int64{rs[1].ID}) {
				t.Errorf("unread after Ada looked: %v; want the other one", got)
			}
			if got := found(t, db, mentions); len(got) != 0 {
				t.Errorf("mentions that Ada has not seen: %v; want none", got)
			}
			if looks, err := db.Looks(t.Context(), r.ID); err != nil || len(looks) != 2 {
				t.Errorf("Looks() = %+v, %v; want both people", looks, err)
			}
			if err := db.RemoveNote(t.Context(), r.ID, n.ID, by(ada)); !errors.Is(err, models.ErrNotFound) {
				t.Errorf("RemoveNote of another person's = %v; want %v", err, models.ErrNotFound)
			}
			if err := db.RemoveNote(t.Context(), r.ID, n.ID, by(vic)); err != nil {
				t.Fatal(err)
			}
			if notes, err := db.ResponseNotes(t.Context(), r.ID); err != nil || len(notes) != 1 || notes[0].Text != "" || notes[0].RemovedBy != "Vic" {
				t.Errorf("ResponseNotes() = %+v, %v; want the place of the one that was removed", notes, err)
			}
			var invalid *models.Invalid
			if _, _, err := db.AddNote(t.Context(), r.ID, " \n", by(ada)); !errors.As(err, &invalid) || invalid.Field != "note" {
				t.Errorf("an empty note: %v; want Invalid", err)
			}
			if _, _, err := db.AddNote(t.Context(), 1<<40, "x", by(ada)); !errors.Is(err, models.ErrNotFound) {
				t.Errorf("a note on nothing: %v; want %v", err, models.ErrNotFound)
			}
		})
	}
}

func TestAResponseThatCanBeReadLaterKeepsItsTriage(t *testing.T) {
	for engine, url := range modelstest.Stores(t) {
		t.Run(engine, func(t *testing.T) {
			db, _, _, ada, _ := follows(t, url, 0)
			r := db.NewResponse().Unreadable(`{"flow_token":"claim.x",`).Save()
			for _, c := range []models.TriageChange{{What: models.SetStatus, Value: models.StatusInProgress}, {What: models.AddTag, Value: "odd"}, {What: models.MarkRead},
				{What: models.SetAssignee, Value: strconv.FormatInt(ada.ID, 10)}} {
				if _, err := db.Triage(t.Context(), []int64{r.ID}, c, by(ada)); err != nil {
					t.Fatal(err)
				}
			}
			apply(t, db, models.Decoded{ID: r.DeliveryID, Messages: []models.InMessage{{WAMID: r.WAMID, At: r.SentAt, Flow: &models.InResponse{Token: "claim.x", Answers: map[string]any{"a": "b"}}}}})
			now, err := db.Response(t.Context(), r.ID)
			if err != nil || now.State != models.Complete || now.Status != models.StatusInProgress || now.AssigneeID != ada.ID || now.Assignee != "Ada Byron" || now.Unread || len(now.Tags) != 1 || now.Tags[0].Name != "odd" {
				t.Errorf("after it could be read: %+v, %v; want what people did with it kept", now, err)
			}
		})
	}
}

func TestAdministratorsNameStatuses(t *testing.T) {
	db := modelstest.Open(t)
	admin := models.By{Name: "test"}
	for _, s := range []models.TriageStatus{{Name: " Waiting for  customer "}, {Name: "Refused", Closed: true}, {Name: "Open"}, {Name: "名前"}} {
		if err := db.AddTriageStatus(t.Context(), s, admin); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"", "new", "REFUSED", "refusé d\x00"} {
		var invalid *models.Invalid
		if err := db.AddTriageStatus(t.Context(), models.TriageStatus{Name: name}, admin); !errors.As(err, &invalid) || invalid.Field != "name" {
			t.Errorf("AddTriageStatus(%q) = %v; want Invalid", name, err)
		}
	}
	if err := db.ChangeTriageStatus(t.Context(), models.TriageStatus{Key: "refused", Name: "Declined", Closed: true, Removed: true}, admin); err != nil {
		t.Fatal(err)
	}
	if err := db.ChangeTriageStatus(t.Context(), models.TriageStatus{Key: models.StatusDone, Name: "Finito"}, admin); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("changing a status that is always there: %v; want %v", err, models.ErrNotFound)
	}
	all, err := db.TriageStatuses(t.Context())
	var keys []string
	for _, s := range all {
		keys = append(keys, s.Key)
	}
	if want := []string{"new", "in-progress", "open-2", "waiting-for-customer", "status", "done", "refused"}; err != nil || !slices.Equal(keys, want) {
		t.Errorf("statuses = %q, %v; want %q", keys, err, want)
	}
}

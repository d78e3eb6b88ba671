package models_test

import (
	"errors"
	"testing"

	"switchyard/models"
	"switchyard/models/modelstest"
)

func TestADismissedResponseLeavesTheTrayAndNothingIsDeleted(t *testing.T) {
	db := modelstest.Open(t)
	f := db.NewFlow("claim")
	r := db.NewResponse().Unreadable(`{"cut`).Save()
	if _, ok := errors.AsType[*models.Invalid](db.DismissResponse(t.Context(), r.ID, "  ", ada)); !ok {
		t.Error("DismissResponse() without a reason; want it refused")
	}
	if err := db.DismissResponse(t.Context(), r.ID, "A test of ours.", ada); err != nil {
		t.Fatal(err)
	}
	if err := db.DismissResponse(t.Context(), r.ID, "Again", ada); !errors.Is(err, models.ErrConflict) {
		t.Errorf("DismissResponse() again = %v; want ErrConflict", err)
	}
	if tray, err := db.TrayCounts(t.Context()); err != nil || tray.All() != 0 {
		t.Errorf("TrayCounts() = %+v, %v; want nothing", tray, err)
	}
	if rows, err := db.Tray(t.Context(), models.Unreadable, 0, 10); err != nil || len(rows) != 0 {
		t.Errorf("Tray() = %d rows, %v; want none", len(rows), err)
	}
	if d := delivery(t, db, r.DeliveryID); d.State != models.Done {
		t.Errorf("its delivery is %s; want done", d.State)
	}
	if d, err := db.ResponseDismissal(t.Context(), r.ID); err != nil || d.Reason != "A test of ours." || d.Name != ada.Name {
		t.Errorf("ResponseDismissal() = %+v, %v", d, err)
	}
	if got := response(t, db, r.ID); got.Raw != r.Raw || got.State != models.Unreadable {
		t.Errorf("response = %+v; want it kept", got)
	}
	same := models.Decoded{ID: r.DeliveryID, Messages: []models.InMessage{{WAMID: r.WAMID, At: r.SentAt, Flow: &models.InResponse{Raw: r.Raw, Reason: "cut"}}}}
	apply(t, db, same)
	if d := delivery(t, db, r.DeliveryID); d.State != models.Done {
		t.Errorf("after a replay its delivery is %s; want it settled still", d.State)
	}
	for range 2 {
		if err := db.RestoreResponse(t.Context(), r.ID, ada); err != nil {
			t.Fatal(err)
		}
	}
	if tray, err := db.TrayCounts(t.Context()); err != nil || tray.Unreadable != 1 {
		t.Errorf("TrayCounts() = %+v, %v; want it back", tray, err)
	}
	if d := delivery(t, db, r.DeliveryID); d.State != models.Unmatched {
		t.Errorf("its delivery is %s; want unmatched", d.State)
	}
	if err := db.DismissResponse(t.Context(), r.ID, "After all", ada); err != nil {
		t.Fatal(err)
	}
	read := same
	read.Messages = []models.InMessage{{WAMID: r.WAMID, At: r.SentAt, Flow: &models.InResponse{Raw: r.Raw, Token: "claim.1", Answers: map[string]any{"a": "b"}}}}
	apply(t, db, read)
	if got := response(t, db, r.ID); got.FlowID != f.ID || got.State != models.Complete {
		t.Errorf("once it could be read: %+v; want it complete", got)
	}
	if _, err := db.ResponseDismissal(t.Context(), r.ID); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("ResponseDismissal() = %v; want ErrNotFound", err)
	}
}

func TestADismissedBodyIsSettledAndKept(t *testing.T) {
	db := modelstest.Open(t)
	odd := db.Deliver(models.Delivery{Body: []byte("odd")}, models.Decoded{Reason: "the body is not JSON"})
	fine := db.Deliver(models.Delivery{}, models.Decoded{})
	if err := db.DismissDelivery(t.Context(), fine.ID, "why", ada); !errors.Is(err, models.ErrConflict) {
		t.Errorf("DismissDelivery() of one that is done = %v; want ErrConflict", err)
	}
	if err := db.DismissDelivery(t.Context(), odd.ID, "A scanner.", ada); err != nil {
		t.Fatal(err)
	}
	if d := delivery(t, db, odd.ID); d.State != models.Done || string(d.Body) != "odd" || d.Reason == "" {
		t.Errorf("delivery = %+v; want it done and whole", d)
	}
	if d, err := db.DeliveryDismissal(t.Context(), odd.ID); err != nil || d.Reason != "A scanner." {
		t.Errorf("DeliveryDismissal() = %+v, %v", d, err)
	}
	if _, err := db.ReplayDeliveries(t.Context(), []int64{odd.ID}, ada); err != nil {
		t.Fatal(err)
	}
	apply(t, db, models.Decoded{ID: odd.ID, Reason: "the body is not JSON"})
	if tray, err := db.TrayCounts(t.Context()); err != nil || tray.Bodies != 1 {
		t.Errorf("after a replay TrayCounts() = %+v, %v; want it back", tray, err)
	}
}

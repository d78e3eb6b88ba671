package whatsapp

import (
	"log/slog"
	"testing"

	"switchyard/models"
	"switchyard/models/modelstest"
)

func TestARestoreMovesTheVisitsThatWereHeldOnTheirVersion(t *testing.T) {
	db := modelstest.Open(t)
	f := db.NewFlow("appointment", func(f *models.Flow) { f.KeepVersion = true })
	if _, err := db.SaveFlowJSON(t.Context(), f.ID, fixture(t, "flows", "appointment.json"), models.By{}); err != nil {
		t.Fatal(err)
	}
	publish(t, db, f.ID)
	l := NewLive(db.DB, LiveOptions{Log: slog.New(slog.DiscardHandler)})
	held := func(when string, version, want int) {
		t.Helper()
		if err := l.Refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
		v := visit{v: models.Visit{Steps: 1, RuleVersion: version}}
		if got := l.flow("appointment").rulingOf(&v).version; got != want {
			t.Errorf("%s, a visit that began on version %d is decided by %d; want %d", when, version, got, want)
		}
	}
	held("at first", 1, 1)
	db.NewVisit(f, "a.1", func(v *models.Visit) { v.RuleVersion = 1 })
	publish(t, db, f.ID)
	held("after a publish", 1, 1)
	was, err := db.DraftRules(t.Context(), f.ID)
	if err != nil {
		t.Fatal(err)
	}
	draft, err := db.RestoreRules(t.Context(), f.ID, 1, was.Edit, models.By{})
	if err != nil {
		t.Fatal(err)
	}
	held("while the restored version is a draft", 1, 1)
	if _, err := db.PublishDraft(t.Context(), f.ID, draft.Edit, "", models.By{}, func(_, _ []byte) error { return nil }); err != nil {
		t.Fatal(err)
	}
	held("after a restore", 1, 3)
	held("after a restore", 2, 3)
	db.NewVisit(f, "a.3", func(v *models.Visit) { v.RuleVersion = 3 })
	publish(t, db, f.ID)
	held("after the next publish", 3, 3)
	held("after the next publish", 1, 4)
}

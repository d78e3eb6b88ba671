package models_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"switchyard/models"
	"switchyard/models/modelstest"
)

// addFlow adds an encrypted flow.
func addFlow(t *testing.T, db *modelstest.DB, slug string) models.Flow {
	t.Helper()
	f, err := db.CreateFlow(t.Context(), models.Flow{Slug: slug}, ada)
	if err != nil {
		t.Fatalf("CreateFlow(%s) = %v", slug, err)
	}
	return f
}

func wantInvalid(t *testing.T, call string, err error, field string) {
	t.Helper()
	var invalid *models.Invalid
	if !errors.As(err, &invalid) || invalid.Field != field || invalid.Message == "" {
		t.Errorf("%s = %v; want Invalid of %s", call, err, field)
	}
}

func TestFlowIsFoundBySlugOldSlugAndMetaID(t *testing.T) {
	db, ctx := modelstest.Open(t), t.Context()
	f, err := db.CreateFlow(ctx, models.Flow{Slug: "booking", MetaID: "691244"}, ada)
	if err != nil || f.Mode != models.Encrypted || f.Name != "booking" || !f.CheckSignature || f.ID == 0 {
		t.Fatalf("CreateFlow = %+v, %v; want the defaults", f, err)
	}
	f.Slug, f.Name, f.TokenOnce, f.KeepVersion, f.CheckSignature, f.FallbackMessage = "visits", "Visits", true, true, false, "Later, please."
	if f, err = db.UpdateFlow(ctx, f, ada); err != nil || !f.TokenOnce || !f.KeepVersion || f.CheckSignature || f.FallbackMessage != "Later, please." {
		t.Fatalf("UpdateFlow = %+v, %v", f, err)
	}
	if got := text(t, db, "SELECT detail FROM audit WHERE action = 'flow.update'"); !strings.Contains(got, `"keep_version":true`) {
		t.Errorf("audit of the update = %s; want keep_version in it", got)
	}
	for _, ref := range []string{"booking", "visits", "691244"} {
		if got, err := db.Flow(ctx, ref); got != f || err != nil {
			t.Errorf("Flow(%s) = %+v, %v; want %+v", ref, got, err, f)
		}
	}
	for _, ref := range []string{"", "nothing", "6912"} {
		if got, err := db.Flow(ctx, ref); !errors.Is(err, models.ErrNotFound) {
			t.Errorf("Flow(%q) = %+v, %v; want ErrNotFound", ref, got, err)
		}
	}
	f.Slug = "booking"
	if _, err := db.UpdateFlow(ctx, f, ada); err != nil {
		t.Errorf("UpdateFlow back to an old slug = %v", err)
	}
}

func TestFlowThatIsWrongOrTakenIsInvalid(t *testing.T) {
	db, ctx := modelstest.Open(t), t.Context()
	f, err := db.CreateFlow(ctx, models.Flow{Slug: "booking", MetaID: "691244"}, ada)
	if err != nil {
		t.Fatal(err)
	}
	f.Slug = "visits"
	if _, err := db.UpdateFlow(ctx, f, ada); err != nil {
		t.Fatal(err)
	}
	for field, bad := range map[string][]models.Flow{
		"slug":             {{Slug: ""}, {Slug: "1a"}, {Slug: "A"}, {Slug: "a.b"}, {Slug: "a b"}, {Slug: "new"}, {Slug: "visits"}, {Slug: "booking"}},
		"meta_id":          {{Slug: "x", MetaID: "12x"}, {Slug: "x", MetaID: "691244"}},
		"mode":             {{Slug: "x", Mode: "open"}},
		"name":             {{Slug: "x", Name: "a\x00b"}},
		"fallback_message": {{Slug: "x", FallbackMessage: "a\nb"}},
	} {
		for _, f := range bad {
			_, err := db.CreateFlow(ctx, f, ada)
			wantInvalid(t, "CreateFlow", err, field)
		}
	}
	if _, err := db.UpdateFlow(ctx, models.Flow{ID: 99, Slug: "y"}, ada); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("UpdateFlow of no flow = %v; want ErrNotFound", err)
	}
}

func TestFlowsTellTheirLastPingAlsoAfterRenaming(t *testing.T) {
	db, ctx := modelstest.Open(t), t.Context()
	f := addFlow(t, db, "booking")
	if err := db.Note(ctx, []models.Mark{{Name: models.MarkPing + ":booking"}}); err != nil {
		t.Fatal(err)
	}
	f.Slug = "visits"
	if _, err := db.UpdateFlow(ctx, f, ada); err != nil {
		t.Fatal(err)
	}
	flows, err := db.Flows(ctx)
	if err != nil || len(flows) != 1 || !flows[0].LastPingAt.Equal(db.Now()) {
		t.Errorf("Flows = %+v, %v; want one with a ping at %v", flows, err, db.Now())
	}
}

func TestFlowJSONVersionsGrowOnlyWhenBytesChange(t *testing.T) {
	db, ctx := modelstest.Open(t), t.Context()
	f := addFlow(t, db, "booking")
	if _, err := db.NewestFlowJSON(ctx, f.ID); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("NewestFlowJSON without one = %v; want ErrNotFound", err)
	}
	for _, step := range []struct {
		raw  string
		want int
	}{{"{}", 1}, {"{}", 1}, {`{"version":"7.0"}`, 2}, {"{}", 3}} {
		db.Advance(time.Second)
		if j, err := db.SaveFlowJSON(ctx, f.ID, []byte(step.raw), ada); j.Version != step.want || err != nil {
			t.Errorf("SaveFlowJSON(%s) = version %d, %v; want %d", step.raw, j.Version, err, step.want)
		}
	}
	j, err := db.NewestFlowJSON(ctx, f.ID)
	if err != nil || j.Version != 3 || string(j.Raw) != "{}" || j.Author != "Ada" || !j.CreatedAt.Equal(db.Now()) {
		t.Errorf("NewestFlowJSON = %+v, %v; want version 3 by Ada now", j, err)
	}
	list, err := db.FlowJSONs(ctx, f.ID)
	if err != nil || len(list) != 3 || list[0].Version != 3 || list[0].Raw != nil {
		t.Errorf("FlowJSONs = %+v, %v; want 3, 2, 1 without bytes", list, err)
	}
	for ago, want := range map[time.Duration]int{0: 3, time.Millisecond: 2, time.Second: 2, 1500 * time.Millisecond: 1, 3 * time.Second: 1, 4 * time.Second: 0} {
		if n, err := db.FlowJSONAt(ctx, f.ID, models.Time{Time: db.Now().Add(-ago)}); n != want || err != nil {
			t.Errorf("FlowJSONAt(%v ago) = %d, %v; want %d", ago, n, err, want)
		}
	}
	if _, err := db.SaveFlowJSON(ctx, 99, []byte("{}"), ada); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("SaveFlowJSON of no flow = %v; want ErrNotFound", err)
	}
	_, err = db.SaveFlowJSON(ctx, f.ID, nil, ada)
	wantInvalid(t, "SaveFlowJSON(nothing)", err, "flow_json")
}

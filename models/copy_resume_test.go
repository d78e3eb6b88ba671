package models_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"switchyard/models"
	"switchyard/models/modelstest"
)

func TestACopyThatWasCutOffAtAnyBatchGoesOn(t *testing.T) {
	first := modelstest.SQLiteURL(t)
	lived(t, first, 9)
	want := mustCopy(t, models.CopyOptions{From: first, To: modelstest.SQLiteURL(t)})
	from := first
	for _, way := range ends[:2] {
		to := newURL(t, way[1])
		if way[0] == "sqlite" {
			from = first
		}
		o := models.CopyOptions{From: from, To: to, Batch: 30}
		var calls int
		for calls = 1; ; calls++ {
			r, err := copyOneBatch(t, o)
			if err == nil {
				if !slices.Equal(r.Tables, want.Tables) || !r.Resumed || r.Before != want.Rows() {
					t.Errorf("%v: Copy in %d calls = %+v\nwant resumed, %d rows before, and %v", way, calls, r, want.Rows(), want.Tables)
				}
				break
			}
			if !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "run the same command again") {
				t.Fatalf("%v: Copy, call %d = %v; want that it was interrupted and can go on", way, calls, err)
			}
			if err := openAfterCopy(t, to); err == nil || !strings.Contains(err.Error(), "run switchyard copy again") {
				t.Fatalf("%v: Open of half a copy = %v; want it refused", way, err)
			}
		}
		if calls < 12 {
			t.Errorf("%v: Copy was done after %d calls; want one for each batch", way, calls)
		}
		from = to
	}
}

// openAfterCopy waits until PostgreSQL has noticed that the copy's connection is gone.
func openAfterCopy(t *testing.T, url string) (err error) {
	t.Helper()
	for range 100 {
		if _, err = models.Open(t.Context(), modelstest.Options(url)); err == nil || !strings.Contains(err.Error(), "is under way") {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	return err
}

// copyOneBatch copies until one batch is durable; without a batch left, to the end.
func copyOneBatch(t *testing.T, o models.CopyOptions) (models.CopyReport, error) {
	ctx, cut := context.WithCancel(t.Context())
	defer cut()
	o.Progress = func(p models.CopyProgress) {
		if !p.Comparing {
			cut()
		}
	}
	return models.Copy(ctx, o)
}

func TestAPartOfACopyIsNotMixedWithAnotherDatabase(t *testing.T) {
	from, other := modelstest.SQLiteURL(t), modelstest.SQLiteURL(t)
	db := beside(t, from)
	db.NewResponse().Save()
	beside(t, other)
	for _, engine := range []string{"sqlite", "postgres"} {
		to := newURL(t, engine)
		if _, err := copyOneBatch(t, models.CopyOptions{From: from, To: to}); err == nil {
			t.Fatal("Copy, cut off = nil; want an error")
		}
		for _, tt := range []struct {
			name, from string
			before     func()
		}{
			{"another database", other, func() {}},
			{"a copy of a part", to, func() {}},
			{"the same after somebody changed it", from, func() { db.NewFlow("late" + engine) }},
			{"the same after something came", from, func() { db.Store(models.Delivery{}) }},
		} {
			tt.before()
			target := to
			if tt.from == to {
				target = newURL(t, "sqlite")
			}
			_, err := models.Copy(t.Context(), models.CopyOptions{From: tt.from, To: target})
			if err == nil || strings.Contains(err.Error(), "\n") || !strings.Contains(err.Error(), "part of another database") && !strings.Contains(err.Error(), "not finished") {
				t.Errorf("%s: Copy of %s into half a copy = %v; want it refused in one sentence", engine, tt.name, err)
			}
		}
	}
}

func TestADifferenceNamesTableAndRowAndKeepsTheTargetRefused(t *testing.T) {
	from := modelstest.SQLiteURL(t)
	lived(t, from, 3)
	for engine, change := range map[string]string{
		"sqlite": "UPDATE responses SET token = 'other' WHERE id = 2", "postgres": "INSERT INTO responses (id, wamid, delivery_id, state, received_at) VALUES (9, 'x', 1, 'complete', 1)",
	} {
		to := newURL(t, engine)
		beside := modelstest.SQL(t, to)
		changed := false
		_, err := models.Copy(t.Context(), models.CopyOptions{From: from, To: to, Progress: func(p models.CopyProgress) {
			if p.Comparing && !changed {
				changed = true
				if _, err := beside.Exec(change); err != nil {
					t.Errorf("%s: %v", change, err)
				}
			}
		}})
		differs, ok := errors.AsType[*models.CopyDiffers](err)
		want := map[string]string{"sqlite": "id 2", "postgres": "id 9"}[engine]
		if !ok || differs.Table != "responses" || differs.Key != want {
			t.Errorf("%s: Copy of what is changed meanwhile = %v; want a *CopyDiffers of responses at %s", engine, err, want)
		}
		if _, err := models.Open(t.Context(), modelstest.Options(to)); err == nil {
			t.Errorf("%s: Open of a copy that differs = nil; want it refused", engine)
		}
	}
}

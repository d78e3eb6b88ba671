package web

import (
	"context"
	"errors"
	"testing"
	"time"

	"switchyard/models"
)

func TestMarksAreGatheredAndKeptUntilWritten(t *testing.T) {
	now := time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)
	m := newMarker(func() time.Time { return now })
	m.note(models.MarkSigned, "")
	m.note(models.MarkBadSignature, "192.0.2.x")
	now = now.Add(time.Second)
	m.note(models.MarkBadSignature, "198.51.100.x")
	broken := errors.New("disk")
	if err := m.flush(t.Context(), func(context.Context, []models.Mark) error { return broken }); !errors.Is(err, broken) {
		t.Fatalf("flush = %v; want the store's error", err)
	}
	m.note(models.MarkSigned, "")
	written := map[string]models.Mark{}
	keep := func(_ context.Context, marks []models.Mark) error {
		for _, mark := range marks {
			written[mark.Name] = mark
		}
		return nil
	}
	if err := m.flush(t.Context(), keep); err != nil {
		t.Fatal(err)
	}
	bad, good := written[models.MarkBadSignature], written[models.MarkSigned]
	if bad.Count != 2 || bad.Detail != "198.51.100.x" || !bad.At.Equal(now) || good.Count != 2 {
		t.Errorf("written = %+v; want 2 bad ones, the last from 198.51.100.x, and 2 good ones", written)
	}
	calls := 0
	if m.flush(t.Context(), func(context.Context, []models.Mark) error { calls++; return nil }); calls != 0 {
		t.Error("flush with nothing new wrote; want nothing")
	}
}

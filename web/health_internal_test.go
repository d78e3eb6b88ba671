package web

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

func TestReadyOnlyWhileDeliveriesCanBeKept(t *testing.T) {
	now := time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)
	var broken error
	free := uint64(1 << 30)
	r := &readiness{now: func() time.Time { return now },
		probe: func(context.Context) (time.Duration, error) { return 0, broken },
		free:  func() (uint64, uint64, error) { return free, 10 << 30, nil }}
	steps := []struct {
		name   string
		change func()
		want   string
	}{
		{"before the worker runs", func() {}, "the inbox worker is not running"},
		{"all well", func() { r.working.Store(true) }, ""},
		{"writes begin to fail", func() { broken = errors.New("disk"); now = now.Add(3 * time.Second) }, ""},
		{"for 9 s", func() { now = now.Add(9 * time.Second) }, ""},
		{"for 10 s", func() { now = now.Add(time.Second) }, "the database cannot be written"},
		{"again well", func() { broken = nil; now = now.Add(3 * time.Second) }, ""},
		{"less than 2 % free", func() { free = 100 << 20; now = now.Add(3 * time.Second) }, "the disk is nearly full"},
		{"room again", func() { free = 1 << 30; now = now.Add(3 * time.Second) }, ""},
		{"stopping", func() { r.draining.Store(true) }, "stopping"},
	}
	for _, s := range steps {
		s.change()
		if got := r.problem(t.Context()); got != s.want {
			t.Errorf("%s: problem() = %q; want %q", s.name, got, s.want)
		}
	}
}

func TestProbeIsAskedOnceInTwoSeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		probes := 0
		r := &readiness{now: time.Now, probe: func(context.Context) (time.Duration, error) { probes++; return 0, nil },
			free: func() (uint64, uint64, error) { return 1 << 40, 1 << 40, nil }}
		r.working.Store(true)
		for range 10 {
			r.problem(t.Context())
			time.Sleep(500 * time.Millisecond)
		}
		if probes != 3 {
			t.Errorf("probes in 5 s = %d; want 3", probes)
		}
	})
}

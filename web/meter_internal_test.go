package web

import (
	"context"
	"errors"
	"reflect"
	"sync"
	"testing"
	"time"

	"switchyard/models"
	"switchyard/models/alert"
	"switchyard/models/rules"
)

// Watch is a turn of the monitor, for tests from outside.
func Watch(ctx context.Context, a *App) error { return a.watch(ctx) }

func TestTheMeterCountsEachResult(t *testing.T) {
	m := newMeter()
	for _, c := range []struct {
		result string
		took   time.Duration
		want   alert.Tally
	}{
		{"goes", 80 * time.Millisecond, alert.Tally{Answered: 1}}, {"repeat", time.Millisecond, alert.Tally{Answered: 1}},
		{string(rules.Falls), time.Second, alert.Tally{Answered: 1, Fallbacks: 1}}, {"notice", time.Millisecond, alert.Tally{Answered: 1, Notices: 1}},
		{"goes", 11 * time.Second, alert.Tally{Answered: 1, Late: 1}}, {"busy", 8 * time.Second, alert.Tally{Busy: 1}},
		{"unready", 0, alert.Tally{Unready: 1}}, {"cannot_open", 0, alert.Tally{Unopened: 1}}, {"bad_signature", 0, alert.Tally{Refused: 1}},
		{"bad_secret", 0, alert.Tally{Refused: 1}}, {"too_large", 0, alert.Tally{Refused: 1}}, {"unreadable", 0, alert.Tally{Refused: 1}},
		{"ping", time.Second, alert.Tally{Pings: 1}},
	} {
		if c.want.Answered > 0 {
			c.want.Latency[alert.BucketOf(c.took)] = 1
		}
		m.exchange("claim", c.result, c.took)
		if got := m.take(time.Time{}); len(got) != 1 || got[0].Slug != "claim" || got[0].Tally != c.want {
			t.Errorf("%s of %v = %+v; want %+v", c.result, c.took, got, c.want)
		}
	}
	m.exchange("", "unknown_flow", 0)
	m.exchange("claim", "test", 0)
	if got := m.take(time.Time{}); len(got) != 0 {
		t.Errorf("no flow and a test = %+v; want nothing", got)
	}
}

func TestManyRequestsAreCountedOnceEach(t *testing.T) {
	m := newMeter()
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 1000 {
				m.exchange("claim", "goes", time.Millisecond)
			}
		})
	}
	var sum alert.Tally
	add := func() {
		for _, f := range m.take(time.Time{}) {
			sum.Add(&f.Tally)
		}
	}
	add()
	all.Wait()
	add()
	if sum.Answered != 8000 || sum.Latency.Count() != 8000 {
		t.Errorf("counted %d, %d durations; want 8000", sum.Answered, sum.Latency.Count())
	}
	if n := testing.AllocsPerRun(100, func() { m.exchange("claim", "goes", time.Millisecond) }); n != 0 {
		t.Errorf("counting allocates %g times; want none", n)
	}
}

func TestFiguresWaitForADatabaseThatDoesNotWrite(t *testing.T) {
	start := time.Date(2026, 11, 20, 10, 0, 55, 0, time.UTC)
	now := start
	m := newMonitor(func() time.Time { return now })
	var written []time.Time
	broken := errors.New("disk")
	var err error
	write := func(_ context.Context, all []models.FlowTally) error {
		if err == nil {
			written = append(written, all[0].At)
		}
		return err
	}
	for turn := range 4 {
		m.meter.exchange("claim", "goes", time.Millisecond)
		now = now.Add(10 * time.Second)
		if err = nil; turn < 2 {
			err = broken
		}
		if got := m.flush(t.Context(), write); !errors.Is(got, err) {
			t.Errorf("turn %d: flush = %v; want %v", turn, got, err)
		}
	}
	now = now.Add(10 * time.Second)
	if err := m.flush(t.Context(), write); err != nil {
		t.Fatal(err)
	}
	want := []time.Time{start, start.Add(10 * time.Second), start.Add(20 * time.Second), start.Add(30 * time.Second)}
	if !reflect.DeepEqual(written, want) {
		t.Errorf("written %v; want each turn once, by its beginning: %v", written, want)
	}
}

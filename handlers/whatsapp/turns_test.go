package whatsapp

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

func TestStepsAreGatheredOnlyWhileACrowdWaitsForRSA(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := &Endpoint{}
		e.init()
		e.turns = newTurns(2)
		ctx, cancel := context.WithCancel(t.Context())
		for waiting := range 6 {
			began := time.Now()
			e.Gather()
			want := time.Duration(0)
			if waiting >= 4 {
				want = leastGather
			}
			if took := time.Since(began); took != want {
				t.Errorf("Gather with %d waiting for 2 cores took %s; want %s", waiting, took, want)
			}
			for range 2 * max(0, 1-waiting) { // the first time
				if !e.turns.take(ctx) {
					t.Fatal("a free turn was not given")
				}
			}
			go e.turns.take(ctx)
			synctest.Wait()
		}
		cancel()
		synctest.Wait()
		if n := e.turns.waiting.Load(); n != 0 {
			t.Errorf("%d wait after all gave up; want 0", n)
		}
	})
}

func TestAGreaterCrowdIsGatheredForLonger(t *testing.T) {
	turns := newTurns(2)
	for waiting, want := range map[int64]time.Duration{
		0: 0, 3: 0, 4: leastGather, 20: leastGather, 30: 15 * perTurn, 40: 20 * perTurn, 54: mostGather, 4000: mostGather,
	} {
		turns.waiting.Store(waiting)
		if got := turns.pause(); got != want {
			t.Errorf("pause() with %d waiting for 2 cores = %s; want %s", waiting, got, want)
		}
	}
}

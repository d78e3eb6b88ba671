package whatsapp

import (
	"runtime"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// bubble is synctest.Test for what has crews: they go home before it ends.
func bubble(t *testing.T, f func(t *testing.T)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		defer time.Sleep(2 * crewIdle)
		f(t)
	})
}

func TestACrewDoesAllWorkAtOnceAndGoesHome(t *testing.T) {
	before := runtime.NumGoroutine()
	bubble(t, func(t *testing.T) {
		c := make(crew)
		for range 2 { // by new ones, then by the same
			var done, all sync.WaitGroup
			gate := make(chan struct{})
			all.Add(50)
			for range 50 {
				done.Add(1)
				c.do(func() { all.Done(); <-gate; done.Done() })
			}
			all.Wait() // each began though none has ended
			close(gate)
			done.Wait()
			synctest.Wait()
			if n := runtime.NumGoroutine(); n < before+50 || n > before+55 {
				t.Errorf("%d goroutines after 50 pieces of work at once, %d before; want 50 that are idle", n, before)
			}
		}
		time.Sleep(2 * crewIdle)
		if n := runtime.NumGoroutine(); n > before+5 {
			t.Errorf("%d goroutines after %s, %d before; want that they went home", n, 2*crewIdle, before)
		}
	})
}

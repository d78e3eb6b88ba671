package admin

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"switchyard/models"
)

func TestTheDatabaseIsAskedOnceForAllWhoListen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var w alertWatch
		var asked, active atomic.Int64
		ask := func(ctx context.Context) (models.AlertPulse, error) {
			n := int(active.Load())
			if asked.Add(1); n < 0 {
				return models.AlertPulse{}, errors.New("the database is busy")
			}
			return models.AlertPulse{Active: n, Mark: fmt.Sprint(n)}, ctx.Err()
		}
		open := func() bool { return false }
		var all sync.WaitGroup
		for range 50 {
			leave := w.join(ask, open)
			all.Go(func() {
				defer leave()
				for {
					p, known, changed := w.look()
					if known && p.Active == 2 {
						return
					}
					<-changed
				}
			})
		}
		time.Sleep(10 * pulseEvery)
		if got := asked.Load(); got < 9 || got > 12 {
			t.Errorf("for 50 listeners the database was asked %d times in %v; want once each %v", got, 10*pulseEvery, pulseEvery)
		}
		active.Store(-1)
		time.Sleep(2 * pulseEvery)
		active.Store(2)
		all.Wait() // nobody misses the news; a leak would hang here or fail the bubble
		before := asked.Load()
		time.Sleep(time.Minute)
		if got := asked.Load(); got != before {
			t.Errorf("nobody listens, and the database was asked %d times", got-before)
		}
		leave := w.join(ask, open)
		defer leave()
		synctest.Wait()
		if p, known, _ := w.look(); !known || p.Active != 2 {
			t.Errorf("who comes later knows %+v, %v; want what the database says", p, known)
		}
	})
}

func TestListenersWakeWhenTheServerStops(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var w alertWatch
		var stopping atomic.Bool
		leave := w.join(func(context.Context) (models.AlertPulse, error) { return models.AlertPulse{Mark: "same"}, nil }, stopping.Load)
		defer leave()
		synctest.Wait()
		_, _, changed := w.look()
		stopping.Store(true)
		select {
		case <-changed:
		case <-time.After(2 * pulseEvery):
			t.Errorf("nobody was woken within %v", 2*pulseEvery)
		}
	})
}

package models

import (
	"math/rand/v2"
	"testing"
	"time"
)

func TestTheTriesOfAForwardCoverThreeDays(t *testing.T) {
	start := time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)
	lasts := map[time.Duration]bool{}
	for id := range int64(500) {
		f := Forward{ID: id, FirstAt: at(start)}
		now, pause := start, time.Duration(0)
		for {
			f.Attempts++
			next, dead := f.next(at(now), 0)
			if dead {
				break
			}
			base := lastWait
			if f.Attempts <= len(forwardWaits) {
				base = forwardWaits[f.Attempts-1]
			}
			wait, isLast := next.Sub(now), next.Equal(start.Add(forwardFor))
			if wait > base+base/jitterShare || wait < base && !isLast || wait < pause-pause/jitterShare && !isLast || wait <= 0 {
				t.Fatalf("pause %d of forward %d is %v after one of %v; want %v to a fifth more", f.Attempts, id, wait, pause, base)
			}
			if f.Attempts == 3 {
				lasts[wait] = true
			}
			now, pause = next.Time, wait
		}
		if took := now.Sub(start); took != forwardFor || f.Attempts < 15 || f.Attempts > 25 {
			t.Fatalf("forward %d was tried %d times, the last one after %v; want 72 h", id, f.Attempts, took)
		}
	}
	if len(lasts) < 100 {
		t.Errorf("500 forwards have %d different third pauses; want them scattered", len(lasts))
	}
	for i := 1; i < len(forwardWaits); i++ {
		if forwardWaits[i] <= forwardWaits[i-1]*6/5 || lastWait <= forwardWaits[i]*6/5 {
			t.Errorf("pause %d of %v does not grow by more than its jitter", i, forwardWaits[i])
		}
	}
}

func TestNoPauseIsLongerThanAskedOrBehindTheEnd(t *testing.T) {
	start := time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)
	for range 5000 {
		f := Forward{ID: rand.Int64(), Attempts: rand.IntN(40), FirstAt: at(start)}
		now := start.Add(time.Duration(rand.Int64N(int64(forwardFor))))
		asked := time.Duration(rand.Int64N(int64(100 * time.Hour)))
		next, dead := f.next(at(now), asked)
		if dead || !next.After(now) || next.After(start.Add(forwardFor)) || next.Sub(now) > lastWait+lastWait/jitterShare {
			t.Fatalf("%+v at %v, asked for %v: next %v, dead %v", f, now, asked, next, dead)
		}
	}
	for n := range int64(200) {
		if p := probePause(7, n); p < firstProbe || p > lastProbe+lastProbe/jitterShare {
			t.Fatalf("pause after %d failures is %v", n, p)
		}
	}
}

func TestBucketsHoldTheirDurations(t *testing.T) {
	for d := time.Millisecond; d < 30*time.Second; d = d * 21 / 20 {
		var f TargetFigures
		f.add(true, bucketOf(d), 1)
		if got := f.quantile(.5); got < d-time.Millisecond || got > d*5/4+time.Millisecond {
			t.Errorf("%v is taken for %v; want at most a quarter more", d, got)
		}
	}
	for _, d := range []time.Duration{-1, 0, time.Hour} {
		if b := bucketOf(d); b < 0 || b >= tryBuckets {
			t.Errorf("bucketOf(%v) = %d", d, b)
		}
	}
}

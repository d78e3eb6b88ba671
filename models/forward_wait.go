package models

import (
	"hash/fnv"
	"strconv"
	"time"
)

const (
	// forwardFor is how long a forward is tried after its first try.
	forwardFor = 72 * time.Hour
	// lastWait is the pause when those of forwardWaits are used up.
	lastWait = 8 * time.Hour
	// longestAsked bounds the pause that a target may ask for.
	longestAsked = 6 * time.Hour
	// jitterShare of a pause is added by chance, at most, so that what failed together is not tried together.
	jitterShare = 5
	// firstProbe and lastProbe bound the pause between two tries of a target that fails again and again.
	firstProbe = 5 * time.Second
	lastProbe  = 5 * time.Minute
)

// forwardWaits are the pauses after the first tries.
var forwardWaits = []time.Duration{5 * time.Second, 30 * time.Second, 2 * time.Minute, 10 * time.Minute, 30 * time.Minute,
	time.Hour, 2 * time.Hour, 4 * time.Hour}

// next is when a forward that failed now is tried again. The last try is when forwardFor has passed; dead: it was that.
func (f Forward) next(now Time, asked time.Duration) (next Time, dead bool) {
	end := f.FirstAt.Add(forwardFor)
	if f.Attempts > 0 && !now.Before(end) {
		return Time{}, true
	}
	wait := lastWait
	if n := max(f.Attempts, 1) - 1; n < len(forwardWaits) {
		wait = forwardWaits[n]
	}
	wait += scatter(wait/jitterShare, f.ID, int64(f.Attempts))
	next = at(now.Add(max(wait, min(asked, longestAsked))))
	if next.After(end) {
		next = at(end)
	}
	return next, false
}

// probePause is how long a target rests after so many failures in a row.
func probePause(target, failures int64) time.Duration {
	pause := lastProbe
	if n := failures - manyFailures; n < 6 {
		pause = min(lastProbe, firstProbe<<max(n, 0))
	}
	return pause + scatter(pause/jitterShare, target, failures)
}

// scatter is a part of d that differs from one to the next, the same for the same.
func scatter(d time.Duration, id, n int64) time.Duration {
	h := fnv.New64a()
	h.Write(strconv.AppendInt(strconv.AppendInt(nil, id, 10), -n, 10))
	const parts = 1024
	x := h.Sum64()
	x ^= x >> 33 // the low bits of FNV differ least between neighbours
	return d / parts * time.Duration(x%parts)
}

package models

import (
	"context"
	"errors"
	"time"
)

// A TargetHealth tells how it goes with a target.
type TargetHealth struct {
	TargetID    int64
	Waiting     int64
	Dead        int64
	Oldest      Time   // the oldest delivery that waits was received; zero: none waits
	LastSuccess Time   // zero: never
	LastFailure Time   // zero: never
	Failure     string // the last failure's reason: one sentence
	Failures    int64  // tries that failed since the last success
	PausedUntil Time   // it is not tried before that: it asked to wait, or fails again and again; zero or past: it is
	Hour, Day   TargetFigures
}

// TargetFigures are the tries of the last hour or day.
type TargetFigures struct {
	Tries, Failed int64
	P50, P90      time.Duration // of the tries that succeeded, to about a quarter; 0: none did
}

// Rate is the share of tries that succeeded, 1 when there was none.
func (f TargetFigures) Rate() float64 {
	if f.Tries == 0 {
		return 1
	}
	return float64(f.Tries-f.Failed) / float64(f.Tries)
}

// TargetsHealth is that of each target, by id.
func (db *DB) TargetsHealth(ctx context.Context) (map[int64]TargetHealth, error) {
	return nil, errors.New("not yet")
}

package models

import (
	"context"
	"math"
	"time"

	"gorm.io/gorm"
)

// TargetFigures are the tries of the last hour or day.
type TargetFigures struct {
	Tries, Failed int64
	P50, P90      time.Duration // of the tries that succeeded, to about a quarter; 0: none did

	taken [tryBuckets]int64
}

const (
	// tryWindow is how finely tries are counted in time, keepTries how long.
	tryWindow = 5 * time.Minute
	keepTries = 25 * time.Hour
	// A bucket's longest duration is tryStep times the one's before, from a millisecond to more than the longest try.
	tryBuckets = 48
	tryStep    = 1.25
)

// Rate is the share of tries that succeeded, 1 when there was none.
func (f TargetFigures) Rate() float64 {
	if f.Tries == 0 {
		return 1
	}
	return float64(f.Tries-f.Failed) / float64(f.Tries)
}

func bucketOf(d time.Duration) int {
	ms := float64(d) / float64(time.Millisecond)
	if ms <= 1 {
		return 0
	}
	return min(tryBuckets-1, int(math.Ceil(math.Log(ms)/math.Log(tryStep)-1e-9)))
}

// quantile is the longest duration of the bucket that holds it.
func (f *TargetFigures) quantile(q float64) time.Duration {
	rank, seen := int64(math.Ceil(q*float64(f.Tries-f.Failed))), int64(0)
	for b, n := range f.taken {
		if seen += n; n > 0 && seen >= rank {
			return time.Duration(math.Pow(tryStep, float64(b)) * float64(time.Millisecond)).Round(time.Millisecond)
		}
	}
	return 0
}

func (f *TargetFigures) add(ok bool, bucket int, n int64) {
	f.Tries += n
	if !ok {
		f.Failed += n
		return
	}
	f.taken[min(max(bucket, 0), tryBuckets-1)] += n
}

// readFigures sums up the tries of the last day.
func (db *DB) readFigures(ctx context.Context, all map[int64]*TargetHealth) error {
	now := db.Now()
	hour := at(now.Truncate(tryWindow).Add(tryWindow - time.Hour))
	rows, err := db.reader().QueryContext(ctx, `SELECT target_id, at, ok, bucket, n FROM target_tries WHERE at > ?`, at(now.Add(-24*time.Hour)))
	_, err = collect(rows, err, func(_ *struct{}, row scanner) error {
		var id, n int64
		var when Time
		var ok bool
		var bucket int
		if err := row.Scan(&id, &when, &ok, &bucket, &n); err != nil {
			return err
		}
		if h := all[id]; h != nil {
			h.Day.add(ok, bucket, n)
			if !when.Before(hour.Time) {
				h.Hour.add(ok, bucket, n)
			}
		}
		return nil
	})
	for _, h := range all {
		for _, f := range []*TargetFigures{&h.Hour, &h.Day} {
			f.P50, f.P90 = f.quantile(.5), f.quantile(.9)
		}
	}
	return err
}

// countTries adds the tries to those of these five minutes.
func countTries(tx *gorm.DB, target int64, results []ForwardResult, now Time) error {
	type key struct {
		ok     bool
		bucket int
	}
	counts := map[key]int64{}
	for i := range results {
		if r := &results[i]; r.tried() {
			counts[key{r.End == ForwardTaken, bucketOf(r.Took)}]++
		}
	}
	window := at(now.Truncate(tryWindow))
	for k, n := range counts {
		err := tx.Exec(`INSERT INTO target_tries (target_id, at, ok, bucket, n) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (target_id, at, ok, bucket) DO UPDATE SET n = target_tries.n + excluded.n`, target, window, k.ok, k.bucket, n).Error
		if err != nil {
			return err
		}
	}
	return nil
}

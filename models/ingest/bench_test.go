package ingest_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"switchyard/models/ingest"
)

// BenchmarkSubmit is the cost of the queue itself: "free" commits at once, "150µs" takes as long as a durable commit.
func BenchmarkSubmit(b *testing.B) {
	stores := map[string]time.Duration{"free": 0, "150µs": 150 * time.Microsecond}
	for name, cost := range stores {
		for _, waiters := range []int{1, 64, 256} {
			b.Run(fmt.Sprintf("%s/waiters=%d", name, waiters), func(b *testing.B) {
				var batches atomic.Int64
				q := ingest.New(func(context.Context, []int) error {
					batches.Add(1)
					for end := time.Now().Add(cost); time.Now().Before(end); {
					}
					return nil
				}, 1024, 256, 0, nil)
				b.ReportAllocs()
				var left atomic.Int64
				left.Store(int64(b.N))
				var all sync.WaitGroup
				for range waiters {
					all.Go(func() {
						for left.Add(-1) >= 0 {
							if err := q.Submit(context.Background(), 1); err != nil {
								b.Error(err)
							}
						}
					})
				}
				all.Wait()
				b.ReportMetric(float64(b.N)/float64(batches.Load()), "rows/batch")
				if err := q.Close(context.Background()); err != nil {
					b.Error(err)
				}
			})
		}
	}
}

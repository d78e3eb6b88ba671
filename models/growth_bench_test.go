package models

import (
	"slices"
	"testing"
	"time"
)

// BenchmarkGrowth is what the first page of a flow's list with its count, one from the middle, and one response cost with
// many responses against 10,000, in turn: x-list, x-deep, x-newest and x-spread are ratios of medians. Newest opens one of
// the newest 10,000 of both; spread opens any of all, which with many is rarely in the engine's own memory.
func BenchmarkGrowth(b *testing.B) {
	sizes := benchSizes(b)
	if len(sizes) < 2 {
		b.Fatal("set SWITCHYARD_BENCH_RESPONSES to more than 10000")
	}
	fewer, many := benchEngines(b, sizes[0]), benchEngines(b, sizes[1])
	for engine := range many {
		b.Run(engine, func(b *testing.B) {
			small, large := newGrowing(b, fewer[engine], sizes[0]), newGrowing(b, many[engine], sizes[1])
			for b.Loop() {
				small.look(b)
				large.look(b)
			}
			b.ReportMetric(0, "ns/op")
			for i, what := range []string{"list", "deep", "newest", "spread"} {
				b.ReportMetric(float64(median(large.took[i]).Microseconds())/1000, what+"-ms")
				b.ReportMetric(float64(median(large.took[i]))/float64(median(small.took[i])), "x-"+what)
			}
		})
	}
}

// few is the smaller size.
const few = 10_000

// A growing is a database that is looked at.
type growing struct {
	db   *DB
	n    int
	took [4][]time.Duration
}

func newGrowing(b *testing.B, db *DB, n int) *growing {
	g := &growing{db: db, n: n}
	g.look(b) // warm
	g.took = [4][]time.Duration{}
	return g
}

func (g *growing) look(b *testing.B) {
	for i, look := range []func() error{
		func() error { _, _, err := g.db.FindResponses(b.Context(), ResponseFilter{FlowID: 1}); return err },
		func() error {
			_, _, err := g.db.FindResponses(b.Context(), ResponseFilter{FlowID: 1, Before: int64(g.n / 2)})
			return err
		},
		func() error { _, err := g.db.Response(b.Context(), int64(g.n-len(g.took[2])*7919%few)); return err },
		func() error { _, err := g.db.Response(b.Context(), int64(g.n-len(g.took[3])*104_729%g.n)); return err },
	} {
		begin := time.Now()
		if err := look(); err != nil {
			b.Fatal(err)
		}
		g.took[i] = append(g.took[i], time.Since(begin))
	}
}

func median(all []time.Duration) time.Duration {
	slices.Sort(all)
	return all[len(all)/2]
}

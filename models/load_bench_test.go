package models

import (
	"os"
	"strconv"
	"testing"
)

// BenchmarkLoad is how many responses of 12 answers LoadResponses writes in a second, its indexes among them:
// SWITCHYARD_BENCH_RESPONSES, or few.
func BenchmarkLoad(b *testing.B) {
	n, err := strconv.Atoi(os.Getenv("SWITCHYARD_BENCH_RESPONSES"))
	if err != nil {
		n = 50_000
	}
	for _, engine := range []string{"sqlite", "postgres"} {
		if only := os.Getenv("SWITCHYARD_TEST_ENGINE"); only != "" && only != engine {
			continue
		}
		b.Run(engine, func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				db := openEngines(b)[engine]
				b.StartTimer()
				loadBench(b, db, n)
			}
			b.ReportMetric(float64(n*b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}

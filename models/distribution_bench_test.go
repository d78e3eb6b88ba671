package models

import (
	"fmt"
	"testing"
	"time"

	"switchyard/models/filter"
)

// BenchmarkDistribution counts every answer of the newest of a filter:
//
//	SWITCHYARD_BENCH_RESPONSES=1000000 go test ./models -run ^$ -bench Distribution -benchtime 20x -timeout 60m
func BenchmarkDistribution(b *testing.B) {
	keys := []SpreadKey{{"plan", ByChoice}, {"tier", ""}, {"amount", ByNumber}, {"age", ByNumber}, {"city", ByText}, {"terms", ByYesNo}, {"tags", ByChoice},
		{"email", ByText}, {"date", ByDay}, {"rating", ByNumber}, {"notes", ByText}, {"transport", ""}}
	where := func(text string) ResponseFilter {
		c, err := filter.Parse(text)
		if err != nil {
			b.Fatal(err)
		}
		return ResponseFilter{FlowID: 1, Where: c}
	}
	for _, n := range benchSizes(b) {
		for engine, db := range openEngines(b) {
			loadBench(b, db, n)
			for name, f := range map[string]ResponseFilter{"all": where(""), "half": where("plan~is~gold"), "three": where("all(plan~is~gold,amount~gt~500,terms~yes)"), "rare": where("transport~is~helicopter")} {
				b.Run(fmt.Sprintf("%s/n=%d/%s", name, n, engine), func(b *testing.B) {
					read := 0
					for b.Loop() {
						d, err := db.Distribution(b.Context(), f, keys, time.UTC)
						if err != nil {
							b.Fatal(err)
						}
						read = d.Read
					}
					b.ReportMetric(float64(read), "responses/op")
				})
			}
		}
	}
}

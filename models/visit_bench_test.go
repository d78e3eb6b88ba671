package models_test

import (
	"fmt"
	"testing"

	"switchyard/models"
	"switchyard/models/modelstest"
)

// One commit of the steps queue under load: each of 64 customers one step further. Run both in one go: what sealing
// costs is the ratio.
func BenchmarkRecordSteps(b *testing.B) {
	for name, sensitive := range map[string]bool{"plain": false, "sensitive": true} {
		b.Run(name, func(b *testing.B) {
			engines(b, func(b *testing.B, db *modelstest.DB) { recordMany(b, db, sensitive) })
		})
	}
}

func recordMany(b *testing.B, db *modelstest.DB, sensitive bool) {
	rs := make([]models.StepRecord, 64)
	for n := 1; b.Loop(); n++ {
		for i := range rs {
			rs[i] = record(db, fmt.Sprint("t", i), n)
			rs[i].Sensitive = sensitive
		}
		if err := db.RecordSteps(b.Context(), rs); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N*len(rs))/b.Elapsed().Seconds(), "steps/s")
}

package models_test

import (
	"testing"

	"switchyard/models"
	"switchyard/models/modelstest"
)

// BenchmarkCopy copies a database of 80,000 rows with their comparison, into each engine.
func BenchmarkCopy(b *testing.B) {
	first := modelstest.SQLiteURL(b)
	lived(b, first, 10)
	p := modelstest.SQL(b, first)
	for _, statement := range []string{
		`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) INSERT INTO steps (flow_id, visit_id, at, action, screen, data, answer)
			SELECT 1, i, 1760000000000000 + i * 100000000, 'data_exchange', 'DETAILS', randomblob(300), randomblob(300) FROM n`,
		`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40000) INSERT INTO statuses (wamid, state, at, delivery_id)
			SELECT 'wamid.HBgLNDQ3NzAwOTAwMTIzFQIAERgS' || i, 'delivered', i, i FROM n`,
		`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) INSERT INTO responses (wamid, delivery_id, flow_id, state, received_at, answers, search)
			SELECT 'wamid.response' || i, i, 1, 'complete', i, '{"name":"Ada Lovelace ' || i || '"}', 'ada lovelace ' || i || ' 447700900123' FROM n`,
	} {
		if _, err := p.Exec(statement); err != nil {
			b.Fatal(err)
		}
	}
	second := modelstest.PostgresURL(b)
	mustCopy(b, models.CopyOptions{From: first, To: second})
	for _, way := range []struct{ name, from, to string }{
		{"sqlite to postgres", first, "postgres"}, {"postgres to sqlite", second, "sqlite"},
	} {
		b.Run(way.name, func(b *testing.B) {
			var rows int64
			for b.Loop() {
				b.StopTimer()
				to := newURL(b, way.to)
				b.StartTimer()
				rows += mustCopy(b, models.CopyOptions{From: way.from, To: to}).Rows()
			}
			b.ReportMetric(float64(rows)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}

package modelstest

import (
	"testing"

	"switchyard/models"
)

// States counts all deliveries of a database by state. Unlike DeliveryCounts it counts those that are done, too.
func States(t testing.TB, url string) map[models.DeliveryState]int64 {
	t.Helper()
	p := SQL(t, url)
	defer p.Close()
	rows, err := p.QueryContext(t.Context(), `SELECT state, count(*) FROM deliveries GROUP BY state`)
	if err != nil {
		t.Fatalf("count deliveries by state: %v", err)
	}
	defer rows.Close()
	counts := map[models.DeliveryState]int64{}
	for rows.Next() {
		var state models.DeliveryState
		var n int64
		if err := rows.Scan(&state, &n); err != nil {
			t.Fatalf("count deliveries by state: %v", err)
		}
		counts[state] = n
	}
	if err := rows.Err(); err != nil {
		t.Fatalf("count deliveries by state: %v", err)
	}
	return counts
}

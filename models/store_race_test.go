package models_test

import (
	"slices"
	"testing"
	"time"

	"switchyard/models"
	"switchyard/models/modelstest"
)

func TestOnPostgresTwoProcessesThatGetTheSameBodiesInAnotherOrderStoreThemWithoutADeadlock(t *testing.T) {
	dbs := two(t)
	const rounds, bodies = 10, 200
	for round := range rounds {
		succeeded(t, atOnce(dbs, 2, func(db *modelstest.DB, i int) error {
			var ds []models.Delivery
			for n := range bodies {
				ds = append(ds, models.Delivery{Source: "meta", Body: []byte{byte(round), byte(n)}})
			}
			if i == 1 {
				slices.Reverse(ds)
			}
			return db.StoreDeliveries(t.Context(), ds)
		}), never)
	}
	if rows := count(t, dbs[0], "SELECT count(*) FROM deliveries WHERE seen = 2"); rows != rounds*bodies {
		t.Errorf("%d deliveries were seen twice; want %d", rows, rounds*bodies)
	}
	for _, db := range dbs { // a connection that ends tells what it counted
		db.Close()
	}
	for begin := time.Now(); count(t, dbs[0], "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'switchyard'") > 0; time.Sleep(10 * time.Millisecond) {
		if time.Since(begin) > 10*time.Second {
			t.Fatal("connections are left")
		}
	}
	if n := count(t, dbs[0], "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"); n != 0 {
		t.Errorf("%d deadlocks; want none", n)
	}
}

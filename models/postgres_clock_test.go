package models

import (
	"fmt"
	"testing"
	"time"
)

func TestOnPostgresDeliveriesAreDueByTheServersClock(t *testing.T) {
	now := time.Now()
	right := openMonthly(t, now)
	wrong := right.process(t) // its machine is a day ahead
	wrong.Now = func() time.Time { return right.Now().Add(24 * time.Hour) }
	clock := &wrong.postgres().clock
	clock.ahead.Store(int64(-24 * time.Hour))
	clock.asked.Store(time.Now().UnixNano())
	for n, m := range []*monthly{wrong, right} {
		if err := m.StoreDeliveries(t.Context(), []Delivery{{Source: "meta", Body: fmt.Append(nil, n)}}); err != nil {
			t.Fatal(err)
		}
	}
	claim := func(m *monthly, when string, want int) {
		t.Helper()
		ds, err := m.ClaimDeliveries(t.Context(), 10)
		if err != nil || len(ds) != want {
			t.Errorf("%s: ClaimDeliveries() = %d, %v; want %d", when, len(ds), err, want)
		}
	}
	claim(right, "what the wrong machine stored", 2)
	right.at(now.Add(lease + time.Second))
	claim(wrong, "after the lease", 2)
	right.at(now.Add(2*lease + 2*time.Second))
	claim(right, "after the wrong machine's lease", 2)
	odd := func(id int64) Decoded { return Decoded{ID: id, Fault: "odd"} }
	if err := wrong.ApplyDeliveries(t.Context(), []Decoded{odd(1), odd(2)}); err != nil {
		t.Fatal(err)
	}
	right.at(now.Add(3*lease + 3*time.Second))
	claim(right, "after the pause that the wrong machine gave", 2)
}

func TestOnPostgresAServerWhoseClockIsOffSaysWhenDeliveriesAreDue(t *testing.T) {
	m := openMonthly(t, time.Now())
	database := m.postgres().config.Database
	for _, text := range []string{
		`CREATE FUNCTION clock_timestamp() RETURNS timestamptz LANGUAGE sql AS $$ SELECT pg_catalog.clock_timestamp() - interval '1 hour' $$`,
		`ALTER DATABASE ` + database + ` SET search_path = public, pg_catalog`,
	} {
		if _, err := m.writer().ExecContext(t.Context(), text); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		name string
		db   *monthly
		want time.Duration
	}{{"right", m, 0}, {"off", m.process(t), -time.Hour}} {
		if err := c.db.StoreDeliveries(t.Context(), []Delivery{{Source: "meta", Body: []byte(c.name)}}); err != nil {
			t.Fatal(err)
		}
		var due Time
		if err := m.reader().QueryRowContext(t.Context(), `SELECT next_at FROM deliveries WHERE body = ?`, []byte(c.name)).Scan(&due); err != nil {
			t.Fatal(err)
		}
		if got := due.Sub(m.Now()); (got - c.want).Abs() > clockExact {
			t.Errorf("the server's clock is %s: the delivery is due %s after it came; want %s", c.name, got, c.want)
		}
	}
}

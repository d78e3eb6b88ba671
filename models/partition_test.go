package models

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"switchyard/models/modelstest/pgtest"
)

// A monthly is a database on PostgreSQL whatever the suite runs on, with a clock.
type monthly struct {
	*DB
	url   string
	clock *atomic.Int64
	made  *atomic.Int64
}

func openMonthly(t testing.TB, now time.Time) *monthly {
	t.Helper()
	server, err := pgtest.Shared()
	if err != nil {
		t.Fatal(err)
	}
	m := &monthly{url: server.NewDatabase(t), clock: &atomic.Int64{}, made: &atomic.Int64{}}
	m.clock.Store(now.UnixMicro())
	m.DB = m.process(t).DB
	if _, err := m.CreateFlow(t.Context(), Flow{Slug: "booking", Name: "Booking", Mode: Encrypted}, By{Name: "test"}); err != nil {
		t.Fatal(err)
	}
	return m
}

// process opens the database once more, as another process would.
func (m *monthly) process(t testing.TB) *monthly {
	t.Helper()
	now := func() time.Time { return time.UnixMicro(m.clock.Load()).UTC() }
	db, err := Open(t.Context(), Options{URL: m.url, MasterKey: bytes.Repeat([]byte{7}, 32), Migrate: true, Now: now})
	if err != nil {
		t.Fatalf("Open() = %v", err)
	}
	t.Cleanup(func() { db.Close() })
	return &monthly{db, m.url, m.clock, m.made}
}

func (m *monthly) at(t time.Time) { m.clock.Store(t.UnixMicro()) }

func (m *monthly) postgres() *postgresEngine { return m.engine.(*postgresEngine) }

// arrive stores a delivery with one response and applies it, and records a step: a row in each table that is kept by month.
func (m *monthly) arrive(ctx context.Context) error {
	n, now := m.made.Add(1), Time{m.Now()}
	body := fmt.Appendf(nil, `{"n": %d}`, n)
	if err := m.StoreDeliveries(ctx, []Delivery{{Source: "meta", ReceivedAt: now, Body: body}}); err != nil {
		return fmt.Errorf("StoreDeliveries: %w", err)
	}
	var id int64
	if err := m.reader().QueryRowContext(ctx, `SELECT id FROM deliveries WHERE body = ?`, body).Scan(&id); err != nil {
		return fmt.Errorf("the delivery: %w", err)
	}
	said := InMessage{WAMID: fmt.Sprint("wamid.", n), Type: "interactive", At: now, Body: []byte(`{}`), Contact: InContact{Phone: fmt.Sprint(447700900000 + n)},
		Flow: &InResponse{Raw: "{}", Answers: map[string]any{"age": json.Number("12")}, Token: "booking.new"}}
	if err := m.ApplyDeliveries(ctx, []Decoded{{ID: id, ReceivedAt: now, Messages: []InMessage{said}}}); err != nil {
		return fmt.Errorf("ApplyDeliveries: %w", err)
	}
	v := Visit{FlowID: 1, Token: fmt.Sprint("token", n), Run: 1, StartedAt: now, LastAt: now, Steps: 1}
	if err := m.RecordSteps(ctx, []StepRecord{{Visit: v, Step: Step{FlowID: 1, At: now, Action: "INIT", Status: 200}}}); err != nil {
		return fmt.Errorf("RecordSteps: %w", err)
	}
	return nil
}

func (m *monthly) mustArrive(t testing.TB) {
	t.Helper()
	if err := m.arrive(t.Context()); err != nil {
		t.Fatalf("at %s: %v", m.Now(), err)
	}
}

func figure(t testing.TB, p *sql.DB, text string, args ...any) (n int64) {
	t.Helper()
	if err := p.QueryRowContext(t.Context(), text, args...).Scan(&n); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return n
}

func utc(text string) time.Time {
	t, err := time.Parse(time.DateTime, text)
	if err != nil {
		panic(err)
	}
	return t
}

func TestOnPostgresANewMonthNeedsNoOne(t *testing.T) {
	m := openMonthly(t, utc("2026-11-20 10:00:00"))
	clocks := []struct{ at, month string }{
		{"2026-11-30 23:59:59", "2026_11"},
		{"2026-12-01 00:00:00", "2026_12"},
		{"2026-12-31 23:59:59", "2026_12"},
		{"2027-01-01 00:00:00", "2027_01"}, // made ahead
		{"2027-02-28 23:59:59", "2027_02"}, // and from here on nobody made it
		{"2027-03-01 00:00:00", "2027_03"},
		{"2027-12-31 23:59:59", "2027_12"},
		{"2028-01-01 00:00:00", "2028_01"}, // a clock that is more than a year ahead
		{"2028-02-29 12:00:00", "2028_02"},
		{"2019-07-04 12:00:00", "2019_07"}, // and one that is years behind
		{"1970-01-01 00:00:01", "1970_01"},
	}
	for _, c := range clocks {
		m.at(utc(c.at))
		m.mustArrive(t)
		for _, table := range partitioned {
			if n := figure(t, m.reader(), `SELECT count(*) FROM `+monthOf(utc(c.at)).of(table)+` WHERE tableoid = to_regclass(?)`, table+"_"+c.month); n == 0 {
				t.Errorf("at %s the row of %s is not in %s_%s", c.at, table, table, c.month)
			}
		}
	}
	for _, table := range partitioned {
		if n := figure(t, m.reader(), `SELECT count(*) FROM `+table); n != int64(len(clocks)) {
			t.Errorf("%s has %d rows; want %d", table, n, len(clocks))
		}
	}
}

func TestOnPostgresAStepWithoutATimeIsKept(t *testing.T) {
	m := openMonthly(t, utc("2026-11-20 10:00:00"))
	if err := m.RecordSteps(t.Context(), []StepRecord{{Visit: Visit{FlowID: 1, Token: "t", Run: 1, Steps: 1}, Step: Step{FlowID: 1}}}); err != nil {
		t.Errorf("RecordSteps(a step of the zero time) = %v", err)
	}
}

func TestOnPostgresProcessesCrossAMonthAtOnce(t *testing.T) {
	one := openMonthly(t, utc("2026-11-20 10:00:00"))
	two := one.process(t)
	for _, month := range []string{"2027-05-01 00:00:00", "2028-01-01 00:00:00", "2031-01-01 00:00:00"} {
		one.at(utc(month))
		var all sync.WaitGroup
		begin := make(chan struct{})
		for i := range 12 {
			all.Go(func() {
				<-begin
				if err := []*monthly{one, two}[i%2].arrive(t.Context()); err != nil {
					t.Errorf("at %s: %v", month, err)
				}
			})
		}
		close(begin)
		all.Wait()
	}
	for _, table := range partitioned {
		if n := figure(t, one.reader(), `SELECT count(*) FROM `+table); n != 36 {
			t.Errorf("%s has %d rows; want 36", table, n)
		}
	}
}

// begun is a transaction that has run texts and goes on until the test ends or end is called.
func (m *monthly) begun(t testing.TB, texts ...string) (end func()) {
	t.Helper()
	tx, err := m.writer().BeginTx(context.WithoutCancel(t.Context()), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range texts {
		if _, err := tx.Exec(text); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
	}
	t.Cleanup(func() { tx.Rollback() })
	return func() { tx.Rollback() }
}

// within runs do and fails when it takes longer.
func within(t testing.TB, d time.Duration, what string, do func() error) {
	t.Helper()
	begin := time.Now()
	if err := do(); err != nil {
		t.Errorf("%s = %v; want nil", what, err)
	}
	if took := time.Since(begin); took > d {
		t.Errorf("%s took %s; want at most %s", what, took, d)
	}
}

func TestOnPostgresMakingAMonthWaitsForNoWriter(t *testing.T) {
	m := openMonthly(t, utc("2026-11-20 10:00:00"))
	m.mustArrive(t)
	m.begun(t, `UPDATE deliveries SET seen = seen + 1`, `UPDATE steps SET status = 0`, `UPDATE answers SET n = n + 1`,
		`INSERT INTO answers (response_id, flow_id, key, text, received_at) SELECT 99, 1, 'k', '', received_at FROM deliveries`)
	other := m.process(t)
	m.at(utc("2029-05-05 10:00:00"))
	within(t, 2*time.Second, "a row in a new month, beside a long transaction", func() error { return other.arrive(t.Context()) })
}

func TestOnPostgresWhoseMonthIsThereWaitsForNobodyElses(t *testing.T) {
	m := openMonthly(t, utc("2026-11-20 10:00:00"))
	m.mustArrive(t)
	release := m.begun(t, fmt.Sprintf(`SELECT pg_advisory_xact_lock(%d)`, lockKey(lockMonths)))
	made := make(chan error)
	go func() { made <- m.postgres().months.ready(t.Context(), m.writer(), utc("2030-01-01 00:00:00")) }()
	time.Sleep(50 * time.Millisecond) // it waits by now
	within(t, 2*time.Second, "a row in a month that is there", func() error { return m.arrive(t.Context()) })
	release()
	if err := <-made; err != nil {
		t.Errorf("ready(2030) = %v; want nil after the lock was given back", err)
	}
}

func TestOnPostgresAMonthThatCannotBeMadeIsGivenUpInTime(t *testing.T) {
	m := openMonthly(t, utc("2026-11-20 10:00:00"))
	m.begun(t, fmt.Sprintf(`SELECT pg_advisory_xact_lock(%d)`, lockKey(lockMonths)))
	begin := time.Now()
	err := m.StoreDeliveries(t.Context(), []Delivery{{Source: "meta", ReceivedAt: Time{utc("2030-01-01 00:00:00")}, Body: []byte("{}")}})
	if took := time.Since(begin); err == nil || took > longestMake+5*time.Second {
		t.Errorf("StoreDeliveries in a month that another process makes for ever = %v after %s; want an error in %s", err, took, longestMake)
	}
}

func TestOnPostgresAKnownMonthCostsNothing(t *testing.T) {
	m := openMonthly(t, utc("2026-11-20 10:00:00"))
	times := slices.Repeat([]time.Time{utc("2026-11-20 10:00:00")}, 64)
	e := m.postgres()
	if n := testing.AllocsPerRun(100, func() { e.months.ready(t.Context(), nil, times...) }); n != 0 {
		t.Errorf("ready allocates %v times for 64 rows of a known month; want 0", n)
	}
}

func TestOnPostgresMonthsAreNamedAndBoundedInUTC(t *testing.T) {
	for _, c := range []struct {
		at   time.Time
		name string
	}{
		{time.Date(2026, 12, 31, 23, 0, 0, 0, time.FixedZone("west", -3*3600)), "2027_01"},
		{time.Date(2027, 1, 1, 1, 0, 0, 0, time.FixedZone("east", 3*3600)), "2026_12"},
		{time.Time{}, "1970_01"}, // it is stored as 0
		{utc("1969-12-31 23:59:59"), "1969_12"},
		{utc("0001-02-03 00:00:00"), "0001_02"},
		{utc("9999-12-31 00:00:00"), "9999_12"},
	} {
		got := monthOf(c.at)
		if got.String() != c.name {
			t.Errorf("monthOf(%s) = %s; want %s", c.at, got, c.name)
		}
		if stored := time.UnixMicro(Time{c.at}.Micros()); stored.Before(got.first()) || !stored.Before((got + 1).first()) {
			t.Errorf("the month %s is from %s to %s; want %s in it", got, got.first(), (got + 1).first(), stored)
		}
	}
	all := strings.Join(strings.Fields(fmt.Sprint(each(ahead(utc("2026-11-30 23:00:00")), func(t time.Time) string { return monthOf(t).String() }))), " ")
	if all != "[2026_11 2026_12 2027_01]" {
		t.Errorf("ahead(2026-11-30) = %s; want November, December and January", all)
	}
}

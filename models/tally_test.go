package models_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"switchyard/models"
	"switchyard/models/alert"
	"switchyard/models/modelstest"
)

// answered is a tally of answers that took that long.
func answered(n int64, took time.Duration) (t alert.Tally) {
	t.Answered = n
	t.Latency[alert.BucketOf(took)] = n
	return t
}

func addTallies(t *testing.T, db *modelstest.DB, slug string, tally alert.Tally) {
	t.Helper()
	if err := db.AddTallies(t.Context(), []models.FlowTally{{Slug: slug, At: db.Now(), Tally: tally}}); err != nil {
		t.Fatalf("AddTallies(%s) = %v", slug, err)
	}
}

func TestTalliesOfSeveralServersAddUpInMinuteHourAndDay(t *testing.T) {
	db := modelstest.Open(t)
	f := db.NewFlow("claim")
	other := modelstest.OpenAt(t, db.URL)
	var all sync.WaitGroup
	for _, one := range []*modelstest.DB{db, other} {
		all.Go(func() {
			for range 5 {
				tally := answered(2, 80*time.Millisecond)
				tally.Busy, tally.Pings = 1, 3
				addTallies(t, one, "claim", tally)
			}
		})
	}
	all.Wait()
	db.Advance(90 * time.Minute)
	addTallies(t, db, "claim", answered(1, 3*time.Second))
	addTallies(t, db, "gone", answered(1, time.Second))
	start := modelstest.Start
	for span, want := range map[models.Span]string{
		models.Minute: "[10:00 20/10/30/20 11:30 1/0/0/1]", models.Hour: "[10:00 20/10/30/20 11:00 1/0/0/1]", models.Day: "[00:00 21/10/30/21]",
	} {
		rows, err := db.Tallies(t.Context(), f.ID, span, start.Truncate(24*time.Hour), start.Add(24*time.Hour))
		var got []string
		for _, m := range rows {
			got = append(got, fmt.Sprintf("%s %d/%d/%d/%d", m.At.Format("15:04"), m.Answered, m.Busy, m.Pings, m.Latency.Count()))
		}
		if fmt.Sprint(got) != want || err != nil {
			t.Errorf("Tallies by %v = %v, %v; want %s", time.Duration(span), got, err, want)
		}
	}
	if n := count(t, db, "SELECT count(*) FROM tallies"); n != 5 {
		t.Errorf("%d tallies; want 2 minutes, 2 hours, 1 day", n)
	}
}

func TestOldMinutesGoAndTheirHoursStay(t *testing.T) {
	db := modelstest.Open(t)
	db.NewFlow("claim")
	for range 4 {
		addTallies(t, db, "claim", answered(1, time.Second))
		db.Advance(20 * time.Hour)
	}
	d, err := db.Maintain(t.Context(), models.Keep{Minutes: 50 * time.Hour})
	if err != nil || d.Minutes != 2 {
		t.Errorf("Maintain() = %+v, %v; want 2 minutes gone", d, err)
	}
	left := lines(t, db, "SELECT span || ' ' || count(*) FROM tallies GROUP BY span ORDER BY span")
	if fmt.Sprint(left) != "[60 2 3600 4 86400 3]" {
		t.Errorf("left = %q; want minutes of two days, all hours and days", left)
	}
}

// BenchmarkAYearOfMinutes reads a flow's year as a chart does, with 525,600 minutes below.
func BenchmarkAYearOfMinutes(b *testing.B) {
	db := modelstest.Open(b)
	f := db.NewFlow("claim")
	tally := answered(30, 80*time.Millisecond)
	blob := "BLOB"
	if modelstest.Postgres() {
		blob = "BYTEA"
	}
	p, start := modelstest.SQL(b, db.URL), modelstest.Start.AddDate(-1, 0, 0)
	for _, span := range []int64{60, 3600, 86400} {
		_, err := p.Exec(fmt.Sprintf(`WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < %d)
			INSERT INTO tallies SELECT %d, %d, %d + i * %d, 30, 0, 0, 0, 0, 0, 0, 0, 1, CAST(? AS %s) FROM n`,
			365*86400/span-1, f.ID, span, start.UnixMicro(), span*1_000_000, blob), tally.Latency.Bytes())
		if err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		if rows, err := db.Tallies(b.Context(), f.ID, models.Day, start, modelstest.Start); err != nil || len(rows) != 365 {
			b.Fatal(len(rows), err)
		}
	}
}

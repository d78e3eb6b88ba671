package models

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"
)

const days = 24 * time.Hour

// filled is a database with a row in each table in each month of 2026 up to November.
func filled(t *testing.T) *monthly {
	t.Helper()
	m := openMonthly(t, utc("2026-01-15 10:00:00"))
	for range 11 {
		m.mustArrive(t)
		m.at(m.Now().AddDate(0, 1, 0))
	}
	m.at(utc("2026-11-20 10:00:00"))
	return m
}

func (m *monthly) there(t testing.TB, table string) string {
	t.Helper()
	all, err := monthsThere(t.Context(), m.reader(), table)
	if err != nil || len(all) == 0 {
		t.Fatalf("monthsThere(%s) = %v, %v", table, all, err)
	}
	return fmt.Sprintf("%d from %s", len(all), all[0])
}

func TestOnPostgresMaintainDropsWholeMonths(t *testing.T) {
	m := filled(t)
	// The test's month of opening is that of the real clock; those ahead of it may be there, too.
	all := figure(t, m.reader(), `SELECT count(*) FROM pg_inherits WHERE inhparent = 'steps'::regclass`)
	got, err := m.Maintain(t.Context(), Keep{Steps: 200 * days, Deliveries: 112 * days})
	if err != nil || got != (Dropped{Deliveries: 6, Steps: 4}) {
		t.Errorf("Maintain(steps of 200 days, since 4 May; deliveries of 112, since 31 July) = %+v, %v; want 6 and 4", got, err)
	}
	for table, want := range map[string]string{
		"steps": fmt.Sprintf("%d from 2026_05", all-4), "deliveries": fmt.Sprintf("%d from 2026_07", all-6), "answers": fmt.Sprintf("%d from 2026_01", all),
	} {
		if now := m.there(t, table); now != want {
			t.Errorf("%s has the months %s; want %s", table, now, want)
		}
	}
}

func TestOnPostgresMaintainMakesTheMonthsAhead(t *testing.T) {
	m := openMonthly(t, utc("2029-12-31 10:00:00"))
	if _, err := m.Maintain(t.Context(), Keep{}); err != nil {
		t.Fatal(err)
	}
	if n := figure(t, m.reader(), `SELECT count(*) FROM pg_class WHERE relname IN ('answers_2029_12', 'steps_2030_01', 'deliveries_2030_02')`); n != 3 {
		t.Errorf("%d of December's, January's and February's partitions are there; want 3", n)
	}
}

func TestOnPostgresAMonthOfAnswersCanBeDropped(t *testing.T) {
	m := filled(t)
	c, err := m.writer().Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	rows, dropped, err := m.postgres().months.dropMonth(t.Context(), c, "answers", monthOf(utc("2026-03-01 00:00:00")))
	if err != nil || !dropped || rows != 1 {
		t.Fatalf("dropMonth(answers, March) = %d, %v, %v; want 1 row dropped", rows, dropped, err)
	}
	if n := figure(t, m.reader(), `SELECT count(*) FROM answers`); n != 10 {
		t.Errorf("answers has %d rows; want 10", n)
	}
	if n := figure(t, m.reader(), `SELECT count(*) FROM deliveries`); n != 11 {
		t.Errorf("deliveries has %d rows; want 11: only answers were dropped", n)
	}
}

func TestOnPostgresARowOfADroppedMonthMakesItAnew(t *testing.T) {
	m := filled(t)
	other := m.process(t)
	for _, p := range []*monthly{m, other} { // both know March now
		m.at(utc("2026-03-20 10:00:00"))
		p.mustArrive(t)
	}
	m.at(utc("2026-11-20 10:00:00"))
	if _, err := m.Maintain(t.Context(), Keep{Steps: 60 * days, Deliveries: 60 * days}); err != nil {
		t.Fatal(err)
	}
	c, err := m.writer().Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, _, err := m.postgres().months.dropMonth(t.Context(), c, "answers", monthOf(utc("2026-03-01 00:00:00"))); err != nil {
		t.Fatal(err)
	}
	m.at(utc("2026-03-20 10:00:00"))
	for _, p := range []*monthly{other, m} {
		p.mustArrive(t)
	}
	for _, table := range partitioned {
		if n := figure(t, m.reader(), `SELECT count(*) FROM `+table+`_2026_03`); n != 2 {
			t.Errorf("%s_2026_03 has %d rows; want the 2 that came after it was dropped", table, n)
		}
	}
}

// An answer may come when only its own month is gone.
func TestOnPostgresAnAnswerOfADroppedMonthMakesItAnew(t *testing.T) {
	m := filled(t)
	other := m.process(t)
	m.at(utc("2026-03-20 10:00:00"))
	other.mustArrive(t)
	if _, err := m.writer().Exec(`DROP TABLE answers_2026_03`); err != nil {
		t.Fatal(err)
	}
	other.mustArrive(t)
	if n := figure(t, m.reader(), `SELECT count(*) FROM answers_2026_03`); n != 1 {
		t.Errorf("answers_2026_03 has %d rows; want 1", n)
	}
	if n := figure(t, m.reader(), `SELECT count(*) FROM deliveries WHERE state <> 'done' OR attempts > 0`); n != 0 {
		t.Errorf("%d deliveries were not applied at once; want none", n)
	}
}

func TestOnPostgresMaintainLeavesWhatIsInUseForTheNextTime(t *testing.T) {
	m := filled(t)
	release := m.begun(t, `SELECT 1 FROM steps LIMIT 1`)
	keep := Keep{Steps: 60 * days, Deliveries: 60 * days}
	within(t, 10*time.Second, "Maintain beside somebody who reads all steps", func() error {
		got, err := m.Maintain(t.Context(), keep)
		if got != (Dropped{Deliveries: 8}) {
			t.Errorf("Maintain() = %+v; want 8 deliveries and no step", got)
		}
		return err
	})
	release()
	if got, err := m.Maintain(t.Context(), keep); err != nil || got != (Dropped{Steps: 8}) {
		t.Errorf("Maintain() once more = %+v, %v; want 8 steps", got, err)
	}
}

func TestOnPostgresMaintainInManyProcessesWhileRowsCome(t *testing.T) {
	m := filled(t)
	processes := []*monthly{m, m.process(t), m.process(t)}
	ctx, stop := context.WithCancel(t.Context())
	var writers, keepers sync.WaitGroup
	var longest time.Duration
	writers.Go(func() {
		for ctx.Err() == nil {
			begin := time.Now()
			if err := processes[1].arrive(t.Context()); err != nil {
				t.Error(err)
			}
			longest = max(longest, time.Since(begin))
		}
	})
	sums := make([]Dropped, len(processes))
	for i, p := range processes {
		keepers.Go(func() {
			for range 3 {
				got, err := p.Maintain(t.Context(), Keep{Steps: 60 * days, Deliveries: 60 * days})
				if err != nil {
					t.Errorf("Maintain() = %v", err)
				}
				sums[i].Deliveries += got.Deliveries
				sums[i].Steps += got.Steps
			}
		})
	}
	keepers.Wait()
	stop()
	writers.Wait()
	var all Dropped
	for _, s := range sums {
		all.Deliveries += s.Deliveries
		all.Steps += s.Steps
	}
	if all != (Dropped{Deliveries: 8, Steps: 8}) {
		t.Errorf("Maintain of three processes, three times = %+v; want 8 and 8, each once", all)
	}
	if longest > 5*time.Second {
		t.Errorf("the longest of the writes beside it took %s", longest)
	}
}

func TestOnPostgresMaintainEndsWithItsContext(t *testing.T) {
	m := filled(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := m.Maintain(ctx, Keep{Steps: 60 * days}); err == nil {
		t.Error("Maintain(an ended context) = nil; want an error")
	}
	if got, err := m.Maintain(t.Context(), Keep{Steps: 60 * days}); err != nil || got.Steps != 8 {
		t.Errorf("Maintain() afterwards = %+v, %v; want 8 steps: the lock was given back", got, err)
	}
}

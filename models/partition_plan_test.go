package models

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"
)

// history is a database with 3000 rows in each month of two years and in each table that is kept by month.
func history(t *testing.T) *monthly {
	t.Helper()
	m := openMonthly(t, utc("2026-11-20 10:00:00"))
	var months []string
	for n := monthOf(utc("2024-12-01 00:00:00")); n <= monthOf(m.Now()); n++ {
		if err := m.postgres().months.ready(t.Context(), m.writer(), n.first()); err != nil {
			t.Fatal(err)
		}
		months = append(months, n.String())
	}
	const each = ` FROM generate_series(0, 23) AS m, generate_series(1, 3000) AS n`
	at := `(extract(epoch FROM timestamp '2024-12-01' + m * interval '1 month' + n * interval '10 minutes')::bigint * 1000000)`
	texts := []string{
		`INSERT INTO deliveries (source, received_at, sha256, state, body) SELECT 'meta', ` + at + `, '', CASE n WHEN 7 THEN 'unmatched' WHEN 8 THEN 'failed' ELSE 'done' END, 'body'` + each,
		`INSERT INTO deliveries (source, received_at, sha256, body) SELECT 'meta', ` + at + `, '', 'body'` + each + ` WHERE m = 23 AND n < 20`,
		`INSERT INTO visits (flow_id, token, run, started_at, last_at, outcome) SELECT 1, m || '.' || n, 1, ` + at + `, ` + at + `, 'open'` + each + ` ORDER BY m, n`,
		`INSERT INTO steps (flow_id, visit_id, at, rule_id, faulty) SELECT 1, CASE WHEN n % 10 > 0 THEN m * 3000 + n ELSE 0 END, ` + at + `, 'rule' || n % 5, n % 500 = 0` + each,
		`INSERT INTO responses (wamid, delivery_id, flow_id, state, received_at) SELECT m || '.' || n, n, 1, 'complete', ` + at + each,
		`INSERT INTO answers (response_id, flow_id, key, text, number, received_at) SELECT m * 3000 + n, 1, 'age', n % 100, n % 100, ` + at + each,
		`ANALYZE visits, responses`,
	}
	// Nobody analyses the tables themselves: PostgreSQL's own autovacuum does that with partitions only.
	for _, month := range months {
		texts = append(texts, strings.ReplaceAll(`ANALYZE deliveries_M, steps_M, answers_M`, "M", month))
	}
	for _, text := range texts {
		if _, err := m.writer().ExecContext(t.Context(), text); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
	}
	return m
}

// scans are how often a table's partitions up to this month, or the table itself, were read through and by an index.
type scans struct{ through, months, index int64 }

func (m *monthly) stats(t *testing.T, table string) map[string][2]int64 {
	t.Helper()
	rows, err := m.reader().QueryContext(t.Context(), `SELECT relname, coalesce(seq_scan, 0), coalesce(idx_scan, 0) FROM pg_stat_user_tables
		WHERE relname = ? OR relname LIKE ? || '\_20%' AND relname <= ? || '_2026_11'`, table, table, table)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	all := map[string][2]int64{}
	for rows.Next() {
		var name string
		var n [2]int64
		if err := rows.Scan(&name, &n[0], &n[1]); err != nil {
			t.Fatal(err)
		}
		all[name] = n
	}
	return all
}

// scanned runs do in a process of its own, which tells PostgreSQL what it read when it ends.
func (m *monthly) scanned(t *testing.T, table string, do func(*monthly) error) scans {
	t.Helper()
	before := m.stats(t, table)
	p := m.process(t)
	if err := do(p); err != nil {
		t.Error(err)
	}
	p.Close()
	var s scans
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		after := m.stats(t, table)
		last := s
		s = scans{}
		for name, n := range after {
			s.through += n[0] - before[name][0]
			s.index += n[1] - before[name][1]
			if n != before[name] {
				s.months++
			}
		}
		if s == last && s.months > 0 {
			break
		}
	}
	return s
}

func TestOnPostgresQueriesReadFewMonthsOrByIndex(t *testing.T) {
	m := history(t)
	t.Run("a step that may be there", m.stepsAreLookedFor)
	ctx := context.Background()
	day := Time{m.Now().AddDate(0, 0, -7)}
	visit := figure(t, m.reader(), `SELECT id FROM visits WHERE token = '21.1501'`) // of September
	place := func(id int64) (at Time) {
		if err := m.reader().QueryRow(`SELECT received_at FROM deliveries WHERE id = ?`, id).Scan(&at); err != nil {
			t.Fatal(err)
		}
		return at
	}
	again := StepRecord{Visit: Visit{FlowID: 1, Token: "again", Run: 1, StartedAt: day, LastAt: day, Steps: 1}, Step: Step{FlowID: 1, At: day}, Again: true}
	tokenless := StepRecord{Step: Step{FlowID: 1, At: day}, Again: true}
	sent := []Delivery{{Source: "meta", ReceivedAt: Time{m.Now()}, Body: []byte("sent twice")}}
	pending := figure(t, m.reader(), `SELECT max(id) FROM deliveries WHERE state = 'pending'`)
	for _, c := range []struct {
		name, table string
		months      int64 // at most
		do          func(*monthly) error
	}{
		{"ClaimDeliveries", "deliveries", 24, func(p *monthly) error { _, err := p.ClaimDeliveries(ctx, 10); return err }},
		{"PendingDeliveries", "deliveries", 24, func(p *monthly) error { _, err := p.PendingDeliveries(ctx, 10); return err }},
		{"Delivery", "deliveries", 24, func(p *monthly) error { _, err := p.Delivery(ctx, 30000); return err }},
		{"UnmatchedDeliveries", "deliveries", 24, func(p *monthly) error { _, err := p.UnmatchedDeliveries(ctx, 0, 20); return err }},
		{"DeliveryCounts", "deliveries", 24, func(p *monthly) error { _, _, err := p.DeliveryCounts(ctx); return err }},
		{"TrayCounts", "deliveries", 24, func(p *monthly) error { _, err := p.TrayCounts(ctx); return err }},
		{"ApplyDeliveries", "deliveries", 1, func(p *monthly) error {
			return p.ApplyDeliveries(ctx, []Decoded{{ID: pending, ReceivedAt: place(pending)}})
		}},
		{"StoreDeliveries of a repeat", "deliveries", 24, func(p *monthly) error {
			if err := p.StoreDeliveries(ctx, sent); err != nil {
				return err
			}
			return p.StoreDeliveries(ctx, sent)
		}},
		{"VisitSteps", "steps", 3, func(p *monthly) error {
			steps, err := p.VisitSteps(ctx, visit)
			if err == nil && len(steps) != 1 {
				err = fmt.Errorf("VisitSteps = %d steps; want 1", len(steps))
			}
			return err
		}},
		{"Faults", "steps", 24, func(p *monthly) error { _, err := p.Faults(ctx, 1, 20); return err }},
		{"FaultsBetween", "steps", 1, func(p *monthly) error {
			_, err := p.FaultsBetween(ctx, 1, m.Now().Add(-time.Hour), m.Now())
			return err
		}},
		{"SlowSteps", "steps", 1, func(p *monthly) error { _, err := p.SlowSteps(ctx, 1, m.Now().Add(-time.Hour), m.Now()); return err }},
		{"SlowRules", "steps", 1, func(p *monthly) error { _, err := p.SlowRules(ctx, 1, m.Now().Add(-time.Hour), m.Now()); return err }},
		{"Transitions", "steps", 1, func(p *monthly) error { _, err := p.Transitions(ctx, 1, m.Now().Add(-time.Hour), m.Now()); return err }},
		{"RuleHits", "steps", 1, func(p *monthly) error { _, err := p.RuleHits(ctx, 1, Time{m.Now().Add(-5 * time.Hour)}); return err }},
		{"FixedHits", "steps", 1, func(p *monthly) error { _, err := p.FixedHits(ctx, 1, Time{m.Now().Add(-5 * time.Hour)}); return err }},
		{"Tokenless", "steps", 1, func(p *monthly) error { _, err := p.Tokenless(ctx, 1, day); return err }},
		{"RecordSteps again", "steps", 1, func(p *monthly) error { return p.RecordSteps(ctx, []StepRecord{again, tokenless}) }},
		{"ResponsesPerDay", "responses", 1, func(p *monthly) error { _, err := p.ResponsesPerDay(ctx, 0, 30, time.UTC); return err }},
		{"FlowsToday", "responses", 1, func(p *monthly) error { _, err := p.FlowsToday(ctx, time.UTC); return err }},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := m.scanned(t, c.table, c.do)
			bad := func() bool { return got.through > 0 || got.months > c.months || got.index == 0 }
			for n := 0; n < 3 && bad(); n++ { // PostgreSQL may count late what the case before did
				time.Sleep(time.Second)
				got = m.scanned(t, c.table, c.do)
			}
			if bad() {
				t.Errorf("%s reads %d of %s, %d of them through; want at most %d, all by an index", c.name, got.months, c.table, got.through, c.months)
			}
		})
	}
}

// stepsAreLookedFor by their visit or flow: a primary key begins with the id, so to look for a time in it is to read all of it.
func (m *monthly) stepsAreLookedFor(t *testing.T) {
	var c stepRows
	for _, visit := range []int64{5, 0} {
		if err := c.add(stepRow{FlowID: 1, VisitID: visit, At: Time{m.Now()}}, true); err != nil {
			t.Fatal(err)
		}
	}
	rows, err := m.writer().QueryContext(t.Context(), `EXPLAIN (COSTS OFF) `+postgresPutSteps, c.args()...)
	lines, err := collect(rows, err, func(line *string, s scanner) error { return s.Scan(line) })
	if err != nil {
		t.Fatal(err)
	}
	plan := strings.Join(lines, "\n")
	if strings.Contains(plan, "_pkey") || strings.Contains(plan, "Seq Scan on") || strings.Count(plan, "steps_2026_11_visit_id_id_idx") != 1 || strings.Count(plan, "steps_2026_11_flow_id_at_idx") != 1 {
		t.Errorf("a step that may be there is looked for so:\n%s\nwant by the index of visits, or by that of requests without a token", plan)
	}
}

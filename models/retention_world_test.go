package models_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"switchyard/models"
	"switchyard/models/modelstest"
)

// A world is every row of a database, by table.
type world map[string][]row

type row map[string]any

func (r row) n(column string) int64 {
	n, _ := r[column].(int64)
	return n
}

// unread are tables that a run writes itself, and those that cannot be read.
var unread = []string{"retentions", "retention_runs", "removed_marks", "audit", "responses_search", "contacts_search"}

// readWorld reads all tables.
func readWorld(t *testing.T, db *modelstest.DB) world {
	t.Helper()
	p := modelstest.SQL(t, db.URL)
	defer p.Close()
	w := world{}
	for _, table := range tables(t, db) {
		if slices.Contains(unread, table) {
			continue
		}
		rows, err := p.Query(`SELECT * FROM "` + table + `"`)
		check(t, err)
		columns, err := rows.Columns()
		check(t, err)
		for rows.Next() {
			values, to := make([]any, len(columns)), make([]any, len(columns))
			for i := range values {
				to[i] = &values[i]
			}
			check(t, rows.Scan(to...))
			r := row{}
			for i, c := range columns {
				r[c] = values[i]
			}
			w[table] = append(w[table], r)
		}
		check(t, rows.Err())
		rows.Close()
	}
	return w
}

// saidOf is each row as one text, in order.
func saidOf(rows []row) []string {
	var all []string
	for _, r := range rows {
		all = append(all, fmt.Sprint(map[string]any(r))) // by column
	}
	slices.Sort(all)
	return all
}

func (w world) ids(table, column string) map[int64]bool {
	all := map[int64]bool{}
	for _, r := range w[table] {
		all[r.n(column)] = true
	}
	return all
}

// without is what must be left when flows keep for so long: the rule in its slowest form.
func (w world) without(now time.Time, days map[int64]int) world {
	left := world{}
	keep := func(table string, stays func(r row) bool) {
		left[table] = nil
		for _, r := range w[table] {
			if stays(r) {
				left[table] = append(left[table], r)
			}
		}
	}
	old := func(r row, column string) bool {
		d := days[r.n("flow_id")]
		return d > 0 && r.n(column) < now.AddDate(0, 0, -d).UnixMicro()
	}
	for table := range w {
		left[table] = w[table]
	}
	wamids := map[any]bool{}
	keep("responses", func(r row) bool {
		wamids[r["wamid"]] = old(r, "received_at")
		return !old(r, "received_at")
	})
	responses, visited := left.ids("responses", "id"), left.ids("responses", "visit_id")
	keep("visits", func(r row) bool { return !old(r, "last_at") || visited[r.n("id")] })
	visits := left.ids("visits", "id")
	for _, table := range []string{"answers", "response_notes", "response_tags", "response_looks", "mentions", "triage_changes"} {
		keep(table, func(r row) bool { return responses[r.n("response_id")] })
	}
	acted, acts := w.ids("triage_changes", "act_id"), left.ids("triage_changes", "act_id")
	keep("triage_acts", func(r row) bool { return acts[r.n("id")] || !acted[r.n("id")] })
	keep("steps", func(r row) bool {
		return visits[r.n("visit_id")] || r.n("visit_id") == 0 && !old(r, "at")
	})
	keep("files", func(r row) bool {
		if r.n("response_id")+r.n("visit_id") == 0 {
			return !old(r, "at")
		}
		return (r.n("response_id") == 0 || responses[r.n("response_id")]) && (r.n("visit_id") == 0 || visits[r.n("visit_id")])
	})
	for _, table := range []string{"messages", "statuses"} {
		keep(table, func(r row) bool { return !wamids[r["wamid"]] })
	}
	said := left.ids("messages", "contact_id")
	keep("contacts", func(r row) bool { return said[r.n("id")] })
	return left
}

// fillRandomly makes three flows with what customers leave in them during 200 days, and what people made of it.
func fillRandomly(t *testing.T, db *modelstest.DB, n int) (flows []models.Flow) {
	t.Helper()
	random := rand.New(rand.NewPCG(7, uint64(n)))
	ada, err := db.CreateUser(t.Context(), models.User{Email: "ada@example.com", Name: "Ada", Role: models.Support}, "correct horse battery", models.By{})
	check(t, err)
	for _, slug := range []string{"claim", "booking", "survey"} {
		flows = append(flows, db.NewFlow(slug))
	}
	var made []int64
	for i := range n {
		flow := flows[random.IntN(3)]
		received := models.Time{Time: db.Now().Add(-time.Duration(random.Int64N(int64(200 * 24 * time.Hour)))).Truncate(time.Second)}
		token := fmt.Sprintf("%s.v%d", flow.Slug, i)
		file := attached(byte(i))
		file.CDNID = fmt.Sprint("cdn-", i)
		if random.IntN(2) == 0 {
			v := models.Visit{FlowID: flow.ID, Token: token, Run: 1, StartedAt: models.Time{Time: received.Add(-time.Hour)}, LastAt: received, Outcome: models.VisitOpen, Steps: 1}
			step := models.StepRecord{Visit: v, Step: models.Step{FlowID: flow.ID, At: received, Action: "data_exchange", Status: 200, Data: []byte(`{"a":1}`)}}
			if i%5 == 0 {
				step.Files = []models.InFile{file}
			}
			check(t, db.RecordSteps(t.Context(), []models.StepRecord{step}))
		}
		if random.IntN(4) == 0 {
			step := models.StepRecord{Step: models.Step{FlowID: flow.ID, At: received, Action: "INIT", Status: 200}, Visit: models.Visit{FlowID: flow.ID}}
			if i%3 == 0 {
				step.Files = []models.InFile{file}
			}
			check(t, db.RecordSteps(t.Context(), []models.StepRecord{step}))
		}
		if random.IntN(4) == 0 {
			continue // nobody finished it
		}
		b := db.NewResponse().Token(token).ReceivedAt(models.Time{Time: received.Add(time.Duration(random.IntN(3)-1) * 24 * time.Hour)}).
			Answer("note", fmt.Sprint("answer ", i)).Answer("n", i).Contact(fmt.Sprint(447700900000+random.IntN(n/2)), "Somebody")
		if i%7 == 0 {
			b = b.File(inResponse(byte(100 + i)))
		}
		r := b.Save()
		made = append(made, r.ID)
		if random.IntN(3) == 0 {
			_, _, err := db.AddNote(t.Context(), r.ID, "Called back. @Ada", by(ada))
			check(t, err)
			check(t, db.LookAt(t.Context(), r, by(ada), true))
			_, err = db.Triage(t.Context(), []int64{r.ID}, models.TriageChange{What: models.SetStatus, Value: models.StatusDone}, by(ada))
			check(t, err)
		}
	}
	_, err = db.Triage(t.Context(), made[:min(len(made), 40)], models.TriageChange{What: models.AddTag, Value: "many"}, by(ada))
	check(t, err)
	return flows
}

// sameWorld tells of each table in which rows differ.
func sameWorld(t *testing.T, got, want world) {
	t.Helper()
	for table := range want {
		g, w := saidOf(got[table]), saidOf(want[table])
		if slices.Equal(g, w) {
			continue
		}
		extra := slices.DeleteFunc(slices.Clone(g), func(s string) bool { return slices.Contains(w, s) })
		lost := slices.DeleteFunc(slices.Clone(w), func(s string) bool { return slices.Contains(g, s) })
		t.Errorf("%s: %d rows, want %d\ntoo many: %s\nlost: %s", table, len(g), len(w), strings.Join(extra[:min(3, len(extra))], "\n"), strings.Join(lost[:min(3, len(lost))], "\n"))
	}
}

package models_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"switchyard/models"
	"switchyard/models/modelstest"
)

// manyVisits are of two flows, with each outcome, on three screens, within three hours before now.
func manyVisits(t *testing.T, db *modelstest.DB, n int) (all []models.Visit) {
	t.Helper()
	r := rand.New(rand.NewPCG(1, 2))
	start := db.Now().Add(-3 * time.Hour)
	var records []models.StepRecord
	for i := range n {
		began := start.Add(time.Duration(r.IntN(10_000)) * time.Second)
		last := began.Add(time.Duration(r.IntN(1800)) * time.Second)
		v := models.Visit{FlowID: 1 + r.Int64N(2), Token: fmt.Sprint("t", i), Run: 1, StartedAt: models.Time{Time: began}, LastAt: models.Time{Time: last}, Steps: 1,
			Screen: fmt.Sprint("S", r.IntN(3)), Outcome: []models.Outcome{models.VisitOpen, models.VisitOpen, models.VisitFinished, models.VisitExpired}[r.IntN(4)]}
		step := models.Step{FlowID: v.FlowID, At: v.LastAt, Action: "INIT", Status: 200, Micros: int64(i + 1)}
		if v.Test = r.IntN(5) == 0; v.Test {
			v.Token, step.Test = models.TestToken+v.Token, true
		}
		if v.Faulty = r.IntN(4) == 0; v.Faulty {
			step.Faults = []string{"something"}
		}
		records = append(records, models.StepRecord{Visit: v, Step: step})
		all = append(all, v)
	}
	recordSteps(t, db, records...)
	for i := range all {
		v, err := db.NewestVisit(t.Context(), all[i].FlowID, all[i].Token)
		if err != nil || v.Faulty != all[i].Faulty {
			t.Fatalf("NewestVisit(%s) = faulty %t, %v; want %t", all[i].Token, v.Faulty, err, all[i].Faulty)
		}
		all[i].ID = v.ID
	}
	slices.SortFunc(all, func(a, b models.Visit) int {
		if c := b.StartedAt.Compare(a.StartedAt.Time); c != 0 {
			return c
		}
		return int(b.ID - a.ID)
	})
	return all
}

// matches says the filter once more.
func matches(f models.VisitFilter, v models.Visit, now time.Time) bool {
	outcome := v.Outcome == f.Outcome || f.Outcome == "" || f.Outcome == models.VisitAbandoned && v.OutcomeAt(now) == models.VisitAbandoned
	return outcome && (f.FlowID == 0 || v.FlowID == f.FlowID) && (f.Screen == "" || v.Screen == f.Screen) && (f.From.IsZero() || !v.StartedAt.Before(f.From)) &&
		(f.To.IsZero() || v.StartedAt.Before(f.To)) && (!f.Faulty || v.Faulty) && (f.Tests || !v.Test)
}

func ids(visits []models.Visit) (ids []int64) {
	for _, v := range visits {
		ids = append(ids, v.ID)
	}
	return ids
}

func TestEachCombinationOfFiltersFindsItsVisits(t *testing.T) {
	db, ctx := modelstest.Open(t), t.Context()
	all := manyVisits(t, db, 400)
	middle := db.Now().Add(-2 * time.Hour)
	found := 0
	for _, flow := range []int64{0, 1} {
		for _, outcome := range []models.Outcome{"", models.VisitOpen, models.VisitAbandoned, models.VisitFinished, models.VisitExpired} {
			for bits := range 32 {
				f := models.VisitFilter{FlowID: flow, Outcome: outcome, Faulty: bits&1 > 0, Tests: bits&2 > 0, Limit: 1000}
				if bits&4 > 0 {
					f.Screen, f.FlowID = "S1", 2
				}
				if bits&8 > 0 {
					f.From = middle
				}
				if bits&16 > 0 {
					f.To = middle.Add(90 * time.Minute)
				}
				want := ids(slices.DeleteFunc(slices.Clone(all), func(v models.Visit) bool { return !matches(f, v, db.Now()) }))
				page, err := db.Visits(ctx, f)
				if err != nil || !slices.Equal(ids(page.Rows), want) {
					t.Fatalf("Visits(%+v) = %v, %v\nwant %v", f, ids(page.Rows), err, want)
				}
				if n, err := db.CountVisits(ctx, f); err != nil || n != len(want) {
					t.Fatalf("CountVisits(%+v) = %d, %v; want %d", f, n, err, len(want))
				}
				found += len(want)
			}
		}
	}
	if found < 5000 {
		t.Errorf("the filters found %d visits in all; the sample says too little", found)
	}
}

func TestAFilterIsPagedBothWaysAndVisitByVisit(t *testing.T) {
	db, ctx := modelstest.Open(t), t.Context()
	manyVisits(t, db, 200)
	f := models.VisitFilter{FlowID: 1, Outcome: models.VisitOpen, Limit: 7}
	whole, err := db.Visits(ctx, models.VisitFilter{FlowID: 1, Outcome: models.VisitOpen, Limit: 500})
	if err != nil || len(whole.Rows) < 20 {
		t.Fatalf("Visits = %d, %v; want at least 20", len(whole.Rows), err)
	}
	var down, up []int64
	page, err := db.Visits(ctx, f)
	for ; err == nil; page, err = db.Visits(ctx, f) {
		down = append(down, ids(page.Rows)...)
		if f.Before = page.Older; page.Older == 0 {
			break
		}
	}
	for ; err == nil; page, err = db.Visits(ctx, f) {
		up = append(ids(page.Rows), up...)
		if f.Before, f.After = 0, page.Newer; page.Newer == 0 {
			break
		}
	}
	if want := ids(whole.Rows); err != nil || !slices.Equal(down, want) || !slices.Equal(up, want) {
		t.Errorf("paged down %v\nand up     %v, %v\nwant       %v", down, up, err, want)
	}
	for i, v := range whole.Rows {
		newer, older, err := db.VisitsBeside(ctx, f, v)
		wantNewer, wantOlder := int64(0), int64(0)
		if i > 0 {
			wantNewer = whole.Rows[i-1].ID
		}
		if i < len(whole.Rows)-1 {
			wantOlder = whole.Rows[i+1].ID
		}
		if err != nil || newer != wantNewer || older != wantOlder {
			t.Fatalf("VisitsBeside(%d) = %d, %d, %v; want %d, %d", v.ID, newer, older, err, wantNewer, wantOlder)
		}
	}
}

func TestVisitsAreFoundByTheirContactAndToken(t *testing.T) {
	db, ctx := modelstest.Open(t), t.Context()
	f := db.NewFlow("booking")
	for i, name := range []string{"Ada Lovelace", "João Silva", "Ada Lovelace"} {
		token := fmt.Sprintf("booking.%d", i)
		db.NewVisit(f, token, func(v *models.Visit) { v.Outcome = models.VisitFinished })
		db.NewVisit(f, token, func(v *models.Visit) { v.Run = 2 })
		db.NewResponse().Token(token).Contact(fmt.Sprint("44770090010", i%2), name).Save()
	}
	db.NewVisit(f, "booking.nobody")
	for _, c := range []struct {
		what  string
		f     models.VisitFilter
		token []string
	}{
		{"a name, both runs", models.VisitFilter{Name: "joao"}, []string{"booking.1", "booking.1"}},
		{"a name of several", models.VisitFilter{Name: "LOVE ada", FlowID: f.ID}, []string{"booking.2", "booking.2", "booking.0", "booking.0"}},
		{"a name and an outcome", models.VisitFilter{Name: "ada", Outcome: models.VisitFinished, Limit: 1}, []string{"booking.2"}},
		{"a name that nobody has", models.VisitFilter{Name: "grace"}, nil},
		{"no number", models.VisitFilter{Name: "447700900101"}, nil},
		{"another flow", models.VisitFilter{Name: "joao", FlowID: f.ID + 1}, nil},
	} {
		page, err := db.Visits(ctx, c.f)
		var tokens []string
		for _, v := range page.Rows {
			tokens = append(tokens, v.Token)
		}
		if err != nil || !slices.Equal(tokens, c.token) {
			t.Errorf("%s: Visits = %v, %v; want %v", c.what, tokens, err, c.token)
		}
	}
	people, err := db.ContactsByPhone(ctx, "+44 7700 900101")
	if err != nil || len(people) != 1 {
		t.Fatalf("ContactsByPhone = %v, %v; want one", people, err)
	}
	page, err := db.Visits(ctx, models.VisitFilter{Contacts: people})
	if err != nil || len(page.Rows) != 2 || page.Rows[0].Token != "booking.1" {
		t.Fatalf("Visits of %v = %+v, %v; want both of João's", people, page, err)
	}
	who, err := db.VisitContacts(ctx, page.Rows)
	if err != nil || len(who) != 1 {
		t.Errorf("VisitContacts = %v, %v; want João's of the run that ended", who, err)
	}
	for token, want := range map[string]int{"booking.0": 2, "booking.nobody": 1, "": 0, "unused": 0, "booking.9": 0} {
		if rows, err := db.VisitsByToken(ctx, token); err != nil || len(rows) != want {
			t.Errorf("VisitsByToken(%q) = %d, %v; want %d", token, len(rows), err, want)
		}
	}
	if runs, err := db.VisitRuns(ctx, page.Rows[1]); err != nil || len(runs) != 2 || runs[0].Run != 2 {
		t.Errorf("VisitRuns = %+v, %v; want runs 2 and 1", runs, err)
	}
	var ended models.Visit
	for _, v := range page.Rows {
		if _, ok := who[v.ID]; ok {
			ended = v
		}
	}
	if rs, err := db.VisitResponses(ctx, ended.ID); err != nil || len(rs) != 1 || rs[0].Contact.Name != "João Silva" {
		t.Errorf("VisitResponses = %+v, %v; want João's", rs, err)
	}
}

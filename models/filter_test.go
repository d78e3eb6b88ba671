package models_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"switchyard/models"
	"switchyard/models/modelstest"
)

// reference is the slow and plain reading of a filter.
func reference(all []models.Response, f models.ResponseFilter) []int64 {
	var ids []int64
	for _, r := range all {
		if f.FlowID != 0 && r.FlowID != f.FlowID || f.State != "" && r.State != f.State || !f.Tests && r.Test ||
			!f.From.IsZero() && r.ReceivedAt.Before(f.From) || !f.To.IsZero() && !r.ReceivedAt.Before(f.To) || f.UpTo != 0 && r.ID > f.UpTo {
			continue
		}
		hay := strings.ToLower(strings.Join([]string{r.Contact.Phone, r.Contact.Name, r.Token, fmt.Sprint(r.Answers)}, "\n"))
		hay = strings.NewReplacer("ã", "a", "é", "e", "ç", "c", "í", "i").Replace(hay)
		if slices.ContainsFunc(strings.Fields(f.Text), func(w string) bool { return !strings.Contains(hay, w) }) {
			continue
		}
		ids = append(ids, r.ID)
	}
	return ids
}

// manyResponses fills a database at random and returns all, newest first.
func manyResponses(t *testing.T, db *modelstest.DB, random *rand.Rand, n int) ([]models.Flow, []models.Response) {
	t.Helper()
	flows := []models.Flow{db.NewFlow("appointment"), db.NewFlow("claim")}
	names := []string{"João Conceição", "José 100% sure", "Ada_Lovelace", "Élodie"}
	for i := range n {
		at := models.Time{Time: modelstest.Start.Add(-time.Duration(random.IntN(50)) * time.Hour)}
		d := db.Store(models.Delivery{ReceivedAt: at, Test: random.IntN(6) == 0, Body: fmt.Append(nil, i)})
		m := models.InMessage{WAMID: fmt.Sprint("wamid.", i), At: at, Contact: models.InContact{Phone: fmt.Sprint(447700900100 + random.IntN(9))}}
		m.Contact.Name = names[m.Contact.Phone[11]%4]
		m.Flow = &models.InResponse{Token: []string{"appointment.", "claim.", "other."}[random.IntN(3)] + fmt.Sprint(i),
			Answers: map[string]any{"colour": []string{"vermelho", "Açaí", "back\\slash"}[random.IntN(3)], "age": json.Number(fmt.Sprint(random.IntN(90)))}}
		if random.IntN(8) == 0 {
			m.Flow = &models.InResponse{Raw: "{", Reason: "no JSON"}
		}
		apply(t, db, models.Decoded{ID: d.ID, Messages: []models.InMessage{m}})
	}
	var all []models.Response
	for r, err := range db.EachResponse(t.Context(), models.ResponseFilter{Tests: true}) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, r)
	}
	if len(all) != n || !slices.IsSortedFunc(all, func(a, b models.Response) int {
		return -compareKeys(a, b)
	}) {
		t.Fatalf("EachResponse gave %d; want %d, newest first", len(all), n)
	}
	return flows, all
}

func compareKeys(a, b models.Response) int {
	if c := a.ReceivedAt.Compare(b.ReceivedAt.Time); c != 0 {
		return c
	}
	return int(a.ID - b.ID)
}

func randomFilter(random *rand.Rand, flows []models.Flow) models.ResponseFilter {
	var f models.ResponseFilter
	if random.IntN(2) == 0 {
		f.FlowID = flows[random.IntN(2)].ID
	}
	if random.IntN(3) == 0 {
		f.State = []models.ResponseState{models.Complete, models.Unreadable, models.UnmatchedResponse}[random.IntN(3)]
	}
	if random.IntN(3) == 0 {
		f.From = modelstest.Start.Add(-time.Duration(random.IntN(50)) * time.Hour)
	}
	if random.IntN(3) == 0 {
		f.To = modelstest.Start.Add(-time.Duration(random.IntN(40)) * time.Hour)
	}
	if random.IntN(2) == 0 {
		f.Text = []string{"joao", "conceicao jo", "100%", "a_l", "acai", `k\s`, "vermelho claim", "4477009001", "nothing"}[random.IntN(9)]
	}
	f.Tests = random.IntN(2) == 0
	return f
}

func TestFiltersAndPagesAgreeWithASlowReading(t *testing.T) {
	db := modelstest.Open(t)
	random := rand.New(rand.NewPCG(3, 4))
	flows, all := manyResponses(t, db, random, 200)
	for range 100 {
		f := randomFilter(random, flows)
		want := reference(all, f)
		if n, err := db.CountResponses(t.Context(), f); err != nil || n != len(want) {
			t.Fatalf("CountResponses(%+v) = %d, %v; want %d", f, n, err, len(want))
		}
		f.Limit = 1 + random.IntN(40)
		if got := pagesForth(t, db, f); !slices.Equal(got, want) {
			t.Fatalf("pages of %+v = %v; want %v", f, got, want)
		}
		if got := pagesBack(t, db, f, want); !slices.Equal(got, want) {
			t.Fatalf("pages back of %+v = %v; want %v", f, got, want)
		}
		f.UpTo, f.Ascending = all[random.IntN(len(all))].ID, random.IntN(2) == 0
		want = reference(all, f)
		if f.Ascending {
			slices.Reverse(want)
		}
		var got []int64
		for r, err := range db.EachResponse(t.Context(), f) {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, r.ID)
		}
		if !slices.Equal(got, want) {
			t.Fatalf("EachResponse(%+v) = %v; want %v", f, got, want)
		}
	}
}

func TestASearchIsBounded(t *testing.T) {
	db := modelstest.Open(t)
	for _, text := range []string{strings.Repeat("a ", 21), strings.Repeat("x", 501), strings.Repeat("x", 1<<20)} {
		var invalid *models.Invalid
		if _, err := db.Responses(t.Context(), models.ResponseFilter{Text: text}); !errors.As(err, &invalid) || invalid.Field != "text" {
			t.Errorf("Responses(%d bytes of text) = %v; want Invalid", len(text), err)
		}
	}
	if _, err := db.Responses(t.Context(), models.ResponseFilter{Text: strings.Repeat("%", 500)}); err != nil {
		t.Errorf("Responses(500 bytes of text) = %v", err)
	}
}

func page(t *testing.T, db *modelstest.DB, f models.ResponseFilter) models.ResponsePage {
	t.Helper()
	p, err := db.Responses(t.Context(), f)
	if err != nil {
		t.Fatalf("Responses(%+v) = %v", f, err)
	}
	if len(p.Rows) > f.Limit {
		t.Fatalf("Responses(%+v) = %d rows", f, len(p.Rows))
	}
	return p
}

func pagesForth(t *testing.T, db *modelstest.DB, f models.ResponseFilter) (ids []int64) {
	t.Helper()
	for {
		p := page(t, db, f)
		if newer := p.Newer != 0; newer != (f.Before != 0 && len(p.Rows) > 0) {
			t.Fatalf("Responses(%+v).Newer = %d", f, p.Newer)
		}
		for _, r := range p.Rows {
			ids = append(ids, r.ID)
		}
		if p.Older == 0 {
			return ids
		}
		f.Before = p.Older
	}
}

// pagesBack goes back from the oldest of all.
func pagesBack(t *testing.T, db *modelstest.DB, f models.ResponseFilter, all []int64) (ids []int64) {
	t.Helper()
	if len(all) == 0 {
		return nil
	}
	f.After = all[len(all)-1]
	ids = []int64{f.After}
	for {
		p := page(t, db, f)
		if older := p.Older != 0; older != (len(p.Rows) > 0) {
			t.Fatalf("Responses(%+v).Older = %d", f, p.Older)
		}
		for _, r := range slices.Backward(p.Rows) {
			ids = append(ids, r.ID)
		}
		if p.Newer == 0 {
			slices.Reverse(ids)
			return ids
		}
		f.After = p.Newer
	}
}

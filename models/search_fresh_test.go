package models_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"switchyard/models"
	"switchyard/models/modelstest"
)

// manyBeside fills a database with responses that no search of these tests means, so that searches ask the index.
func manyBeside(t *testing.T, db *modelstest.DB) {
	t.Helper()
	d := db.Store(models.Delivery{ReceivedAt: models.Time{Time: modelstest.Start.Add(time.Hour)}})
	many := models.Decoded{ID: d.ID}
	for i := range 1100 {
		many.Messages = append(many.Messages, models.InMessage{WAMID: fmt.Sprint("wamid.beside", i), Type: "interactive", At: d.ReceivedAt,
			Contact: models.InContact{Phone: "15559999", Name: "Nobody"}, Body: []byte(`{}`), Flow: &models.InResponse{Token: "t", Raw: "{}", Answers: map[string]any{}}})
	}
	apply(t, db, many)
}

// finds fails unless a search finds exactly these, by page, count and export alike.
func finds(t *testing.T, db *modelstest.DB, f models.ResponseFilter, want ...int64) {
	t.Helper()
	p, err := db.Responses(t.Context(), f)
	var got []int64
	for _, r := range slices.Backward(p.Rows) {
		got = append(got, r.ID)
	}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("Responses(%q, names %v) = %v, %v; want %v", f.Text, f.NamesOnly, got, err, want)
	}
	if n, err := db.CountResponses(t.Context(), f); err != nil || n != len(want) {
		t.Errorf("CountResponses(%q, names %v) = %d, %v; want %d", f.Text, f.NamesOnly, n, err, len(want))
	}
	got = nil
	f.Ascending = true
	for r, err := range db.EachResponse(t.Context(), f) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, r.ID)
	}
	if !slices.Equal(got, want) {
		t.Errorf("EachResponse(%q, names %v) = %v; want %v", f.Text, f.NamesOnly, got, want)
	}
}

func TestTheSearchIndexFollowsWhatChanges(t *testing.T) {
	db := modelstest.Open(t)
	manyBeside(t, db)
	a := db.NewResponse().Contact("15550001", "Old Name").Token("later.1").Answer("dish", "Crème brûlée").Save()
	for _, names := range []bool{false, true} {
		finds(t, db, models.ResponseFilter{Text: "old NÁME", NamesOnly: names}, a.ID)
	}
	finds(t, db, models.ResponseFilter{Text: "creme later 5550001"}, a.ID)
	finds(t, db, models.ResponseFilter{Text: "creme", NamesOnly: true})
	finds(t, db, models.ResponseFilter{Text: "15550001", NamesOnly: true})

	db.Advance(time.Minute)
	b := db.NewResponse().Contact("15550001", "Zoë Straße").Unreadable("{").Save()
	for _, names := range []bool{false, true} {
		finds(t, db, models.ResponseFilter{Text: "old", NamesOnly: names})
		finds(t, db, models.ResponseFilter{Text: "zoe STRASSE", NamesOnly: names}, a.ID, b.ID)
	}

	flow := db.NewFlow("later") // attribution
	if n, err := db.Attribute(t.Context()); err != nil || n != 1 {
		t.Fatalf("Attribute() = %d, %v; want 1", n, err)
	}
	finds(t, db, models.ResponseFilter{Text: "brulee", FlowID: flow.ID}, a.ID)

	// What could not be read is read now: dropped and made again under its id.
	db.Deliver(models.Delivery{}, models.Decoded{Messages: []models.InMessage{{WAMID: b.WAMID, Type: "interactive", At: db.Time(), Body: []byte(`{}`),
		Contact: models.InContact{Phone: "15550001"}, Flow: &models.InResponse{Token: "later.2", Raw: "{}", Answers: map[string]any{"dish": "Açaí"}}}}})
	finds(t, db, models.ResponseFilter{Text: "acai strasse"}, b.ID)
}

func TestTheSearchIndexFollowsTwoContactsThatBecomeOne(t *testing.T) {
	db := modelstest.Open(t)
	manyBeside(t, db)
	tell := func(who models.InContact) {
		db.Advance(time.Minute)
		db.Deliver(models.Delivery{}, models.Decoded{Messages: []models.InMessage{{WAMID: fmt.Sprint("wamid.m", db.Time().Micros()), Type: "text", Contact: who, At: db.Time()}}})
	}
	tell(models.InContact{UserID: "GB.7777", Username: "countess", Name: "Augusta"})
	r := db.NewResponse().Contact("447700900999", "Lovelace").Save()
	finds(t, db, models.ResponseFilter{Text: "countess"})
	tell(models.InContact{UserID: "GB.7777", Phone: "447700900999"})
	for _, text := range []string{"countess", "gb.7777 900999"} {
		finds(t, db, models.ResponseFilter{Text: text}, r.ID)
	}
	finds(t, db, models.ResponseFilter{Text: "countess", NamesOnly: true}, r.ID)

	// One whose number is known to be newer learns nothing from the other row, and still takes its responses.
	old := db.NewResponse().Contact("447700900111", "Byron").ReceivedAt(models.Time{Time: modelstest.Start.Add(-48 * time.Hour)}).Save()
	late := models.Time{Time: db.Now().Add(-time.Hour * 24)}
	db.Deliver(models.Delivery{}, models.Decoded{Messages: []models.InMessage{{WAMID: "wamid.late", Type: "text",
		Contact: models.InContact{UserID: "GB.7777", Phone: "447700900111"}, At: late}}})
	if got := text(t, db, "SELECT phone || ' ' || name FROM contacts WHERE user_id = 'GB.7777'"); got != "447700900999 Lovelace" {
		t.Fatalf("the contact is %q", got)
	}
	finds(t, db, models.ResponseFilter{Text: "countess"}, old.ID, r.ID)
	finds(t, db, models.ResponseFilter{Text: "countess", NamesOnly: true}, old.ID, r.ID)
}

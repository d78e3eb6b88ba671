package models_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"switchyard/models"
	"switchyard/models/modelstest"
)

func TestOnPostgresALoadTellsWhichIndexCouldNotBeMadeAgain(t *testing.T) {
	db := modelstest.OpenAt(t, modelstest.PostgresURL(t))
	flow, raw := db.NewFlow("claim"), modelstest.SQL(t, db.URL)
	defer raw.Close()
	if _, err := raw.Exec(`CREATE INDEX none_of_two ON responses ((1 / (id - 2)))`); err != nil {
		t.Fatal(err)
	}
	var rows []models.Response
	for _, id := range []string{"a", "b"} {
		rows = append(rows, models.Response{WAMID: id, FlowID: flow.ID, State: models.Complete, ReceivedAt: db.Time()})
	}
	err := db.LoadResponses(t.Context(), 1_000_000, slices.Values(rows))
	if err == nil || !strings.Contains(err.Error(), "none_of_two") {
		t.Errorf("LoadResponses = %v; want an error that names the index", err)
	}
	var others int
	if err := raw.QueryRow(`SELECT count(*) FROM pg_indexes WHERE indexname IN ('responses_received', 'responses_weak')`).Scan(&others); err != nil || others != 2 {
		t.Errorf("%d of two indexes beside it, %v; want both", others, err)
	}
}

// delivered are responses as a delivery made them, hostile ones among them.
func delivered(t *testing.T, db *modelstest.DB) (all []models.Response) {
	t.Helper()
	db.NewFlow("claim")
	var d models.Decoded
	for i, text := range []string{
		`{"a":"<b>&","n":1.50,"list":["x","","ÀÉ"],"o":{"k":null,"z":{"y":[1]}},"yes":true}`, `{"o.k":"first","o":{"k":"second"},"zero\u0000":"a\u0000b","fdd0":"\ufdd0\ufdd1"}`, `{}`,
		`{"empty":[],"none":{},"long":"` + strings.Repeat("ü", 400) + `","1e3":"1e3","inf":"Infinity"}`,
	} {
		var answers map[string]any
		decoder := json.NewDecoder(strings.NewReader(text))
		decoder.UseNumber()
		if err := decoder.Decode(&answers); err != nil {
			t.Fatal(err)
		}
		token := fmt.Sprint("claim.", i)
		d.Messages = append(d.Messages, models.InMessage{WAMID: fmt.Sprint("wamid.", i), Type: "interactive", At: db.Time(), ContextID: "wamid.before", PhoneNumber: "15550001",
			Contact: models.InContact{Phone: fmt.Sprint("44770090000", i), Name: "Łukasz \u0301O’Neil"}, Body: []byte(`{}`), Flow: &models.InResponse{Token: token, Raw: text, Answers: answers}})
	}
	d.Messages = append(d.Messages, models.InMessage{WAMID: "wamid.bad", Type: "interactive", At: db.Time(), Contact: models.InContact{Phone: "447700900009"}, Body: []byte(`{}`),
		Flow: &models.InResponse{Raw: "{", Reason: "the answers are no JSON"}})
	db.Deliver(models.Delivery{}, d)
	for r, err := range db.EachResponse(t.Context(), models.ResponseFilter{Ascending: true}) {
		if err == nil {
			var whole models.Response
			if whole, err = db.Response(t.Context(), r.ID); err == nil {
				r.Raw = whole.Raw
			}
		}
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, r)
	}
	return all
}

// stored reads what a table holds of responses, without ids.
func stored(t *testing.T, raw *sql.DB) string {
	t.Helper()
	var text strings.Builder
	for _, query := range []string{
		`SELECT wamid, flow_id, attribution, state, token, context_id, phone_number, sent_at, received_at, reason, visit_id, outcome, test, answers, search, raw, status, assignee_id, unread
			FROM responses ORDER BY wamid`,
		`SELECT r.wamid, a.flow_id, a.key, a.n, a.text, a.number, a.received_at FROM answers a JOIN responses r ON r.id = a.response_id ORDER BY r.wamid, a.key, a.n`,
	} {
		rows, err := raw.Query(query)
		if err != nil {
			t.Fatal(err)
		}
		columns, err := rows.Columns()
		for err == nil && rows.Next() {
			row, into := make([]any, len(columns)), make([]any, len(columns))
			for i := range row {
				into[i] = &row[i]
			}
			err = rows.Scan(into...)
			fmt.Fprintf(&text, "%q\n", row)
		}
		if err = errors.Join(err, rows.Err()); err != nil {
			t.Fatal(err)
		}
	}
	return text.String()
}

func TestLoadedResponsesAreThoseThatDeliveriesMake(t *testing.T) {
	from := modelstest.Open(t)
	all := delivered(t, from)
	one := modelstest.SQL(t, from.URL)
	defer one.Close()
	want := stored(t, one)
	for _, n := range []int{len(all), 1_000_000} { // with its indexes, and without
		to := modelstest.Open(t)
		to.NewFlow("claim")
		contacts := make([]models.Contact, len(all))
		for i, r := range all {
			contacts[i] = r.Contact
		}
		if err := to.LoadContacts(t.Context(), contacts); err != nil {
			t.Fatal(err)
		}
		rows := slices.Clone(all)
		for i := range rows {
			rows[i].Contact = contacts[i]
		}
		if err := to.LoadResponses(t.Context(), n, slices.Values(rows)); err != nil {
			t.Fatalf("LoadResponses(%d) = %v", n, err)
		}
		other := modelstest.SQL(t, to.URL)
		defer other.Close()
		if got := stored(t, other); got != want {
			t.Errorf("LoadResponses(%d) made\n%s\nwant\n%s", n, got, want)
		}
		if page, err := to.Responses(t.Context(), models.ResponseFilter{Text: "second"}); err != nil || len(page.Rows) != 1 {
			t.Errorf("after LoadResponses(%d) a search finds %d, %v; want 1", n, len(page.Rows), err)
		}
		if broken, text := checked(t, to); broken != 0 {
			t.Errorf("after LoadResponses(%d) Check = %s", n, text)
		}
	}
}

func TestALoadThatWasBrokenOffSaysSoAndIsMadeGood(t *testing.T) {
	db := modelstest.Open(t)
	flow := db.NewFlow("claim")
	ctx, stop := context.WithCancel(t.Context())
	err := db.LoadResponses(ctx, 1_000_000, func(yield func(models.Response) bool) {
		for i := 0; yield(models.Response{WAMID: fmt.Sprint(i), FlowID: flow.ID, State: models.Complete, ReceivedAt: db.Time(), Answers: map[string]any{"plan": fmt.Sprint("gold", i)}}); i++ {
			if i%1000 > 0 {
				continue
			}
			if _, err := db.Response(t.Context(), 1); err == nil {
				stop()
			}
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("LoadResponses = %v; want that it was broken off", err)
	}
	if broken, text := checked(t, db); broken == 0 || !strings.Contains(text, "BROKEN Schema: sample data was not loaded to its end") {
		t.Errorf("Check = %s; want that it says so", text)
	}
	for _, want := range []bool{true, false} {
		if again, err := db.FinishLoad(t.Context()); again != want || err != nil {
			t.Errorf("FinishLoad = %v, %v; want %v", again, err, want)
		}
	}
	if page, err := db.Responses(t.Context(), models.ResponseFilter{Text: "gold17"}); err != nil || len(page.Rows) == 0 {
		t.Errorf("a search finds %d, %v; want what had come", len(page.Rows), err)
	}
	if broken, text := checked(t, db); broken != 0 {
		t.Errorf("Check = %s", text)
	}
}

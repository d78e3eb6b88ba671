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

// states are queries whose results must not depend on order or repetition; ids are left out, they do.
var states = []string{
	`SELECT source, received_at, state, reason, kinds FROM deliveries`,
	`SELECT phone, user_id, name, username, saved_name FROM contacts`,
	`SELECT kind, value, until_at, c.phone, c.user_id FROM former_ids f JOIN contacts c ON c.id = f.contact_id`,
	`SELECT wamid, direction, type, history, body, sent_at, status, status_at, c.name, c.phone FROM messages m LEFT JOIN contacts c ON c.id = m.contact_id`,
	`SELECT wamid, state, at, errors, pricing, conversation FROM statuses`,
	`SELECT wamid, flow_id, attribution, r.state, token, c.name, answers, r.search, test FROM responses r JOIN contacts c ON c.id = r.contact_id`,
	`SELECT r.wamid, a.flow_id, key, n, text, number FROM answers a JOIN responses r ON r.id = a.response_id`,
	`SELECT key, meta_id, event, new_status, at FROM flow_events`,
	`SELECT slug, status FROM flows`,
	`SELECT key, meta_id, kind, status, severity, thresholds, since_at, resolved_at FROM alerts`,
	`SELECT e.key, a.key, e.at, e.place FROM alert_events e LEFT JOIN alerts a ON a.id = e.alert_id`,
	`SELECT key, field, at, kind, subject, channel, summary, search FROM account_events`,
}

// stateOf is everything that was remembered, as text.
func stateOf(t *testing.T, db *modelstest.DB) string {
	t.Helper()
	p := modelstest.SQL(t, db.URL)
	defer p.Close()
	var all []string
	for _, query := range states {
		rows, err := p.Query(query)
		if err != nil {
			t.Fatalf("%s: %v", query, err)
		}
		columns, err := rows.Columns()
		if err != nil {
			t.Fatal(err)
		}
		var lines []string
		for rows.Next() {
			values := make([]any, len(columns))
			into := make([]any, len(columns))
			for i := range values {
				into[i] = &values[i]
			}
			if err := rows.Scan(into...); err != nil {
				t.Fatal(err)
			}
			lines = append(lines, fmt.Sprint(values...))
		}
		rows.Close()
		slices.Sort(lines)
		all = append(all, query+"\n"+strings.Join(lines, "\n"))
	}
	return strings.Join(all, "\n\n")
}

// events are deliveries that touch one another: one customer, one message, one alert, one flow.
func events() []models.Decoded {
	at := func(m int) models.Time {
		return models.Time{Time: modelstest.Start.Add(time.Duration(m) * time.Minute)}
	}
	number := func(f float64) *float64 { return &f }
	saved, removed := "João (dentist)", ""
	phone, both := models.InContact{Phone: "5511999990000", Name: "João"}, models.InContact{Phone: "5511999990000", UserID: "BR.1", Name: "João da Silva"}
	alertEvent := func(key, state string, threshold float64, m int) models.Decoded {
		return models.Decoded{Flows: []models.InFlowEvent{{Key: key, MetaID: "691", Event: "ENDPOINT_ERROR_RATE", State: state, At: at(m), Threshold: number(threshold)}}}
	}
	return []models.Decoded{
		{Messages: []models.InMessage{{WAMID: "wamid.1", Type: "interactive", Contact: phone, At: at(1),
			Flow: &models.InResponse{Raw: `{}`, Token: "claim.1", Answers: map[string]any{"kind": "fire"}}}}},
		{Messages: []models.InMessage{{WAMID: "wamid.2", Type: "text", Contact: both, At: at(2)}}},
		{Messages: []models.InMessage{{WAMID: "wamid.3", Type: "interactive", Contact: models.InContact{UserID: "BR.1", Username: "joao"}, At: at(3),
			Flow: &models.InResponse{Raw: `{`, Reason: "no JSON"}}}},
		{Statuses: []models.InStatus{{WAMID: "wamid.9", State: "sent", Contact: phone, At: at(1)}, {WAMID: "wamid.9", State: "failed", At: at(1)}}},
		{Statuses: []models.InStatus{{WAMID: "wamid.9", State: "delivered", Contact: phone, At: at(1)}}},
		{Statuses: []models.InStatus{{WAMID: "wamid.9", State: "read", Contact: phone, At: at(1)}}},
		{Flows: []models.InFlowEvent{{Key: "s1", MetaID: "691", Event: "FLOW_STATUS_CHANGE", NewStatus: "DRAFT", At: at(1)}}},
		{Flows: []models.InFlowEvent{{Key: "s2", MetaID: "691", Event: "FLOW_STATUS_CHANGE", OldStatus: "DRAFT", NewStatus: "PUBLISHED", At: at(1)}}},
		alertEvent("a1", "ACTIVATED", 10, 1), alertEvent("a2", "ACTIVATED", 50, 2), alertEvent("a3", "DEACTIVATED", 10, 3),
		alertEvent("a4", "ACTIVATED", 5, 4), alertEvent("a5", "DEACTIVATED", 5, 4), alertEvent("a6", "ACTIVATED", 50, 6),
		// 360dialog's events have no time of their own: their arrival counts.
		{Flows: []models.InFlowEvent{{Key: "p1", MetaID: "691", Event: "ENDPOINT_ERROR_RATE", State: "ACTIVATED", Threshold: number(10)}}},
		{Flows: []models.InFlowEvent{{Key: "p2", MetaID: "691", Event: "FLOW_STATUS_CHANGE", OldStatus: "PUBLISHED", NewStatus: "THROTTLED"}}},
		{Statuses: []models.InStatus{{WAMID: "wamid.8", State: "failed", At: at(1), Errors: []byte(`[{"code":1}]`)}}},
		{Statuses: []models.InStatus{{WAMID: "wamid.8", State: "failed", At: at(1), Contact: phone}}},
		{Statuses: []models.InStatus{{WAMID: "wamid.8", State: "sent", At: at(1), Contact: phone, Pricing: []byte(`{"category":"utility"}`)}}},
		{Statuses: []models.InStatus{{WAMID: "wamid.8", State: "sent", At: at(1), Contact: both, Pricing: []byte(`{"category":"service"}`), Conversation: []byte(`{"id":"1"}`)}}},
		{Messages: []models.InMessage{{Out: true, WAMID: "wamid.10", Type: "text", Contact: models.InContact{UserID: "BR.1"}, At: at(4)}}},
		{Statuses: []models.InStatus{{WAMID: "wamid.10", State: "delivered", Contact: phone, At: at(4)}, {WAMID: "wamid.10", State: "sent", At: at(4)}}},
		{Others: []models.InOther{{Key: "o1", Field: "security", Kind: "number", Subject: "1555", Channel: "1555", Summary: "Number 1555: pin changed.", At: at(1)}}},
		{Reason: "the body is not JSON"},
		// The same message from a chat that was shared later, first without its picture, and live.
		{Messages: []models.InMessage{{History: true, WAMID: "wamid.11", Type: "media_placeholder", Contact: phone, At: at(5), Body: []byte(`{"n":1}`)}}},
		{Messages: []models.InMessage{{History: true, WAMID: "wamid.11", Type: "image", Contact: phone, At: at(5), Body: []byte(`{"n":2}`)}}},
		{Messages: []models.InMessage{{WAMID: "wamid.11", Type: "image", Contact: phone, At: at(5), Body: []byte(`{"n":3}`)}}},
		{Messages: []models.InMessage{{Out: true, History: true, WAMID: "wamid.9", Type: "text", Contact: phone, At: at(0), Body: []byte(`{"n":4}`)}},
			Statuses: []models.InStatus{{WAMID: "wamid.9", State: "read", Contact: phone, At: at(0)}}},
		{People: []models.InPerson{{Was: phone, Saved: &saved, At: at(2)}, {Was: models.InContact{UserID: "BR.1"}, Saved: &removed, At: at(1)}}},
	}
}

// sourceOf is by which route the event with that index comes.
func sourceOf(i int) string { return []string{"meta", "360dialog"}[i%2] }

// play sends events in an order, some more than once, and replays all deliveries at the end.
func play(t *testing.T, db *modelstest.DB, all []models.Decoded, order []int) string {
	t.Helper()
	db.NewFlow("claim", func(f *models.Flow) { f.MetaID = "691" })
	ids := map[int]int64{}
	for _, i := range order {
		if ids[i] == 0 {
			ids[i] = db.Store(models.Delivery{Source: sourceOf(i), Body: fmt.Append(nil, i), ReceivedAt: models.Time{Time: modelstest.Start.Add(time.Duration(i) * time.Second)}}).ID
		}
		d := all[i]
		d.ID = ids[i]
		apply(t, db, d)
	}
	once := stateOf(t, db)
	for _, i := range order {
		d := all[i]
		d.ID = ids[i]
		apply(t, db, d)
	}
	if twice := stateOf(t, db); twice != once {
		t.Errorf("order %v: a replay changed the state from\n%s\nto\n%s", order, once, twice)
	}
	return once
}

func TestEventsInAnyOrderAndTwiceEndInTheSameState(t *testing.T) {
	all := events()
	order := make([]int, len(all))
	for i := range order {
		order[i] = i
	}
	want := play(t, modelstest.Open(t), all, order)
	slices.Reverse(order)
	orders := [][]int{slices.Clone(order)}
	random := rand.New(rand.NewPCG(1, 2))
	for range 5 {
		shuffled := slices.Concat(order, order[:5])
		random.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		orders = append(orders, shuffled)
	}
	for _, order := range orders {
		if got := play(t, modelstest.Open(t), all, order); got != want {
			t.Fatalf("order %v ends in\n%s\nwant\n%s", order, got, want)
		}
	}
}

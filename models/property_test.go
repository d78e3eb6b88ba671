package models_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"switchyard/models"
	"switchyard/models/modelstest"
)

// newNumber and newID are those of drawn that say that the customer is called otherwise.
const newNumber, newID = 24, 25

// drawn are notices about one customer, one message, one alert and one flow whose names begin with name and number, in the
// order of their times.
func drawn(name, number string) []func(d *models.Decoded) {
	who := models.InContact{Phone: number + "1"}
	known := models.InContact{Phone: number + "1", UserID: name + "U1", Name: "Ana"}
	saved, removed := "Ana (dentist)", ""
	status := func(state string, n int, s models.InStatus) func(d *models.Decoded) {
		return func(d *models.Decoded) {
			s.WAMID, s.State, s.At = name+"out", state, minute(n)
			d.Statuses = append(d.Statuses, s)
		}
	}
	flow := func(e models.InFlowEvent, n int) func(d *models.Decoded) {
		return func(d *models.Decoded) {
			e.Key, e.MetaID, e.At = fmt.Sprint(name, e.Event, e.State, e.NewStatus, n), number, minute(n)
			d.Flows = append(d.Flows, e)
		}
	}
	latency := func(state string, threshold float64, n int) func(d *models.Decoded) {
		return flow(models.InFlowEvent{Event: "ENDPOINT_LATENCY", State: state, Threshold: &threshold}, n)
	}
	turns := func(from, to string, n int) func(d *models.Decoded) {
		return flow(models.InFlowEvent{Event: "FLOW_STATUS_CHANGE", OldStatus: from, NewStatus: to}, n)
	}
	message := func(m models.InMessage, wamid string, n int) func(d *models.Decoded) {
		return func(d *models.Decoded) {
			m.WAMID, m.At, m.Body = name+wamid, minute(n), []byte(`{}`)
			d.Messages = append(d.Messages, m)
		}
	}
	return []func(d *models.Decoded){
		status("sent", 1, models.InStatus{Contact: who, Pricing: []byte(`{"category":"utility"}`)}), status("delivered", 2, models.InStatus{Contact: known}),
		status("read", 3, models.InStatus{}), status("failed", 3, models.InStatus{Errors: []byte(`[{"code":131026}]`)}), status("sent", 1, models.InStatus{Contact: who}),
		turns("", "DRAFT", 1), turns("DRAFT", "PUBLISHED", 2), turns("PUBLISHED", "THROTTLED", 3), turns("THROTTLED", "BLOCKED", 4), turns("BLOCKED", "THROTTLED", 5),
		latency("ACTIVATED", 1000, 1), latency("ACTIVATED", 5000, 2), latency("ACTIVATED", 7000, 3), latency("DEACTIVATED", 7000, 4),
		latency("DEACTIVATED", 1000, 5), latency("ACTIVATED", 5000, 6), latency("DEACTIVATED", 5000, 6),
		message(models.InMessage{Type: "text", Contact: known}, "in", 1), message(models.InMessage{Type: "text", Contact: who, History: true}, "in", 1),
		message(models.InMessage{Type: "media_placeholder", Contact: who, History: true}, "photo", 2), message(models.InMessage{Type: "image", Contact: who, History: true}, "photo", 2),
		message(models.InMessage{Type: "text", Out: true, Contact: who, History: true}, "out", 1),
		func(d *models.Decoded) { d.People = []models.InPerson{{Was: who, Saved: &saved, At: minute(2)}} },
		func(d *models.Decoded) { d.People = []models.InPerson{{Was: who, Saved: &removed, At: minute(3)}} },
		becomes(models.InContact{Phone: number + "1"}, models.InContact{Phone: number + "2"}, 4),
		becomes(models.InContact{Phone: number + "2", UserID: name + "U1"}, models.InContact{UserID: name + "U2"}, 5),
		message(models.InMessage{Type: "text", Contact: models.InContact{Phone: number + "2", UserID: name + "U2", Name: "Ana M."}}, "later", 6),
	}
}

// whatIsLeft says what is left of the notices of a name.
var whatIsLeft = []string{
	`SELECT wamid || ' ' || direction || ' ' || type || ' ' || history || ' ' || status || ' ' || status_at || ' ' || sent_at || ' ' || coalesce(c.phone || ' ' || c.user_id || ' ' || c.name || ' ' || c.saved_name, '')
		FROM messages m LEFT JOIN contacts c ON c.id = m.contact_id WHERE wamid LIKE ? ORDER BY 1`,
	`SELECT wamid || ' ' || state || ' ' || at || errors || pricing FROM statuses WHERE wamid LIKE ? ORDER BY 1`,
	`SELECT a.meta_id || ' ' || a.key || ' ' || a.status || ' ' || a.severity || ' ' || a.thresholds || ' ' || a.since_at || ' ' || a.resolved_at FROM alerts a WHERE meta_id LIKE ? ORDER BY 1`,
	`SELECT e.key || ' ' || e.place || ' ' || coalesce(a.key, '') FROM alert_events e LEFT JOIN alerts a ON a.id = e.alert_id WHERE e.meta_id LIKE ? ORDER BY 1`,
	`SELECT key || ' ' || new_status || ' ' || at FROM flow_events WHERE meta_id LIKE ? ORDER BY 1`,
	`SELECT meta_id || ' ' || status FROM flows WHERE meta_id LIKE ? ORDER BY 1`,
}

// endOf applies notices in an order, some in one transaction, and returns what is left of them.
func endOf(t *testing.T, db *modelstest.DB, name, number string, order []int, cut func() bool) string {
	t.Helper()
	db.NewFlow(strings.ReplaceAll(name, ".", "-")+"x", func(f *models.Flow) { f.MetaID = number })
	all := drawn(name, number)
	var some []models.Decoded
	for i, k := range order {
		s := db.Store(models.Delivery{Source: sourceOf(k), Body: fmt.Append(nil, name, i), ReceivedAt: minute(i)})
		d := models.Decoded{ID: s.ID, ReceivedAt: s.ReceivedAt}
		all[k](&d)
		if some = append(some, d); cut() || i == len(order)-1 {
			applyNow(t, db, some...)
			some = nil
		}
	}
	var left []string
	for _, query := range whatIsLeft {
		of := name
		if strings.Contains(query, "meta_id LIKE") {
			of = number
		}
		left = append(left, lines(t, db, query, of+"%")...)
	}
	return strings.NewReplacer(name, "", number, "#").Replace(strings.Join(left, "\n"))
}

// TestAnyOrderAndRepetitionEndsAsTheOrderOfTimes plays random notices in random orders, with repetitions, in transactions
// of random size: 30 times here, 10,000 times with SWITCHYARD_VERIFY=1.
func TestAnyOrderAndRepetitionEndsAsTheOrderOfTimes(t *testing.T) {
	rounds := 30
	if os.Getenv("SWITCHYARD_VERIFY") != "" {
		rounds = 10_000
	}
	db := modelstest.Open(t)
	for n := range rounds {
		random := rand.New(rand.NewPCG(5, uint64(n)))
		order := random.Perm(len(drawn("", "")))[:2+random.IntN(len(drawn("", ""))-2)]
		if slices.Contains(order, newNumber) != slices.Contains(order, newID) { // who gets a new number gets a new id
			order = append(slices.DeleteFunc(order, func(k int) bool { return k == newNumber || k == newID }), newNumber, newID)
		}
		sorted := slices.Sorted(slices.Values(order))
		for range random.IntN(6) {
			order = append(order, order[random.IntN(len(order))])
		}
		random.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		want := endOf(t, db, fmt.Sprintf("sorted%d.", n), fmt.Sprintf("990770%06d", n), sorted, func() bool { return true })
		got := endOf(t, db, fmt.Sprintf("random%d.", n), fmt.Sprintf("990880%06d", n), order, func() bool { return random.IntN(3) == 0 })
		if got != want {
			t.Fatalf("round %d: order %v ends in\n%s\nwant, as %v:\n%s", n, order, got, sorted, want)
		}
	}
}

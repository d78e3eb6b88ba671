package models_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"switchyard/models"
	"switchyard/models/modelstest"
)

// everyOrder lists all orders of n things.
func everyOrder(n int) [][]int {
	if n == 0 {
		return [][]int{nil}
	}
	var all [][]int
	for _, order := range everyOrder(n - 1) {
		for i := range n {
			all = append(all, slices.Insert(slices.Clone(order), i, n-1))
		}
	}
	return all
}

// converge plays the same notices in every order, with the first of each order repeated at the end, each order about a
// thing of its own whose name notices get. What query says of the thing must be the same.
func converge(t *testing.T, n int, query string, notices func(name string) []models.Decoded) {
	t.Helper()
	db := modelstest.Open(t)
	var want string
	for k, order := range everyOrder(n) {
		name := fmt.Sprintf("thing-%03d.", k)
		all, ids := notices(name), map[int]int64{}
		for _, i := range append(slices.Clone(order), order[0]) {
			if ids[i] == 0 {
				ids[i] = db.Store(models.Delivery{Source: sourceOf(i), Body: fmt.Append(nil, name, i),
					ReceivedAt: models.Time{Time: modelstest.Start.Add(time.Duration(i) * time.Second)}}).ID
			}
			d := all[i]
			d.ID = ids[i]
			apply(t, db, d)
		}
		got := strings.ReplaceAll(strings.Join(lines(t, db, query, name+"%"), "\n"), name, "")
		if want == "" {
			want = got
		}
		if got == "" || got != want {
			t.Fatalf("order %v ends in\n%s\nwant\n%s", order, got, want)
		}
	}
}

func TestStatusesOfEqualTimesConvergeInEveryOrder(t *testing.T) {
	at := models.Time{Time: modelstest.Start}
	converge(t, 5, `SELECT m.wamid || ' ' || m.status || ' ' || m.status_at || ' ' || c.phone || ' ' || s.state || ' ' || s.errors || s.pricing
			FROM messages m JOIN statuses s ON s.wamid = m.wamid JOIN contacts c ON c.id = m.contact_id WHERE m.wamid LIKE ? ORDER BY s.state`,
		func(name string) []models.Decoded {
			status := func(state string, s models.InStatus) models.Decoded {
				s.WAMID, s.State, s.At = name, state, at
				return models.Decoded{Statuses: []models.InStatus{s}}
			}
			to := models.InContact{Phone: "5511999990000"}
			return []models.Decoded{
				status("failed", models.InStatus{Errors: []byte(`[{"code":131026}]`)}), status("failed", models.InStatus{}),
				status("sent", models.InStatus{Contact: to, Pricing: []byte(`{"category":"utility"}`)}), status("sent", models.InStatus{Contact: to}),
				status("delivered", models.InStatus{}),
			}
		})
}

func TestAlertsOfBothProvidersConvergeInEveryOrder(t *testing.T) {
	converge(t, 5, `SELECT a.meta_id || ' ' || a.status || ' ' || a.severity || ' ' || a.thresholds || ' ' || a.since_at || ' ' || a.resolved_at || ' ' || e.key || ' ' || e.place
			FROM alerts a JOIN alert_events e ON e.alert_id = a.id WHERE a.meta_id LIKE ? ORDER BY e.key`,
		func(name string) []models.Decoded {
			notice := func(key, state string, threshold, minutes float64) models.Decoded {
				e := models.InFlowEvent{Key: name + key, MetaID: name, Event: "ENDPOINT_LATENCY", State: state, Threshold: &threshold}
				if minutes >= 0 {
					e.At = models.Time{Time: modelstest.Start.Add(time.Duration(minutes) * time.Minute)}
				}
				return models.Decoded{Flows: []models.InFlowEvent{e}}
			}
			return []models.Decoded{
				notice("meta5", "ACTIVATED", 5000, 0), notice("dialog5", "ACTIVATED", 5000, -1), notice("meta7", "ACTIVATED", 7000, 1),
				notice("dialog7", "DEACTIVATED", 7000, -1), notice("meta5end", "DEACTIVATED", 5000, 1),
			}
		})
}

func TestChangesOfAFlowsStatusConvergeInEveryOrder(t *testing.T) {
	at := models.Time{Time: modelstest.Start}
	converge(t, 4, `SELECT meta_id || ' ' || key || ' ' || new_status || ' ' || at FROM flow_events WHERE meta_id LIKE ? ORDER BY key`,
		func(name string) []models.Decoded {
			change := func(key, from, to string, at models.Time) models.Decoded {
				return models.Decoded{Flows: []models.InFlowEvent{{Key: name + key, MetaID: name, Event: "FLOW_STATUS_CHANGE", OldStatus: from, NewStatus: to, At: at}}}
			}
			return []models.Decoded{
				change("a", "", "DRAFT", at), change("b", "DRAFT", "PUBLISHED", at), change("c", "PUBLISHED", "THROTTLED", at),
				change("d", "THROTTLED", "PUBLISHED", models.Time{}),
			}
		})
}

package models_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"switchyard/models"
	"switchyard/models/modelstest"
)

func TestFlowStatusIsTheNewestWhateverTheOrderOfArrival(t *testing.T) {
	minute := func(n int) models.Time {
		return models.Time{Time: modelstest.Start.Add(time.Duration(n) * time.Minute)}
	}
	events := []models.InFlowEvent{
		{NewStatus: "DRAFT", At: minute(0)},
		{OldStatus: "DRAFT", NewStatus: "PUBLISHED", At: minute(0)},
		{OldStatus: "PUBLISHED", NewStatus: "THROTTLED", At: minute(0)},
		{OldStatus: "THROTTLED", NewStatus: "BLOCKED", At: minute(1)},
		{Event: "FLOW_VERSION_EXPIRY_WARNING", Warning: "will freeze in 21 days", At: minute(2)},
	}
	want := []string{"DRAFT", "PUBLISHED", "THROTTLED", "BLOCKED", ""}
	for _, order := range permutations(len(events)) {
		db := modelstest.Open(t)
		known := db.NewFlow("known", func(f *models.Flow) { f.MetaID = "1" })
		before, err := db.Revision(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for range 2 { // the second time changes nothing
			for _, i := range order {
				for _, id := range []string{"1", "2"} {
					e := events[i]
					e.MetaID, e.Key = id, fmt.Sprintf("%s-%d", id, 9-i)
					db.Deliver(models.Delivery{}, models.Decoded{Flows: []models.InFlowEvent{e}})
				}
			}
		}
		all, err := db.FlowEvents(t.Context(), "1")
		var got []string
		for _, e := range all {
			got = append(got, e.NewStatus)
		}
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("order %v: FlowEvents = %q, %v; want %q", order, got, err, want)
		}
		if f, err := db.Flow(t.Context(), "known"); err != nil || f.ID != known.ID || f.Status != "BLOCKED" {
			t.Errorf("order %v: status = %q, %v; want BLOCKED", order, f.Status, err)
		}
		if after, err := db.Revision(t.Context()); err != nil || after <= before {
			t.Errorf("Revision() = %d, %v; want more than %d", after, err, before)
		}
		if ids, err := db.UnknownFlows(t.Context()); err != nil || !slices.Equal(ids, []string{"2"}) {
			t.Errorf("UnknownFlows() = %q, %v; want 2", ids, err)
		}
		late := db.NewFlow("late", func(f *models.Flow) { f.MetaID = "2" })
		if _, err := db.Attribute(t.Context()); err != nil {
			t.Fatal(err)
		}
		if f, err := db.Flow(t.Context(), late.Slug); err != nil || f.Status != "BLOCKED" {
			t.Errorf("a flow added later: status %q, %v; want BLOCKED", f.Status, err)
		}
	}
}

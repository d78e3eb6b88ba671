package models_test

import (
	"fmt"
	"testing"

	"switchyard/models"
	"switchyard/models/modelstest"
)

func TestAllResponsesAreReadWhileDeliveriesComeAndWhenTheyDoNot(t *testing.T) {
	db := modelstest.Open(t)
	flow := db.NewFlow("claim")
	const n = 2500
	err := db.LoadResponses(t.Context(), n, func(yield func(models.Response) bool) {
		for i := range n {
			if !yield(models.Response{WAMID: fmt.Sprint(i), FlowID: flow.ID, State: models.Complete, ReceivedAt: db.Time()}) {
				return
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	seen := int64(0)
	for r, err := range db.EachResponse(t.Context(), models.ResponseFilter{Ascending: true}) {
		if seen++; err != nil || r.ID != seen {
			t.Fatalf("response %d comes as number %d, %v", r.ID, seen, err)
		}
		if seen == 700 {
			if err := db.StoreDeliveries(t.Context(), []models.Delivery{{Source: "meta", Body: []byte("{}")}}); err != nil {
				t.Fatal(err)
			}
		}
	}
	if seen != n {
		t.Errorf("%d responses; want %d", seen, n)
	}
}

package demo

import (
	"math/rand/v2"
	"testing"

	"switchyard/models"
)

func TestResponsesInBulkAreOfTheSameBusiness(t *testing.T) {
	if stories, bulk := split(1_000_000); stories != usualResponses || bulk != 998_000 {
		t.Errorf("split(1000000) = %d, %d; want 2,000 with a story", stories, bulk)
	}
	if stories, bulk := split(3000); stories != 3000 || bulk != 0 {
		t.Errorf("split(3000) = %d, %d; want all with a story", stories, bulk)
	}
	told := []models.Response{
		{FlowID: 1, FlowSlug: "claim", State: models.Complete, Contact: models.Contact{ID: 1}, Answers: map[string]any{"kind": "water", "amount": "80"}},
		{FlowID: 1, FlowSlug: "claim", State: models.Complete, Contact: models.Contact{ID: 2}, Answers: map[string]any{"kind": "theft", "more": "x"}},
		{FlowID: 2, FlowSlug: "survey", State: models.Complete, Contact: models.Contact{ID: 3}, Answers: map[string]any{"score": "5"}},
	}
	random, ids, mixed := rand.New(rand.NewPCG(1, 1)), map[string]bool{}, false
	for range 200 {
		r := another(random, told, models.Time{})
		ids[r.WAMID] = true
		_, amount := r.Answers["amount"]
		mixed = mixed || amount && r.Answers["kind"] == "theft"
		if _, score := r.Answers["score"]; score != (r.FlowID == 2) || r.Contact.ID == 0 || r.Answers["flow_token"] != nil || r.Raw == "" {
			t.Errorf("another() = %+v; want answers of its flow, by somebody", r)
		}
	}
	if len(ids) != 200 || !mixed || told[0].Answers["kind"] != "water" {
		t.Errorf("%d of 200 ids differ, answers were mixed %t; what was told is now %v", len(ids), mixed, told[0])
	}
}

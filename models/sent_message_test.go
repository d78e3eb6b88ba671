package models_test

import (
	"errors"
	"testing"

	"switchyard/models"
	"switchyard/models/modelstest"
)

func TestASentMessageHasItsStatusesWithWhatMetaSaysOfThem(t *testing.T) {
	db := modelstest.Open(t)
	at := models.Time{Time: modelstest.Start}
	db.Deliver(models.Delivery{}, models.Decoded{
		Messages: []models.InMessage{{WAMID: "wamid.in", Type: "text", At: at}, {Out: true, WAMID: "wamid.out", Type: "interactive", At: at}},
		Statuses: []models.InStatus{
			{WAMID: "wamid.out", State: "read", At: at},
			{WAMID: "wamid.out", State: "sent", At: at, Pricing: []byte(`{"billable":true,"category":"utility"}`), Conversation: []byte(`{"origin":{"type":"service"}}`)},
			{WAMID: "wamid.out", State: "failed", At: at, Errors: []byte(`[{"code":132068,"title":"Flow is blocked","error_data":{"details":"Flow is in blocked state."}},5,{"code":"x"}]`)},
			{WAMID: "wamid.out", State: "odd", At: at, Errors: []byte(`{}`), Pricing: []byte(`[]`)},
		},
	})
	m, err := db.SentMessage(t.Context(), "wamid.out")
	if err != nil || m.Type != "interactive" || !m.SentAt.Equal(at.Time) || len(m.Statuses) != 4 {
		t.Fatalf("SentMessage() = %+v, %v; want it with four statuses", m, err)
	}
	odd, sent, read, failed := m.Statuses[0], m.Statuses[1], m.Statuses[2], m.Statuses[3]
	if odd.State != "odd" || odd.Errors != nil || sent.State != "sent" || read.State != "read" || failed.State != "failed" {
		t.Errorf("statuses = %+v; want odd, sent, read, failed", m.Statuses)
	}
	if sent.Pricing.Billable == nil || !*sent.Pricing.Billable || sent.Pricing.Category != "utility" || sent.Conversation.Origin.Type != "service" {
		t.Errorf("sent = %+v; want its pricing and conversation", sent)
	}
	if len(failed.Errors) != 3 || failed.Errors[0] != (models.MessageError{Code: 132068, Title: "Flow is blocked", Details: "Flow is in blocked state."}) {
		t.Errorf("failed = %+v; want its errors", failed)
	}
	for _, wamid := range []string{"wamid.in", "wamid.nobody", ""} {
		if m, err := db.SentMessage(t.Context(), wamid); !errors.Is(err, models.ErrNotFound) {
			t.Errorf("SentMessage(%q) = %+v, %v; want ErrNotFound", wamid, m, err)
		}
	}
}

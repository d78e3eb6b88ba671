package web_test

import (
	"fmt"
	"testing"

	"switchyard/models"
	"switchyard/web"
)

func TestWhatADeliveryCausedIsShownWhenItsBodyIsGone(t *testing.T) {
	var cfg web.Config
	s := openSite(t, func(c *web.Config) {
		c.KeepDeliveries = 30
		cfg = *c
	}).addUsers(t)
	s.addSamples(t)
	s.deliverAll(t, []string{"flow-response.json", "template-status.json", "text.json"})
	responses, err := s.DB().Responses(t.Context(), models.ResponseFilter{})
	if err != nil || len(responses.Rows) != 1 {
		t.Fatalf("Responses() = %d, %v; want one", len(responses.Rows), err)
	}
	events, _, err := s.DB().AccountEvents(t.Context(), models.AccountEventFilter{})
	if err != nil || len(events) != 1 {
		t.Fatalf("AccountEvents() = %+v, %v; want one", events, err)
	}
	r, e := responses.Rows[0], events[0]
	response, event, delivery := fmt.Sprintf("/responses/%d", r.ID), fmt.Sprintf("/account-events/%d", e.ID), fmt.Sprintf("/deliveries/%d", r.DeliveryID)
	const removed = "The body was removed after 30 days."
	s.run(t, []scenario{
		{name: "the response", as: "viewer", path: response, status: 200, contains: []string{`href="` + delivery + `"`}, absent: []string{removed}},
		{name: "the account event", as: "viewer", path: event, status: 200, absent: []string{removed}},
		{name: "the delivery", as: "viewer", path: delivery, status: 200, absent: []string{removed}},
		{name: "how long all is kept", as: "admin", path: "/setup/connect", status: 200, contains: []string{"kept for 30 days", "kept for ever"}},
	})
	query(t, cfg, fmt.Sprintf("DELETE FROM deliveries WHERE id IN (%d, %d) RETURNING id", r.DeliveryID, e.DeliveryID))
	s.run(t, []scenario{
		{name: "the response", as: "viewer", path: response, status: 200, contains: []string{removed}, absent: []string{`href="` + delivery + `"`}},
		{name: "the account event", as: "viewer", path: event, status: 200, contains: []string{removed}},
		{name: "the delivery", as: "viewer", path: delivery, status: 410, contains: []string{removed, "What it caused is kept"}},
		{name: "its body", as: "support", path: delivery + "/body", status: 404},
		{name: "one that never was", as: "viewer", path: "/deliveries/999999", status: 404},
	})
}

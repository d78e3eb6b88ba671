package web_test

import (
	"fmt"
	"testing"
	"time"

	"switchyard/models"
)

func TestVisitsShowWhereTheyStopped(t *testing.T) {
	s := openSite(t).addUsers(t)
	pub := s.addSamples(t)
	s.ready(t, pub)
	s.exchange(t, pub, "appointment", fixture(t, "endpoint", "init.json"))
	s.exchange(t, pub, "appointment", []byte(`{"version":"3.0","action":"data_exchange","screen":"APPOINTMENT","flow_token":"appointment.7f3c2a90","data":{"department":"dental","date":"2026-12-01","time":"10:30"}}`))
	s.exchange(t, pub, "appointment", []byte(`{"version":"3.0","action":"INIT","flow_token":"unused"}`))
	f, err := s.DB().Flow(t.Context(), "appointment")
	if err != nil {
		t.Fatal(err)
	}
	var visits []models.Visit
	for end := time.Now().Add(5 * time.Second); len(visits) == 0 || visits[0].Steps < 2; time.Sleep(10 * time.Millisecond) {
		if visits, err = s.DB().Visits(t.Context(), f.ID, 0, 10); err != nil || time.Now().After(end) {
			t.Fatalf("Visits = %d, %v; want one of two steps within 5 s", len(visits), err)
		}
	}
	one := fmt.Sprintf("/visits/%d", visits[0].ID)
	s.run(t, []scenario{
		{name: "listed", as: "viewer", path: "/flows/appointment/visits", status: 200, contains: []string{"Your details", "Open", "Version 1"}, absent: []string{"7f3c2a90"}},
		{name: "nothing yet", as: "viewer", path: "/flows/claim/visits", status: 200, contains: []string{"No visit yet"}},
		{name: "for support", as: "support", path: one, status: 200, contains: []string{"APPOINTMENT → DETAILS", "Dental care", "appointment.7f3c2a90", "Rule: Otherwise"}},
		{name: "for viewers", as: "viewer", path: one, status: 200, contains: []string{"APPOINTMENT → DETAILS"}, absent: []string{"7f3c2a90", "Dental care"}},
		{name: "no such visit", as: "viewer", path: "/visits/99", status: 404},
		{name: "what a missing token costs", as: "viewer", path: "/flows/appointment", status: 200, contains: []string{"1 request without a flow token"}},
		{name: "a flow without an endpoint", as: "viewer", path: "/flows", status: 200, contains: []string{"Needs none"}},
	})
}

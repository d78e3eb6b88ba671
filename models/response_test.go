package models_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"switchyard/models"
	"switchyard/models/modelstest"
)

func TestAttributionTriesVisitThenSlugThenParam(t *testing.T) {
	db := modelstest.Open(t)
	booking := db.NewFlow("booking", func(f *models.Flow) { f.MetaID = "111" })
	claim := db.NewFlow("claim", func(f *models.Flow) { f.MetaID = "222" })
	renamed := booking
	renamed.Slug = "appointment"
	if _, err := db.UpdateFlow(t.Context(), renamed, models.By{}); err != nil {
		t.Fatal(err)
	}
	visit := db.NewVisit(claim, "appointment.visited")
	tested := db.NewVisit(claim, "test.x", func(v *models.Visit) { v.Test = true })
	for _, c := range []struct {
		name, token string
		params      map[string]any
		flow        int64
		by          models.Attribution
		visit       int64
		test        bool
	}{
		{"a visit with that token wins over its slug", "appointment.visited", nil, claim.ID, "visit", visit.ID, false},
		{"the visit of a test", "test.x", nil, claim.ID, "visit", tested.ID, true},
		{"slug", "appointment.7", map[string]any{"flow": "claim"}, booking.ID, "token", 0, false},
		{"an old slug", "booking.7.8", nil, booking.ID, "token", 0, false},
		{"a test's token names the slug behind", "test.claim.9", nil, claim.ID, "token", 0, true},
		{"flow_id as Meta's id", "", map[string]any{"flow_id": "222"}, claim.ID, "param", 0, false},
		{"flow_id as a number", "unused", map[string]any{"flow_id": json.Number("111")}, booking.ID, "param", 0, false},
		{"flow as slug", "nothing.1", map[string]any{"flow": "claim"}, claim.ID, "param", 0, false},
		{"flow_id before flow", "", map[string]any{"flow": "claim", "flow_id": "appointment"}, booking.ID, "param", 0, false},
		{"a slug without a dot is no prefix", "claim", nil, 0, "", 0, false},
		{"an unused token", "unused", nil, 0, "", 0, false},
		{"a param of another type", "", map[string]any{"flow": []any{"claim"}}, 0, "", 0, false},
		{"an empty param is no Meta id", "", map[string]any{"flow_id": ""}, 0, "", 0, false},
	} {
		b := db.NewResponse().Token(c.token)
		for k, v := range c.params {
			b.Answer(k, v)
		}
		r := b.Save()
		state := models.Complete
		if c.by == "" {
			state = models.UnmatchedResponse
		}
		if r.FlowID != c.flow || r.Attribution != c.by || r.VisitID != c.visit || r.Test != c.test || r.State != state || (r.Reason == "") != (state == models.Complete) {
			t.Errorf("%s: flow %d by %q, visit %d, test %v, %s, %q; want flow %d by %q, visit %d, test %v, %s",
				c.name, r.FlowID, r.Attribution, r.VisitID, r.Test, r.State, r.Reason, c.flow, c.by, c.visit, c.test, state)
		}
	}
	for _, id := range []int64{visit.ID, tested.ID} {
		if v, err := db.Visit(t.Context(), id); err != nil || v.Outcome != models.VisitFinished {
			t.Errorf("visit %d = %s, %v; want it finished by its response", id, v.Outcome, err)
		}
	}
}

func TestAResponseIsKeptAsItCame(t *testing.T) {
	db := modelstest.Open(t)
	f := db.NewFlow("claim")
	hostile := "nul \x00 <b> \u2028 =cmd 'x' \"y\" \\ é"
	answers := map[string]any{
		"text": hostile, "n": json.Number("9007199254740993"), "yes": true, "none": nil, "empty": map[string]any{}, "list": []any{"a", json.Number("2")},
		"period": map[string]any{"start-date": "2026-01-01", "end-date": "2026-01-02"}, "period.start-date": "twice", "photos": []any{map[string]any{"id": "1"}},
	}
	b := db.NewResponse().Flow(f)
	for k, v := range answers {
		b.Answer(k, v)
	}
	r := b.Save()
	if !reflect.DeepEqual(r.Answers, answers) {
		t.Errorf("Answers = %#v; want %#v", r.Answers, answers)
	}
	if r.FlowSlug != "claim" || r.Contact.Name != "Ada Lovelace" || r.Contact.Phone != "447700900123" || !r.ReceivedAt.Equal(modelstest.Start) || r.Raw == "" {
		t.Errorf("response = %+v", r)
	}
	want := []string{"empty", "list", "n", "none", "period.end-date", "period.start-date", "photos", "text", "yes"}
	for _, flow := range []int64{f.ID, 0} {
		if keys, err := db.AnswerKeys(t.Context(), flow); err != nil || !slices.Equal(keys, want) {
			t.Errorf("AnswerKeys(%d) = %q, %v; want %q", flow, keys, err, want)
		}
	}
	if keys, err := db.AnswerKeys(t.Context(), f.ID+1); err != nil || len(keys) != 0 {
		t.Errorf("AnswerKeys(another flow) = %q, %v; want none", keys, err)
	}
	if n := count(t, db, "SELECT count(*) FROM answers WHERE key = 'list' AND (n, text) IN ((0, 'a'), (1, '2')) AND (number IS NULL) = (n = 0)"); n != 2 {
		t.Errorf("%d rows of the list; want 2, the second a number", n)
	}
}

func TestAnUnreadableResponseIsKeptAndItsTokenNotGuessed(t *testing.T) {
	db := modelstest.Open(t)
	db.NewFlow("appointment")
	raw := `{"flow_token":"appointment.bad", "department":`
	r := db.NewResponse().Unreadable(raw).Save()
	if r.State != models.Unreadable || r.Token != "" || r.FlowID != 0 || r.Raw != raw || r.Answers != nil || r.Reason == "" {
		t.Errorf("response = %+v; want it unreadable, its text kept", r)
	}
	if d := delivery(t, db, r.DeliveryID); d.State != models.Unmatched {
		t.Errorf("its delivery is %s; want unmatched", d.State)
	}
	if tray, err := db.TrayCounts(t.Context()); err != nil || tray != (models.TrayCounts{Unreadable: 1}) {
		t.Errorf("TrayCounts() = %+v, %v; want one unreadable: the delivery is found with its response", tray, err)
	}
	again := models.Decoded{ID: r.DeliveryID, Messages: []models.InMessage{{WAMID: r.WAMID, At: r.SentAt,
		Flow: &models.InResponse{Raw: raw, Token: "appointment.ok", Answers: map[string]any{"department": "dental"}}}}}
	apply(t, db, again, again)
	now, err := db.Response(t.Context(), r.ID)
	if err != nil || now.State != models.Complete || now.FlowSlug != "appointment" || now.Reason != "" {
		t.Errorf("after it could be read: %+v, %v; want it complete under the same id", now, err)
	}
	if d := delivery(t, db, r.DeliveryID); d.State != models.Done {
		t.Errorf("its delivery is %s; want done", d.State)
	}
}

func TestAttributeFindsFlowsThatWereAddedLater(t *testing.T) {
	db := modelstest.Open(t)
	d := db.Store(models.Delivery{})
	many := models.Decoded{ID: d.ID}
	const n = 450 // more than one batch
	for i := range n {
		many.Messages = append(many.Messages, models.InMessage{WAMID: fmt.Sprint("wamid.", i),
			Flow: &models.InResponse{Token: "later.1", Answers: map[string]any{"a": "1"}}})
	}
	apply(t, db, many)
	other := db.NewResponse().Token("never.1").Save()
	f := db.NewFlow("later")
	if got, err := db.Attribute(t.Context()); err != nil || got != n {
		t.Fatalf("Attribute() = %d, %v; want %d", got, err, n)
	}
	if n, err := db.Attribute(t.Context()); err != nil || n != 0 {
		t.Errorf("Attribute() again = %d, %v; want 0", n, err)
	}
	for _, id := range []int64{1, n} {
		if r, err := db.Response(t.Context(), id); err != nil || r.FlowID != f.ID || r.State != models.Complete || r.Attribution != "token" {
			t.Errorf("Response(%d) = %+v, %v; want it of the flow", id, r, err)
		}
	}
	if r, err := db.Response(t.Context(), other.ID); err != nil || r.State != models.UnmatchedResponse {
		t.Errorf("Response(%d) = %s, %v; want unmatched", other.ID, r.State, err)
	}
	if keys, err := db.AnswerKeys(t.Context(), f.ID); err != nil || !slices.Equal(keys, []string{"a"}) {
		t.Errorf("AnswerKeys = %q, %v; want a", keys, err)
	}
	if _, err := db.Response(t.Context(), 1<<40); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("Response(none) = %v; want %v", err, models.ErrNotFound)
	}
}

func TestFiguresPerDayFollowTheZone(t *testing.T) {
	db := modelstest.Open(t)
	f := db.NewFlow("claim")
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	db.Advance(time.Date(2026, 11, 2, 12, 0, 0, 0, zone).Sub(db.Now())) // the clock went back on the 1st: a day of 25 hours
	for _, at := range []time.Time{
		time.Date(2026, 10, 31, 23, 59, 59, 0, zone), time.Date(2026, 11, 1, 0, 0, 0, 0, zone), time.Date(2026, 11, 1, 23, 59, 59, 0, zone),
		time.Date(2026, 11, 2, 0, 0, 0, 0, zone),
	} {
		db.NewResponse().Flow(f).ReceivedAt(models.Time{Time: at}).Save()
		db.NewVisit(f, "v"+at.String(), func(v *models.Visit) { v.StartedAt = models.Time{Time: at} })
	}
	db.NewResponse().Token("other").ReceivedAt(models.Time{Time: db.Now()}).Save()
	db.NewResponse().Flow(f).Test().Save()
	db.NewVisit(f, "t", func(v *models.Visit) { v.Test = true })
	check := func(what string, got []models.DayCount, err error, want ...int) {
		t.Helper()
		var n []int
		for _, d := range got {
			n = append(n, d.N)
		}
		if err != nil || !slices.Equal(n, want) {
			t.Errorf("%s = %v, %v; want %v", what, got, err, want)
		}
	}
	got, err := db.ResponsesPerDay(t.Context(), f.ID, 3, zone)
	check("ResponsesPerDay(flow)", got, err, 1, 2, 1)
	if !got[0].Day.Equal(time.Date(2026, 10, 31, 0, 0, 0, 0, zone)) {
		t.Errorf("first day = %v; want 31 October", got[0].Day)
	}
	got, err = db.ResponsesPerDay(t.Context(), 0, 3, zone)
	check("ResponsesPerDay(all)", got, err, 1, 2, 2)
	got, err = db.VisitsPerDay(t.Context(), 0, 3, zone)
	check("VisitsPerDay(all)", got, err, 1, 2, 1)
	got, err = db.VisitsPerDay(t.Context(), f.ID, 1, zone)
	check("VisitsPerDay(flow)", got, err, 1)
}

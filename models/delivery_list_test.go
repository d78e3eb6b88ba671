package models_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"switchyard/models"
	"switchyard/models/modelstest"
)

// listed are the ids of a page.
func listed(p models.DeliveryPage) (ids []int64) {
	for _, d := range p.Rows {
		ids = append(ids, d.ID)
	}
	return ids
}

func TestDeliveriesArePagedBothWays(t *testing.T) {
	for name, f := range map[string]models.DeliveryFilter{"all": {}, "by a column without index": {Source: "meta"}, "by state": {State: models.Unmatched}} {
		t.Run(name, func(t *testing.T) {
			db := modelstest.Open(t)
			storeThirds(t, db, 60)
			f.Limit = 7
			var want []int64
			for id := int64(60); id > 0; id-- {
				if f.State == "" || (id-1)%3 == 0 {
					want = append(want, id)
				}
			}
			var pages []models.DeliveryPage
			var got []int64
			for before, more := int64(0), true; more; {
				f.Before = before
				p, err := db.Deliveries(t.Context(), f)
				if err != nil {
					t.Fatal(err)
				}
				pages, got = append(pages, p), append(got, listed(p)...)
				before, more = p.Older, p.Older != 0
			}
			if !slices.Equal(got, want) {
				t.Fatalf("page by page: %v; want %v", got, want)
			}
			f.Before = 0
			for i := len(pages) - 1; i > 0; i-- {
				f.After = pages[i].Newer
				p, err := db.Deliveries(t.Context(), f)
				if err != nil || !slices.Equal(listed(p), listed(pages[i-1])) {
					t.Errorf("back from page %d: %v, %v; want %v", i+1, listed(p), err, listed(pages[i-1]))
				}
			}
			if pages[0].Newer != 0 {
				t.Errorf("the first page leads to %d; want nowhere", pages[0].Newer)
			}
		})
	}
}

func TestDeliveriesAreFiltered(t *testing.T) {
	db := modelstest.Open(t)
	now := db.Time()
	message := func(wamid, phone string) models.Decoded {
		return models.Decoded{Messages: []models.InMessage{{WAMID: wamid, Type: "text", Contact: models.InContact{Phone: phone}, Body: []byte(`{}`)}}}
	}
	db.Deliver(models.Delivery{ReceivedAt: models.Time{Time: now.Add(-48 * time.Hour)}, Body: []byte(`{"name":"Jos\u00e9 <b>"}`), Signature: "sha256=00"}, message("wamid.A", "5511999990001"))
	db.Deliver(models.Delivery{Source: "360dialog", Body: []byte(`{"name":"José 100%_\\x"}`)}, message("wamid.B", "5511999990002"))
	db.Deliver(models.Delivery{Body: []byte("no JSON \x00\xff"), Test: true}, models.Decoded{Reason: "it is not JSON"})
	db.Store(models.Delivery{Body: []byte(`{"id":"wamid.A 5511999990001"}`)})
	for _, c := range []struct {
		filter models.DeliveryFilter
		want   []int64
	}{
		{models.DeliveryFilter{}, []int64{4, 3, 2, 1}},
		{models.DeliveryFilter{NoTests: true}, []int64{4, 2, 1}},
		{models.DeliveryFilter{Source: "360dialog"}, []int64{2}},
		{models.DeliveryFilter{State: models.Pending}, []int64{4}},
		{models.DeliveryFilter{State: models.Unmatched}, []int64{3}},
		{models.DeliveryFilter{State: models.Failed}, nil},
		{models.DeliveryFilter{State: models.Done}, []int64{2, 1}},
		{models.DeliveryFilter{Kind: "text"}, []int64{2, 1}},
		{models.DeliveryFilter{Kind: "tex"}, nil},
		{models.DeliveryFilter{Kind: "%"}, nil},
		{models.DeliveryFilter{Signed: models.SignedBody}, []int64{1}},
		{models.DeliveryFilter{Signed: models.UnsignedBody}, []int64{4, 3, 2}},
		{models.DeliveryFilter{From: models.Time{Time: now.Add(-time.Hour)}}, []int64{4, 3, 2}},
		{models.DeliveryFilter{To: models.Time{Time: now.Add(-time.Hour)}}, []int64{1}},
		{models.DeliveryFilter{Text: "3"}, []int64{3}},
		{models.DeliveryFilter{Text: "#2"}, []int64{2}},
		{models.DeliveryFilter{Text: "wamid.A"}, []int64{1}},
		{models.DeliveryFilter{Text: "wamid.A", InBodies: true}, []int64{4}},
		{models.DeliveryFilter{Text: "+55 11 99999-0002"}, []int64{2}},
		{models.DeliveryFilter{Text: "+55 11 99999-0002", NamesOnly: true}, nil},
		{models.DeliveryFilter{Text: "José", NamesOnly: true}, nil},
		{models.DeliveryFilter{Text: "wamid.B", NamesOnly: true}, []int64{2}},
		{models.DeliveryFilter{Text: "José"}, []int64{2, 1}},
		{models.DeliveryFilter{Text: "josé"}, nil},
		{models.DeliveryFilter{Text: `100%_\`}, []int64{2}},
		{models.DeliveryFilter{Text: "<b>"}, []int64{1}},
		{models.DeliveryFilter{Text: "no JSON", State: models.Unmatched}, []int64{3}},
		{models.DeliveryFilter{Text: "no JSON", State: models.Done}, nil},
		{models.DeliveryFilter{Text: "2", Source: "meta"}, nil},
	} {
		p, err := db.Deliveries(t.Context(), c.filter)
		if err != nil || !slices.Equal(listed(p), c.want) {
			t.Errorf("Deliveries(%+v) = %v, %v; want %v", c.filter, listed(p), err, c.want)
		}
		n, all, err := db.CountDeliveries(t.Context(), c.filter)
		if err != nil || !all || n != int64(len(c.want)) {
			t.Errorf("CountDeliveries(%+v) = %d, %v, %v; want %d", c.filter, n, all, err, len(c.want))
		}
	}
	if n, err := db.CountDeliveriesAfter(t.Context(), models.DeliveryFilter{}, 1); err != nil || n != 3 {
		t.Errorf("CountDeliveriesAfter = %d, %v; want 3", n, err)
	}
	sources, kinds, err := db.DeliveryWords(t.Context())
	if err != nil || fmt.Sprint(sources, kinds) != "[360dialog meta] [text]" {
		t.Errorf("DeliveryWords = %v, %v, %v; want what occurs", sources, kinds, err)
	}
}

func TestARareDeliveryIsFoundAmongMany(t *testing.T) {
	db := modelstest.Open(t)
	db.Deliver(models.Delivery{Source: "rare", ReceivedAt: models.Time{Time: db.Now().Add(-time.Hour)}}, models.Decoded{})
	var ds []models.Delivery
	for i := range 1800 {
		ds = append(ds, models.Delivery{Source: "meta", Body: fmt.Appendf(nil, `{"n":%d}`, i)})
	}
	if err := db.StoreDeliveries(t.Context(), ds); err != nil {
		t.Fatal(err)
	}
	p, err := db.Deliveries(t.Context(), models.DeliveryFilter{Source: "rare"})
	if err != nil || !slices.Equal(listed(p), []int64{1}) || !p.Until.IsZero() || p.Older != 0 {
		t.Errorf("Deliveries = %v, %+v, %v; want the one, and no more to look at", listed(p), p.Until, err)
	}
}

func TestEffectsTellWhatADeliveryCaused(t *testing.T) {
	db := modelstest.Open(t)
	flow := db.NewFlow("appointment", func(f *models.Flow) { f.MetaID = "77" })
	decoded := models.Decoded{
		Messages: []models.InMessage{
			{WAMID: "wamid.T", Type: "text", Body: []byte(`{}`)},
			{WAMID: "wamid.R", Type: "interactive", Body: []byte(`{}`), Flow: &models.InResponse{Raw: `{}`, Answers: map[string]any{}, Token: "appointment.1"}},
		},
		Statuses: []models.InStatus{{WAMID: "wamid.S", State: "read"}, {WAMID: "wamid.U", State: "read"}},
		Flows: []models.InFlowEvent{
			{Key: "f", MetaID: "77", Event: "FLOW_STATUS_CHANGE", OldStatus: "DRAFT", NewStatus: "PUBLISHED", Body: []byte(`{}`)},
			{Key: "a", MetaID: "77", Event: "ENDPOINT_ERROR_RATE", State: "ACTIVATED", Body: []byte(`{}`)},
		},
		Others: []models.InOther{{Key: "o", Field: "template", Body: []byte(`{}`)}},
	}
	first := db.Deliver(models.Delivery{}, decoded)
	second := db.Deliver(models.Delivery{}, decoded)
	for _, c := range []struct {
		d   models.Delivery
		own bool
	}{{first, true}, {second, false}} {
		decoded.ID = c.d.ID
		e, err := db.Effects(t.Context(), c.d.Source, decoded)
		if err != nil || len(e.Messages) != 1 || len(e.Responses) != 1 || len(e.Statuses) != 2 || len(e.Flows) != 1 || len(e.Alerts) != 1 || len(e.Others) != 1 {
			t.Fatalf("Effects = %+v, %v; want each", e, err)
		}
		if e.Responses[0].FlowName != flow.Name || e.Flows[0].Slug != flow.Slug || e.Alerts[0].ID == 0 || !e.Alerts[0].Activated {
			t.Errorf("Effects = %+v; want the flow by name, and the alert", e)
		}
		for what, own := range map[string]bool{"message": e.Messages[0].Own, "response": e.Responses[0].Own, "status": e.Statuses[0].Own,
			"flow": e.Flows[0].Own, "alert": e.Alerts[0].Own, "other": e.Others[0].Own} {
			if own != c.own {
				t.Errorf("the %s is the own one of delivery %d: %v; want %v", what, c.d.ID, own, c.own)
			}
		}
	}
}

package models_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"switchyard/models"
	"switchyard/models/modelstest"
)

// forwarded are the names of the targets that got a delivery.
func forwarded(t *testing.T, db *modelstest.DB, delivery int64) (names []string) {
	t.Helper()
	all, err := db.DeliveryForwards(t.Context(), delivery)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range all {
		target, err := db.Target(t.Context(), f.TargetID)
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, target.Name)
	}
	slices.Sort(names)
	return names
}

// reply is a completed flow with a token.
func reply(wamid, token string) models.Decoded {
	return models.Decoded{Fields: []string{"messages"}, Messages: []models.InMessage{{
		WAMID: wamid, Contact: models.InContact{Phone: "447700900123"}, Type: "interactive", Body: []byte(`{}`),
		Flow: &models.InResponse{Raw: "{}", Answers: map[string]any{}, Token: token},
	}}}
}

func TestADeliveryGoesToTheTargetsThatWantIt(t *testing.T) {
	db := modelstest.Open(t)
	claim := db.NewFlow("claim", func(f *models.Flow) { f.MetaID = "1234" })
	offer := db.NewFlow("offer")
	for name, change := range map[string]func(*models.Target){
		"all":       func(*models.Target) {},
		"off":       func(t *models.Target) { t.Off = true },
		"tests":     func(t *models.Target) { t.Tests = true },
		"templates": func(t *models.Target) { t.Fields = []string{"message_template_status_update", "flows"} },
		"claim":     func(t *models.Target) { t.Flows = []int64{claim.ID} },
		"claim answers": func(t *models.Target) {
			t.Flows, t.Fields, t.URL = []int64{claim.ID}, []string{"messages"}, "https://x.example"
		},
		"offer": func(t *models.Target) { t.Flows = []int64{offer.ID} },
	} {
		db.NewTarget(name, change)
	}
	text := models.Decoded{Fields: []string{"messages"}, Messages: []models.InMessage{{WAMID: "wamid.text", Type: "text", Body: []byte(`{}`)}}}
	alert := models.Decoded{Fields: []string{"flows"}, Flows: []models.InFlowEvent{{Key: "k", MetaID: "1234", Event: "ENDPOINT_LATENCY", State: "ACTIVATED", Body: []byte(`{}`)}}}
	mixed := reply("wamid.4", "test.claim.2")
	mixed.Messages = append(mixed.Messages, models.InMessage{WAMID: "wamid.5", Type: "text", Body: []byte(`{}`)})
	for _, tt := range []struct {
		what    string
		decoded models.Decoded
		test    bool
		want    []string
	}{
		{"a response to a test", reply("wamid.3", "test.claim.1"), false, []string{"tests"}},
		{"a response to a test beside a text", mixed, false, []string{"all", "claim", "claim answers", "tests"}},
		{"a text", text, false, []string{"all", "tests"}},
		{"a test", text, true, []string{"tests"}},
		{"an alert of a flow", alert, false, []string{"all", "claim", "templates", "tests"}},
		{"a response", reply("wamid.1", "claim.1"), false, []string{"all", "claim", "claim answers", "tests"}},
		{"a response of nobody's flow", reply("wamid.2", "unknown"), false, []string{"all", "tests"}},
		{"a template", models.Decoded{Fields: []string{"message_template_status_update"}}, false, []string{"all", "templates", "tests"}},
		{"what is not JSON", models.Decoded{Reason: "the body is not JSON"}, false, []string{"all", "tests"}},
		{"what our decoder fails on", models.Decoded{Fault: "the decoder broke down"}, false, []string{"all", "tests"}},
	} {
		d := db.Deliver(models.Delivery{Test: tt.test}, tt.decoded)
		if got := forwarded(t, db, d.ID); !slices.Equal(got, tt.want) {
			t.Errorf("%s goes to %q; want %q", tt.what, got, tt.want)
		}
	}
}

func TestADeliveryThatIsUnderstoodLaterReachesThoseWhoFilterOnce(t *testing.T) {
	db := modelstest.Open(t)
	db.NewTarget("all")
	db.NewTarget("messages", func(t *models.Target) { t.Fields = []string{"messages"} })
	d := db.Deliver(models.Delivery{}, models.Decoded{Fault: "the decoder broke down"})
	if got := forwarded(t, db, d.ID); !slices.Equal(got, []string{"all"}) {
		t.Fatalf("what is not understood goes to %q", got)
	}
	for range 3 {
		if err := db.ApplyDeliveries(t.Context(), []models.Decoded{{ID: d.ID, ReceivedAt: d.ReceivedAt, Fields: []string{"messages"}}}); err != nil {
			t.Fatal(err)
		}
	}
	if got := forwarded(t, db, d.ID); !slices.Equal(got, []string{"all", "messages"}) {
		t.Errorf("once it is understood it went to %q; want each once", got)
	}
}

func TestAResponseThatIsAssignedReachesThoseWhoAskForItsFlow(t *testing.T) {
	db := modelstest.Open(t)
	claim := db.NewFlow("claim")
	db.NewTarget("all")
	db.NewTarget("claim", func(t *models.Target) { t.Flows = []int64{claim.ID} })
	db.NewTarget("claim alerts", func(t *models.Target) {
		t.Flows, t.Fields, t.URL = []int64{claim.ID}, []string{"flows"}, "https://x.example"
	})
	db.NewTarget("templates", func(t *models.Target) { t.Fields = []string{"message_template_status_update"} })
	r := db.NewResponse().Token("odd").Save()
	if got := forwarded(t, db, r.DeliveryID); !slices.Equal(got, []string{"all"}) {
		t.Fatalf("an unmatched response goes to %q; want those without a filter", got)
	}
	for range 2 {
		a := assign(t, db, models.Assign{ResponseID: r.ID, FlowID: claim.ID})
		if got := forwarded(t, db, r.DeliveryID); !slices.Equal(got, []string{"all", "claim"}) {
			t.Errorf("once it is assigned it went to %q; want each once", got)
		}
		if _, err := db.UndoAssignment(t.Context(), a.ID, ada); err != nil {
			t.Fatal(err)
		}
		finish(t, db)
	}
}

func TestATargetGetsWhatComesWhileItIsOn(t *testing.T) {
	db := modelstest.Open(t)
	before := db.Store(models.Delivery{})
	db.Advance(time.Second)
	target, _ := db.NewTarget("crm")
	apply := func(d models.Delivery) {
		t.Helper()
		if err := db.ApplyDeliveries(t.Context(), []models.Decoded{{ID: d.ID, ReceivedAt: d.ReceivedAt}}); err != nil {
			t.Fatal(err)
		}
	}
	apply(before)
	on := db.Deliver(models.Delivery{}, models.Decoded{})
	target.Off = true
	target, err := db.SaveTarget(t.Context(), target, ada)
	if err != nil {
		t.Fatal(err)
	}
	db.Advance(time.Second)
	off := db.Deliver(models.Delivery{}, models.Decoded{})
	if got := db.Claim(target.ID, 9); len(got) != 0 {
		t.Errorf("ClaimForwards of a target that is off = %d; want none", len(got))
	}
	db.Advance(time.Second)
	target.Off = false
	if target, err = db.SaveTarget(t.Context(), target, ada); err != nil {
		t.Fatal(err)
	}
	apply(off)
	again := db.Deliver(models.Delivery{}, models.Decoded{})
	for _, c := range []struct {
		what string
		id   int64
		want int
	}{{"before", before.ID, 0}, {"on", on.ID, 1}, {"off", off.ID, 0}, {"on again", again.ID, 1}} {
		if got := forwarded(t, db, c.id); len(got) != c.want {
			t.Errorf("a delivery of %s has %d forwards; want %d", c.what, len(got), c.want)
		}
	}
	if got := db.Claim(target.ID, 9); len(got) != 2 || got[0].DeliveryID != on.ID {
		t.Errorf("ClaimForwards after it was switched on = %+v; want what waited, too", got)
	}
}

func TestAReplayLongAfterDoesNotForwardAgain(t *testing.T) {
	db := modelstest.Open(t)
	target, _ := db.NewTarget("crm")
	d := db.Deliver(models.Delivery{}, models.Decoded{})
	db.Settle(models.ForwardTaken, db.Claim(target.ID, 9)...)
	db.Advance(31 * 24 * time.Hour)
	if gone, err := db.Maintain(t.Context(), models.Keep{}); err != nil || gone.Forwards != 1 {
		t.Fatalf("Maintain = %+v, %v; want the done forward dropped", gone, err)
	}
	if _, err := db.ReplayDeliveries(t.Context(), []int64{d.ID}, ada); err != nil {
		t.Fatal(err)
	}
	if err := db.ApplyDeliveries(t.Context(), []models.Decoded{{ID: d.ID, ReceivedAt: d.ReceivedAt}}); err != nil {
		t.Fatal(err)
	}
	if got := forwarded(t, db, d.ID); len(got) != 0 {
		t.Errorf("a replay a month later goes to %q; want nobody", got)
	}
	if n, err := db.ForwardDeliveries(t.Context(), target.ID, []int64{d.ID}, ada); err != nil || n != 1 {
		t.Errorf("ForwardDeliveries = %d, %v; want 1", n, err)
	}
	if got := forwarded(t, db, d.ID); len(got) != 1 {
		t.Errorf("asked for, it goes to %q; want one", got)
	}
}

// One transaction holds many deliveries: that is another path than one alone.
func TestManyDeliveriesAtOnceEachGoOnce(t *testing.T) {
	db := modelstest.Open(t)
	db.NewTarget("all")
	db.NewTarget("half", func(t *models.Target) { t.Fields = []string{"even"} })
	var ds []models.Delivery
	for i := range 40 {
		ds = append(ds, models.Delivery{Source: "meta", Body: fmt.Append(nil, i), ReceivedAt: db.Time()})
	}
	if err := db.StoreDeliveries(t.Context(), ds); err != nil {
		t.Fatal(err)
	}
	claimed, err := db.ClaimDeliveries(t.Context(), 40)
	if err != nil || len(claimed) != 40 {
		t.Fatalf("ClaimDeliveries = %d, %v", len(claimed), err)
	}
	var all []models.Decoded
	for i, d := range claimed {
		c := models.Decoded{ID: d.ID, ReceivedAt: d.ReceivedAt, Fields: []string{"odd"}}
		if i%2 == 0 {
			c.Fields = []string{"even"}
		}
		if i%10 == 9 {
			c = models.Decoded{ID: d.ID, ReceivedAt: d.ReceivedAt, Fault: "the decoder broke down"}
		}
		all = append(all, c)
	}
	for range 2 {
		if err := db.ApplyDeliveries(t.Context(), all); err != nil {
			t.Fatal(err)
		}
	}
	if n, err := db.CountForwards(t.Context(), models.ForwardFilter{State: models.ForwardWaiting}); err != nil || n != 60 {
		t.Errorf("CountForwards = %d, %v; want 40 for one target and 20 for the other", n, err)
	}
}

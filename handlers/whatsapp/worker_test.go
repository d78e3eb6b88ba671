package whatsapp_test

import (
	"context"
	"log/slog"
	"maps"
	"os"
	"strings"
	"testing"
	"time"

	"switchyard/handlers/whatsapp"
	"switchyard/handlers/whatsapp/wire"
	"switchyard/models"
	"switchyard/models/modelstest"
)

// A worker runs on a desk's database.
type worker struct {
	*desk
	whatsapp.Worker
	stop func()
	done chan error
}

func newWorker(t *testing.T, d *desk) *worker {
	t.Helper()
	w := &worker{desk: d, done: make(chan error, 1)}
	w.Worker = whatsapp.Worker{DB: d.DB.DB, Now: d.Now, Log: slog.New(slog.DiscardHandler),
		Responded: func(token string) { d.ep.Forget(token) }}
	return w
}

func (w *worker) start(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	w.stop = cancel
	go func() { w.done <- w.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		select {
		case err := <-w.done:
			if err != nil {
				t.Errorf("Run = %v; want nil", err)
			}
		case <-time.After(10 * time.Second):
			t.Error("Run does not end with its context")
		}
	})
}

func (w *worker) deliver(t *testing.T, bodies ...[]byte) {
	t.Helper()
	var ds []models.Delivery
	for _, b := range bodies {
		ds = append(ds, models.Delivery{Source: string(wire.Meta), ReceivedAt: w.desk.Time(), Body: b})
	}
	must(t, "StoreDeliveries", w.desk.StoreDeliveries(t.Context(), ds))
	w.Wake()
}

func (w *worker) counts(t *testing.T) map[models.DeliveryState]int64 {
	t.Helper()
	return modelstest.States(t, w.desk.URL)
}

func TestTheWorkerDecodesEveryFixture(t *testing.T) {
	d := newDesk(t)
	d.flow(t, "appointment", "")
	d.flow(t, "claim", "")
	w := newWorker(t, d)
	w.start(t)
	files, err := os.ReadDir("testdata/webhooks")
	must(t, "ReadDir", err)
	var bodies [][]byte
	for _, f := range files {
		bodies = append(bodies, read(t, "webhooks", f.Name()))
	}
	w.deliver(t, bodies...)
	eventually(t, "nothing is pending", func() bool { return w.counts(t)[models.Pending] == 0 })
	got := w.counts(t)
	if got[models.Failed] != 0 || got[models.Unmatched] != 3 || got[models.Done] != int64(len(files)-3) {
		t.Errorf("deliveries = %v; want 3 unmatched (not JSON, unreadable, without a token), the other %d done", got, len(files)-3)
	}
	page, err := d.Responses(t.Context(), models.ResponseFilter{})
	must(t, "Responses", err)
	flows := map[string]int{}
	for _, r := range page.Rows {
		flows[r.FlowSlug+" "+string(r.State)]++
	}
	want := map[string]int{"appointment complete": 3, "claim complete": 1, " unmatched": 1, " unreadable": 1}
	if !maps.Equal(flows, want) {
		t.Errorf("responses = %v; want %v", flows, want)
	}
}

func TestADeliveryOfWhichAPartCannotBeReadNeedsAPersonAndHasItsOtherEffects(t *testing.T) {
	d := newDesk(t)
	d.flow(t, "appointment", "")
	w := newWorker(t, d)
	w.start(t)
	const reply = `{"id":"wamid.1","from":"49","type":"interactive","interactive":{"type":"nfm_reply","nfm_reply":{"response_json":"{\"flow_token\":\"appointment.1\"}"}}}`
	envelope := func(changes string) []byte { return []byte(`{"entry":[{"id":"1","changes":` + changes + `}]}`) }
	bodies := []struct{ body, reason string }{
		{`{"field":"messages","value":{"messages":` + reply + `}}`, "changes of an entry is not a list"},
		{`[{"field":"messages","value":{"messages":` + reply + `}}]`, "messages is not a list"},
		{`[{"field":"messages","value":[` + reply + `]}]`, "the value of messages is not an object"},
		{`[{"field":"messages","value":{"messages":[{"id":"wamid.2","interactive":"nfm_reply"}]}}]`, "interactive of a message is not an object"},
		{`[{"field":"messages","value":{"messages":5}}]`, "messages is not a list"},
		{`[{"field":"flows","value":{"event":"ENDPOINT_LATENCY","alert_state":"ACTIVATED"}}]`, "a change of flows has no flow_id"},
		{`[{"field":"messages","value":{"messages":[` + reply + `],"statuses":{}}}]`, "statuses is not a list"},
		{`[{"field":"flows","value":[]},{"field":"flows","value":{"event":"ENDPOINT_LATENCY","flow_id":"9","alert_state":"ACTIVATED"}}]`,
			"the value of flows is not an object"},
		{`[{"field":"a_new_field","value":[]}]`, ""},
	}
	for _, b := range bodies {
		w.deliver(t, envelope(b.body))
	}
	eventually(t, "nothing is pending", func() bool { return w.counts(t)[models.Pending] == 0 })
	for i, b := range bodies {
		want := models.Unmatched
		if b.reason == "" {
			want = models.Done
		}
		got, err := d.Delivery(t.Context(), int64(i+1))
		if must(t, "Delivery", err); got.State != want || got.Reason != b.reason {
			t.Errorf("delivery of %s is %s, %q; want %s, %q", b.body, got.State, got.Reason, want, b.reason)
		}
	}
	page, err := d.Responses(t.Context(), models.ResponseFilter{})
	must(t, "Responses", err)
	if len(page.Rows) != 1 || page.Rows[0].FlowSlug != "appointment" {
		t.Errorf("responses = %+v; want the one beside the statuses that cannot be read", page.Rows)
	}
	alerts, _, err := d.Alerts(t.Context(), models.AlertFilter{})
	must(t, "Alerts", err)
	if len(alerts) != 1 || alerts[0].MetaID != "9" {
		t.Errorf("alerts = %+v; want the one beside the change that cannot be read", alerts)
	}
	tray, err := d.UnmatchedDeliveries(t.Context(), 0, 20)
	if must(t, "UnmatchedDeliveries", err); len(tray) != len(bodies)-1 {
		t.Errorf("%d deliveries are unmatched; want %d", len(tray), len(bodies)-1)
	}
}

func TestAPoisonousDeliveryFailsAloneAfterEightTries(t *testing.T) {
	d := newDesk(t)
	w := newWorker(t, d)
	whatsapp.SetParse(&w.Worker, func(body []byte, source wire.Source) (wire.Events, error) {
		if strings.Contains(string(body), "poison") {
			panic("a customer's words")
		}
		return wire.ParseWebhook(body, source)
	})
	w.start(t)
	text := read(t, "webhooks", "text.json")
	w.deliver(t, []byte(`{"poison":1}`), text, []byte(`{"poison":2}`), []byte("not JSON"))
	eventually(t, "the good one is done and the bad ones wait", func() bool {
		got := w.counts(t)
		return got[models.Done] == 1 && got[models.Unmatched] == 1 && got[models.Pending] == 2
	})
	for try := 1; w.counts(t)[models.Failed] < 2; try++ {
		if try > 8 {
			t.Fatalf("after %d tries: %v; want two failed", try, w.counts(t))
		}
		d.Advance(10 * time.Minute)
		tried := w.attempts(t)
		w.Wake()
		eventually(t, "both are tried again", func() bool { return w.attempts(t) >= tried+2 || w.counts(t)[models.Failed] == 2 })
	}
	failed, err := d.UnmatchedDeliveries(t.Context(), 0, 10)
	must(t, "UnmatchedDeliveries", err)
	for _, f := range failed {
		if f.State == models.Failed && (f.Attempts != 8 || f.Reason == "" || strings.Contains(f.Reason, "words")) {
			t.Errorf("failed delivery: %d attempts, reason %q; want 8 and a reason without the body's words", f.Attempts, f.Reason)
		}
	}
}

// attempts are those of all deliveries together.
func (w *worker) attempts(t *testing.T) (n int) {
	t.Helper()
	for id := int64(1); id <= 4; id++ {
		d, err := w.desk.Delivery(t.Context(), id)
		must(t, "Delivery", err)
		n += d.Attempts
	}
	return n
}

func TestTheWorkerFinishesItsBatchWhenItIsStopped(t *testing.T) {
	d := newDesk(t)
	w := newWorker(t, d)
	entered, leave := make(chan struct{}), make(chan struct{})
	whatsapp.SetParse(&w.Worker, func(body []byte, source wire.Source) (wire.Events, error) {
		if string(body) == "1" {
			close(entered)
			<-leave
		}
		return wire.Events{}, nil
	})
	w.deliver(t, []byte("1"), []byte("2"))
	w.start(t)
	<-entered
	w.stop()
	close(leave)
	err := <-w.done
	w.done <- err
	if got := w.counts(t); err != nil || got[models.Pending] != 0 || got[models.Done] != 2 {
		t.Errorf("stopped in a batch: %v, %v; want nil, both done", err, got)
	}
}

func TestTheWorkerFindsWhatItWasNotWokenFor(t *testing.T) {
	d := newDesk(t)
	w := newWorker(t, d)
	w.start(t)
	eventually(t, "the worker looked once", func() bool { return w.Looked().Equal(d.Now()) })
	must(t, "StoreDeliveries", d.StoreDeliveries(t.Context(), []models.Delivery{{Source: "meta", ReceivedAt: d.Time(), Body: []byte("x")}}))
	eventually(t, "what another process stored is decoded", func() bool { return w.counts(t)[models.Unmatched] == 1 })
}

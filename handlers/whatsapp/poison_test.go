package whatsapp_test

import (
	"bytes"
	"fmt"
	"os"
	"sync/atomic"
	"testing"
	"time"

	"switchyard/handlers/whatsapp"
	"switchyard/handlers/whatsapp/wire"
	"switchyard/models"
)

// TestPoisonIsSetAsideAndReplayedAfterTheFix sends a thousand deliveries of which 50 cannot be written, 20 hang and 10
// panic; the short form a tenth of each. It is B7 of the reliability plan.
func TestPoisonIsSetAsideAndReplayedAfterTheFix(t *testing.T) {
	scale := int64(1)
	if os.Getenv("SWITCHYARD_VERIFY") != "" {
		scale = 10
	}
	all, refused, hang, panics := 100*scale, 5*scale, 2*scale, scale
	d := newDesk(t)
	w := newWorker(t, d)
	var fixed atomic.Bool
	leave := make(chan struct{})
	whatsapp.SetPatience(&w.Worker, 20*time.Millisecond, 150*time.Millisecond)
	whatsapp.SetParse(&w.Worker, func(body []byte, source wire.Source) (wire.Events, error) {
		events, err := wire.ParseWebhook(body, source)
		switch {
		case fixed.Load():
		case bytes.Contains(body, []byte("wamid.HANG")):
			<-leave
		case bytes.Contains(body, []byte("wamid.PANIC")):
			panic("poison")
		case bytes.Contains(body, []byte("wamid.REFUSED")):
			events.Messages[0].Type = "refused"
		}
		return events, err
	})
	d.Refuse("messages", "type", "refused")
	var bodies [][]byte
	for i := range all {
		name := "GOOD"
		switch {
		case i%10 == 3 && i/10 < hang:
			name = "HANG"
		case i%10 == 5 && i/10 < refused:
			name = "REFUSED"
		case i%10 == 7 && i/10 < panics:
			name = "PANIC"
		}
		bodies = append(bodies, fmt.Appendf(nil, `{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"messages","value":{
			"messages":[{"id":"wamid.%s%d","from":"551199%06d","type":"text","text":{"body":"x"}}]}}]}]}`, name, i, i))
	}
	w.start(t)
	w.deliver(t, bodies...)
	bad := refused + hang + panics
	eventually(t, "the good ones are done within 5 s", func() bool { return w.counts(t)[models.Done] == all-bad })
	for try := 0; w.counts(t)[models.Failed] < bad; try++ {
		if try > 400 {
			t.Fatalf("deliveries = %v; want %d failed", w.counts(t), bad)
		}
		d.Advance(10 * time.Minute)
		w.Wake()
		time.Sleep(20 * time.Millisecond)
	}
	tray, err := d.UnmatchedDeliveries(t.Context(), 0, 100)
	must(t, "UnmatchedDeliveries", err)
	for _, f := range tray {
		if f.State != models.Failed || f.Attempts != 8 || f.Reason == "" {
			t.Errorf("poison: %s after %d tries, %q; want failed after 8, with its reason", f.State, f.Attempts, f.Reason)
		}
	}
	fixed.Store(true)
	close(leave)
	r, err := d.StartReplay(t.Context(), models.DeliveryFilter{State: models.Failed}, models.By{Name: "test"})
	if must(t, "StartReplay", err); r.Total != bad {
		t.Errorf("StartReplay counts %d; want %d", r.Total, bad)
	}
	for more := true; more; {
		more, _, err = d.ContinueReplay(t.Context(), false)
		must(t, "ContinueReplay", err)
	}
	w.Wake()
	eventually(t, "the replay has cleared all", func() bool { return w.counts(t)[models.Done] == all })
	if tray, err = d.UnmatchedDeliveries(t.Context(), 0, 100); err != nil || len(tray) != 0 {
		t.Errorf("the tray holds %d, %v; want none", len(tray), err)
	}
}

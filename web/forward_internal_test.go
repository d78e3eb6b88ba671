package web

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"switchyard/models"
	"switchyard/models/modelstest"
)

// arrive stores bodies as Meta sent them and decodes them.
func arrive(db *modelstest.DB, bodies ...string) (ds []models.Delivery) {
	for i, b := range bodies {
		ds = append(ds, db.Deliver(models.Delivery{Body: []byte(b), Signature: fmt.Sprintf("sha256=%064d", i), ContentType: "application/json; charset=" + fmt.Sprint(i)},
			models.Decoded{Fields: []string{"messages"}}))
	}
	return ds
}

// wantEachOnce tells what a target missed, got twice, or got otherwise than it came.
func wantEachOnce(t *testing.T, target models.Target, secret string, r *receiver, ds []models.Delivery) {
	t.Helper()
	taken := map[string]int{}
	for _, a := range r.arrived() {
		if a.status >= 200 && a.status < 300 {
			taken[a.id()]++
		}
		i := slices.IndexFunc(ds, func(d models.Delivery) bool { return target.WebhookID(d.ID) == a.id() })
		if i < 0 {
			t.Errorf("%s got %q, which is no delivery's", target.Name, a.id())
			continue
		}
		d := ds[i]
		verify(t, secret, a)
		if !bytes.Equal(a.body, d.Body) || a.header.Get("X-Hub-Signature-256") != d.Signature || a.header.Get("Content-Type") != d.ContentType ||
			a.header.Get("User-Agent") != "Switchyard/test" {
			t.Errorf("%s got %q with %v; want the bytes, the signature and the type that came with delivery %d", target.Name, a.body, a.header, d.ID)
		}
	}
	for _, d := range ds {
		if n := taken[target.WebhookID(d.ID)]; n != 1 {
			t.Errorf("%s took delivery %d %d times; want once", target.Name, d.ID, n)
		}
	}
}

func TestEveryBodyArrivesOncePerTargetThatIsDownSlowRedirectingFailingAndThenWell(t *testing.T) {
	db := modelstest.Open(t)
	well, elsewhere, ill := newReceiver(t, db, status(204)), newReceiver(t, db, status(200)), newReceiver(t, db, status(200))
	never := make(chan struct{})
	good, goodSecret := db.NewTarget("well", to(well))
	bad, badSecret := db.NewTarget("ill", to(ill))
	f := newForwarder(t, db, well, ill, elsewhere)
	var ds []models.Delivery
	for i, phase := range []struct {
		name, reason string
		begin        func()
	}{
		{"down", "failed: connection refused", ill.goAway},
		{"slow", "gave no whole answer in time (1 s).", func() { ill.come(); ill.now(until(never)) }},
		{"redirecting", "It answered 307 Temporary Redirect: the address has moved, and no redirect is followed. Set the new address.", func() {
			ill.now(func(w http.ResponseWriter, req *http.Request) {
				http.Redirect(w, req, elsewhere.url(), http.StatusTemporaryRedirect)
			})
		}},
		{"returning 500", "It answered 500 Internal Server Error.", func() { ill.now(status(500)) }},
	} {
		phase.begin()
		ds = append(ds, arrive(db, fmt.Sprintf(`{"entry": [%d], "text":"äöü" }`, i), "not JSON "+phase.name, "\x00\xff"+phase.name)...)
		f.pass(t)
		all, err := db.TargetsHealth(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if h := all[bad.ID]; h.Waiting != int64(len(ds)) || h.Failures == 0 || !strings.Contains(h.Failure, phase.reason) || strings.Contains(h.Failure, "key=1") {
			t.Errorf("while it is %s: %+v; want all waiting because %q", phase.name, h, phase.reason)
		}
		if h := all[good.ID]; h.Waiting != 0 || h.Failures != 0 {
			t.Errorf("while another is %s, the health of the one that is well is %+v", phase.name, h)
		}
		db.Advance(10 * time.Minute)
	}
	ill.now(status(200))
	for range 20 {
		f.pass(t)
		db.Advance(10 * time.Minute)
	}
	wantEachOnce(t, good, goodSecret, well, ds)
	wantEachOnce(t, bad, badSecret, ill, ds)
	if n := len(elsewhere.arrived()); n != 0 {
		t.Errorf("the address of the redirect got %d requests; want none", n)
	}
	if n, err := db.CountForwards(t.Context(), models.ForwardFilter{State: models.ForwardDone}); err != nil || n != int64(2*len(ds)) {
		t.Errorf("%d forwards are done, %v; want %d", n, err, 2*len(ds))
	}
}

func TestWhatWasSentAndNotSettledIsSentAgainUnderItsWebhookID(t *testing.T) {
	db := modelstest.Open(t)
	r := newReceiver(t, db, status(200))
	target, secret := db.NewTarget("crm", to(r))
	d := arrive(db, "{}")[0]
	killed := newForwarder(t, db, r)
	c, err := db.ClaimForwards(t.Context(), target.ID, 4, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	killed.passOn(t.Context(), t.Context(), c, time.Now().Add(time.Minute)) // and nothing more: the process ends here
	f := newForwarder(t, db, r)
	if f.pass(t); len(r.arrived()) != 1 {
		t.Fatalf("%d arrived within the lease; want 1", len(r.arrived()))
	}
	db.Advance(time.Minute)
	f.pass(t)
	got := r.arrived()
	if len(got) != 2 || got[0].id() != got[1].id() || got[0].id() != target.WebhookID(d.ID) || !bytes.Equal(got[0].body, got[1].body) {
		t.Fatalf("arrived %+v; want the same twice", got)
	}
	verify(t, secret, got[1])
	if f.pass(t); len(r.arrived()) != 2 {
		t.Errorf("%d arrived after it was settled; want 2", len(r.arrived()))
	}
}

func TestTwoServersOnOneDatabaseSendEachOnce(t *testing.T) {
	db := modelstest.Open(t)
	beside := modelstest.OpenAt(t, db.URL, func(o *models.Options) { o.Now = db.Now })
	r := newReceiver(t, db, status(200))
	target, secret := db.NewTarget("crm", to(r))
	var bodies []string
	for i := range 60 {
		bodies = append(bodies, fmt.Sprintf(`{"n":%d}`, i))
	}
	ds := arrive(db, bodies...)
	a, b := newForwarder(t, db, r), newForwarder(t, beside, r)
	done := make(chan struct{})
	go func() { b.pass(t); close(done) }()
	a.pass(t)
	<-done
	wantEachOnce(t, target, secret, r, ds)
	if n := len(r.arrived()); n != len(ds) {
		t.Errorf("%d requests arrived; want %d", n, len(ds))
	}
}

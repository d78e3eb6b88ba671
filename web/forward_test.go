package web_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"switchyard/handlers/whatsapp/wire"
	"switchyard/models"
	"switchyard/web"
)

// aim makes a target at a server of this machine, which an administrator allows, too.
func aim(t testing.TB, app *web.App, name string, answer http.HandlerFunc) models.Target {
	t.Helper()
	s := httptest.NewServer(answer)
	t.Cleanup(func() {
		s.CloseClientConnections()
		s.Close()
	})
	if err := app.DB().AllowHost(t.Context(), strings.TrimPrefix(s.URL, "http://"), "", models.By{}); err != nil {
		t.Fatal(err)
	}
	target, _, err := app.DB().CreateTarget(t.Context(), models.Target{Name: name, URL: s.URL}, models.By{})
	if err != nil {
		t.Fatal(err)
	}
	return target
}

func TestTheServerPassesOnWhatMetaSent(t *testing.T) {
	r := start(t, func(*web.Config) {})
	var mu sync.Mutex
	got := map[string]string{}
	target := aim(t, r.app, "crm", func(w http.ResponseWriter, req *http.Request) {
		body, _ := io.ReadAll(req.Body)
		mu.Lock()
		defer mu.Unlock()
		got[string(body)] = req.Header.Get(wire.SignatureHeader) + " " + req.Header.Get("User-Agent")
	})
	body := `{"object":"whatsapp_business_account", "entry":[{"id":"1","changes":[{"field":"messages","value":{}}]}]}`
	if err := deliver(http.DefaultClient, r.app.URL(), body); err != nil {
		t.Fatal(err)
	}
	eventually(t, "passed on", func() bool {
		n, err := r.app.DB().CountForwards(t.Context(), models.ForwardFilter{Target: target.ID, State: models.ForwardDone})
		return n == 1 && err == nil
	})
	mu.Lock()
	if want := wire.Sign("app-secret", []byte(body)) + " Switchyard/"; !strings.HasPrefix(got[body], want) || len(got) != 1 {
		t.Errorf("the target got %q; want the body with %q", got, want)
	}
	mu.Unlock()
	r.end(t)
	if log := r.log.String(); strings.Contains(log, target.URL) || strings.Contains(log, "entry") {
		t.Errorf("the log names a target's address or a body:\n%s", log)
	}
}

// ackRate is how many deliveries a second BenchmarkAcknowledge sends.
const ackRate = 200

// BenchmarkAcknowledge measures how long Meta waits for its answer at a steady pace, without targets and with three of
// which one hangs: the two belong together, compare them in one run.
func BenchmarkAcknowledge(b *testing.B) {
	b.Run("no target", func(b *testing.B) { acknowledge(b, func(*web.App) {}) })
	b.Run("three targets, one hangs", func(b *testing.B) {
		acknowledge(b, func(app *web.App) {
			aim(b, app, "one", func(http.ResponseWriter, *http.Request) {})
			aim(b, app, "two", func(http.ResponseWriter, *http.Request) {})
			aim(b, app, "hanging", func(_ http.ResponseWriter, req *http.Request) {
				io.Copy(io.Discard, req.Body) // then the server hears that the other side went
				<-req.Context().Done()
			})
		})
	})
}

func acknowledge(b *testing.B, prepare func(*web.App)) {
	app, err := web.New(testConfig(b, &syncBuffer{}))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { app.Close() })
	prepare(app)
	app.Start()
	took := make([]time.Duration, b.N)
	var all sync.WaitGroup
	pace := time.NewTicker(time.Second / ackRate)
	defer pace.Stop()
	b.ResetTimer()
	for i := range b.N {
		<-pace.C
		all.Go(func() {
			body := fmt.Sprintf(`{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"messages","value":{"n":%d}}]}]}`, i)
			req := httptest.NewRequest(http.MethodPost, "/webhooks/meta", strings.NewReader(body))
			req.Header.Set(wire.SignatureHeader, wire.Sign("app-secret", []byte(body)))
			w, begin := httptest.NewRecorder(), time.Now()
			if app.Handler().ServeHTTP(w, req); w.Code != http.StatusOK {
				b.Errorf("POST = %d", w.Code)
			}
			took[i] = time.Since(begin)
		})
	}
	all.Wait()
	slices.Sort(took)
	b.ReportMetric(float64(took[b.N/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(took[b.N*99/100].Microseconds())/1000, "p99-ms")
}

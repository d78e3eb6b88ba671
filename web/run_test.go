package web_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"switchyard/handlers/whatsapp/wire"
	"switchyard/models"
	"switchyard/models/modelstest"
	"switchyard/web"
	"switchyard/web/keys"
)

// running is the program with a port of its own.
type running struct {
	app   *web.App
	cfg   web.Config
	log   *syncBuffer
	stop  context.CancelFunc
	ended chan error
}

func start(t testing.TB, change func(*web.Config)) *running {
	t.Helper()
	r := &running{log: &syncBuffer{}, ended: make(chan error, 1)}
	r.cfg = testConfig(t, r.log)
	r.cfg.Listen = "127.0.0.1:0"
	change(&r.cfg)
	var err error
	if r.app, err = web.New(r.cfg); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	r.stop = cancel
	if err := r.app.Listen(ctx); err != nil {
		t.Fatal(err)
	}
	go func() { r.ended <- r.app.Run(ctx) }()
	eventually(t, "ready", func() bool { status, _ := get(r.app.URL() + "/readyz"); return status == 200 })
	return r
}

// end stops the program and waits for it.
func (r *running) end(t testing.TB) {
	t.Helper()
	r.stop()
	select {
	case err := <-r.ended:
		if err != nil {
			t.Errorf("Run = %v; want nil", err)
		}
	case <-time.After(15 * time.Second):
		t.Fatal("Run did not end 15 s after its context")
	}
}

func get(url string) (int, string) {
	c := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 5 * time.Second}
	resp, err := c.Get(url)
	if err != nil {
		return 0, err.Error()
	}
	defer resp.Body.Close()
	text, _ := io.ReadAll(resp.Body)
	return resp.StatusCode, string(text)
}

func eventually(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(5 * time.Second); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("not %s within 5 s", what)
		}
	}
}

func TestStopUnderLoadResetsNothingAndLosesNothing(t *testing.T) {
	r := start(t, func(c *web.Config) { c.Drain = 150 * time.Millisecond })
	var kept atomic.Int64
	var wg sync.WaitGroup
	for sender := range 8 {
		wg.Go(func() {
			c := &http.Client{Transport: &http.Transport{}, Timeout: 10 * time.Second}
			for i := 0; ; i++ {
				err := deliver(c, r.app.URL(), fmt.Sprintf(`{"object":"whatsapp_business_account","entry":[],"n":"%d-%d"}`, sender, i))
				if errors.Is(err, syscall.ECONNREFUSED) {
					return // nothing was sent
				} else if err != nil {
					t.Errorf("delivery %d of sender %d: %v; want an answer", i, sender, err)
					return
				}
				kept.Add(1)
			}
		})
	}
	eventually(t, "under load", func() bool { return kept.Load() > 50 })
	r.stop()
	eventually(t, "told to go elsewhere", func() bool {
		status, text := get(r.app.URL() + "/readyz")
		return status == 503 && text == "stopping\n"
	})
	if status, _ := get(r.app.URL() + "/healthz"); status != 200 {
		t.Errorf("GET /healthz while draining = %d; want 200", status)
	}
	r.end(t)
	wg.Wait()
	counts := modelstest.States(t, string(r.cfg.Database))
	stored := counts[models.Pending] + counts[models.Done] + counts[models.Unmatched]
	if stored != kept.Load() {
		t.Errorf("stored %d (%v); want %d, as many as were answered 200", stored, counts, kept.Load())
	}
}

func deliver(c *http.Client, origin, body string) error {
	req, err := http.NewRequest("POST", origin+"/webhooks/meta", strings.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set(wire.SignatureHeader, wire.Sign("app-secret", []byte(body)))
	resp, err := c.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if _, err := io.Copy(io.Discard, resp.Body); err != nil || resp.StatusCode != 200 {
		return fmt.Errorf("answer %d, %w", resp.StatusCode, err)
	}
	return nil
}

func TestMetricsHaveTheirOwnListenerAndNothingElseThere(t *testing.T) {
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	free.Close()
	r := start(t, func(c *web.Config) { c.MetricsListen = free.Addr().String() })
	defer r.end(t)
	aim(t, r.app, "crm", func(http.ResponseWriter, *http.Request) {})
	get(r.app.URL() + "/sign-in")
	get(r.app.URL() + "/nothing/5511999887766")
	if err := deliver(http.DefaultClient, r.app.URL(), "{}"); err != nil {
		t.Fatal(err)
	}
	http.Post(r.app.URL()+"/webhooks/meta", "application/json", strings.NewReader("{}"))
	status, text := get("http://" + r.cfg.MetricsListen + "/metrics")
	if status != 200 {
		t.Fatalf("GET /metrics = %d %s", status, text)
	}
	for _, line := range []string{
		`switchyard_http_requests_total{route="/sign-in",status="200"} 1`,
		`switchyard_webhook_requests_total{result="stored"} 1`,
		`switchyard_webhook_requests_total{result="bad_signature"} 1`,
		`switchyard_deliveries{state="failed"} 0`,
		`switchyard_forwards{state="dead",target="1"} 0`, `switchyard_oldest_forward_seconds{target="1"} `,
		"switchyard_inbox_depth 0", "switchyard_wal_bytes ", "switchyard_oldest_pending_seconds ", "go_goroutines ",
	} {
		if !strings.Contains(text, "\n"+line) {
			t.Errorf("GET /metrics has no %s", line)
		}
	}
	if strings.Contains(text, "5511999887766") {
		t.Error("GET /metrics shows what a sender chose")
	}
	for _, path := range []string{"/", "/healthz", "/sign-in", "/debug/pprof/"} {
		if status, _ := get("http://" + r.cfg.MetricsListen + path); status != 404 {
			t.Errorf("GET %s on the metrics listener = %d; want 404", path, status)
		}
	}
	if status, _ := get(r.app.URL() + "/metrics"); status != 404 {
		t.Errorf("GET /metrics on the server = %d; want 404", status)
	}
}

func TestFirstStartLogsTheSetupLinkOnce(t *testing.T) {
	r := start(t, func(*web.Config) {})
	defer r.end(t)
	link := regexp.MustCompile(`"link":"(http://127\.0\.0\.1:\d+/setup\?token=[A-Z2-7]+)"`)
	eventually(t, "told the link", func() bool { return link.MatchString(r.log.String()) }) // it serves a moment before
	links := link.FindAllStringSubmatch(r.log.String(), -1)
	if len(links) != 1 {
		t.Fatalf("log has %d setup links; want 1:\n%s", len(links), r.log)
	}
	jar, _ := cookiejar.New(nil)
	resp, err := (&http.Client{Jar: jar}).Get(links[0][1])
	if err != nil || resp.StatusCode != 200 || resp.Request.URL.RawQuery != "" {
		t.Errorf("GET the setup link = %v, %v; want the form at an address without the token", resp, err)
	}
}

func TestSecondServerOnAFileIsRefused(t *testing.T) {
	cfg := testConfig(t, io.Discard)
	cfg.Database = web.Database(modelstest.SQLiteURL(t))
	a, err := web.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := web.New(cfg); err == nil || !strings.Contains(err.Error(), "already") {
		t.Errorf("second web.New = %v; want a refusal", err)
	}
	db, err := web.OpenBeside(t.Context(), cfg)
	if err != nil {
		t.Fatalf("OpenBeside a server = %v; want it open", err)
	}
	db.Close()
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := web.New(cfg)
	if err != nil {
		t.Fatalf("web.New after the first closed = %v; want it open", err)
	}
	again.Close()
}

func TestSlowHeadersEndTheConnection(t *testing.T) {
	t.Parallel()
	r := start(t, func(*web.Config) {})
	defer r.end(t)
	c, err := net.Dial("tcp", strings.TrimPrefix(r.app.URL(), "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	fmt.Fprint(c, "GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ")
	c.SetReadDeadline(time.Now().Add(7 * time.Second))
	if _, err := io.ReadAll(c); err != nil {
		t.Errorf("a connection with half a header after 7 s: %v; want it closed by the server", err)
	}
}

func TestNothingAboutPeopleReachesTheLog(t *testing.T) {
	s := openSite(t).addUsers(t)
	body := `{"phone":"5511999887766","text":"my answer"}`
	for _, sc := range []scenario{
		{path: "/responses?text=5511999887766&q=my+answer", as: "admin"},
		{path: "/flow-endpoint/nothing/path-secret-of-a-flow", method: "POST", body: body},
		{path: "/webhooks/meta?hub.mode=subscribe&hub.verify_token=guessed-token&hub.challenge=1"},
		{path: "/webhooks/meta", method: "POST", body: body, header: map[string]string{"X-Hub-Signature-256": "sha256=" + strings.Repeat("ab", 32)}},
		{path: "/webhooks/meta", method: "POST", body: body, header: map[string]string{"X-Hub-Signature-256": wire.Sign("app-secret", []byte(body))}},
		{path: "/setup?token=GUESSEDSETUPTOKEN"},
		{path: "/nothing/5511999887766"},
		{path: "/sign-in", method: "POST", body: "email=someone@example.com&password=canary-password", header: map[string]string{"Content-Type": "application/x-www-form-urlencoded"}},
	} {
		s.send(t, sc)
	}
	eventually(t, "decoded", func() bool {
		counts, _, err := s.DB().DeliveryCounts(t.Context())
		return err == nil && counts[models.Pending] == 0
	})
	log := s.log.String()
	for _, leak := range []string{"5511999887766", "my answer", "my+answer", "path-secret", "guessed-token", "GUESSEDSETUPTOKEN", "abababab", "canary-password",
		"someone@example.com", password, "app-secret"} {
		if strings.Contains(log, leak) {
			t.Errorf("log has %q", leak)
		}
	}
	if !strings.Contains(log, `"route":"/flow-endpoint/:flow/:secret"`) {
		t.Error("log has no line of the endpoint's route; want the pattern")
	}
}

func TestTheStartTellsWhoDecrypts(t *testing.T) {
	for setting, want := range map[string]string{keys.Go: `"rsa":"crypto/rsa of go1`, keys.Auto: `"rsa":"libcrypto of OpenSSL 3.`} {
		s := start(t, func(c *web.Config) { c.Crypto = setting })
		s.end(t)
		if log := s.log.String(); !strings.Contains(log, want) || strings.Contains(log, `"WARN"`) {
			t.Errorf("the log with SWITCHYARD_CRYPTO=%s has no %s, or a warning:\n%s", setting, want, log)
		}
	}
}

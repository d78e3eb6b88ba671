package whatsapp_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"

	"switchyard/handlers/whatsapp"
	"switchyard/handlers/whatsapp/wire"
	"switchyard/models"
	"switchyard/models/ingest"
)

const appSecret, oldSecret = "app secret of the test", "the one before"

// A hook is a Webhook on a server, with what it did.
type hook struct {
	whatsapp.Webhook
	http.Handler

	mu     sync.Mutex
	stored []models.Delivery
	marks  []string
	counts []string
}

func newHook(change ...func(*hook)) *hook {
	h := &hook{}
	h.Submit = func(_ context.Context, d models.Delivery) error {
		h.mu.Lock()
		defer h.mu.Unlock()
		h.stored = append(h.stored, d)
		return nil
	}
	h.Secrets = func() []string { return []string{appSecret, oldSecret} }
	h.VerifyToken = func() string { return "verify me" }
	h.Now = func() time.Time { return time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC) }
	h.Note = func(mark, detail string) { h.marks = append(h.marks, strings.TrimSuffix(mark+" "+detail, " ")) }
	h.Count = func(result string) { h.counts = append(h.counts, result) }
	h.Address = func(echo.Context) string { return "192.0.2.0/24" }
	for _, f := range change {
		f(h)
	}
	e := echo.New()
	e.GET("/webhooks/meta", h.Verify)
	e.POST("/webhooks/meta", h.Receive(wire.Meta), middleware.BodyLimit("4MiB"))
	e.POST("/webhooks/360dialog", h.ReceiveDialog360, middleware.BodyLimit("4MiB"))
	e.POST("/unlimited", h.Receive(wire.Meta))
	h.Handler = e
	return h
}

func (h *hook) do(method, target string, body io.Reader, signatures ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, body)
	r.Header.Set("Content-Type", "application/json")
	for _, s := range signatures {
		r.Header.Add(wire.SignatureHeader, s)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestVerifyEchoesTheChallengeOnlyForTheVerifyToken(t *testing.T) {
	const good = "hub.mode=subscribe&hub.verify_token=verify+me&hub.challenge=1158201444"
	const known = models.MarkChallenge + " 192.0.2.0/24"
	challenge := func(text string) string {
		return strings.Replace(good, "1158201444", url.QueryEscape(text), 1)
	}
	for _, c := range []struct {
		name, query, mark string
		status            int
	}{
		{"as Meta sends it", good, known, 200},
		{"base64", challenge("a+b/c="), known, 200},
		{"signs", challenge("~tilde A_z.0-9"), known, 200},
		{"letters of another script", challenge("é"), known, 200},
		{"bytes that are no text", challenge("\xff\x00"), known, 200},
		{"a script, which nosniff keeps a text", challenge("<script>"), known, 200},
		{"a line end in the challenge", challenge("1\n"), known, 200},
		{"a long one", challenge(strings.Repeat("a", 4<<10)), known, 200},
		{"another token", strings.Replace(good, "verify+me", "verify+you", 1), models.MarkChallengeBad + " 192.0.2.0/24", 403},
		{"no token", "hub.mode=subscribe&hub.challenge=1", models.MarkChallengeBad + " 192.0.2.0/24", 403},
		{"another mode", strings.Replace(good, "subscribe", "unsubscribe", 1), models.MarkChallengeBad + " 192.0.2.0/24", 403},
		{"nothing", "", models.MarkChallengeBad + " 192.0.2.0/24", 403},
		{"a challenge too long", challenge(strings.Repeat("a", 4<<10+1)), "", 403},
		{"an empty challenge", challenge(""), "", 403},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := newHook()
			w := h.do("GET", "/webhooks/meta?"+c.query, nil)
			if w.Code != c.status {
				t.Fatalf("GET ?%s = %d; want %d", c.query, w.Code, c.status)
			}
			if got := strings.Join(h.marks, ","); got != c.mark {
				t.Errorf("marks = %q; want %q", got, c.mark)
			}
			if kind, sniff := w.Header().Get("Content-Type"), w.Header().Get("X-Content-Type-Options"); !strings.HasPrefix(kind, "text/plain") ||
				c.status == 200 && (kind != "text/plain" || sniff != "nosniff") {
				t.Errorf("Content-Type %q, X-Content-Type-Options %q; want text/plain, nosniff", kind, sniff)
			}
			if want := httptest.NewRequest("GET", "/?"+c.query, nil).FormValue("hub.challenge"); c.status == 200 && w.Body.String() != want {
				t.Errorf("body = %q; want %q", w.Body, want)
			}
		})
	}
}

func TestVerifyWithoutATokenSetRefusesAnEmptyOne(t *testing.T) {
	h := newHook(func(h *hook) { h.VerifyToken = func() string { return "" } })
	if w := h.do("GET", "/webhooks/meta?hub.mode=subscribe&hub.verify_token=&hub.challenge=1", nil); w.Code != 403 {
		t.Errorf("GET with an empty token = %d; want 403", w.Code)
	}
}

func TestReceiveStoresTheRawBodyBefore200(t *testing.T) {
	body := `{ "object":"x", "ü":"\/" }` + "\n"
	for _, secret := range []string{appSecret, oldSecret} {
		h := newHook()
		w := h.do("POST", "/webhooks/meta", strings.NewReader(body), wire.Sign(secret, []byte(body)))
		if w.Code != 200 || len(h.stored) != 1 {
			t.Fatalf("POST signed by %q = %d, %d stored; want 200, 1", secret, w.Code, len(h.stored))
		}
		d := h.stored[0]
		if string(d.Body) != body || d.Source != "meta" || d.Signature != wire.Sign(secret, []byte(body)) ||
			d.ContentType != "application/json" || !d.ReceivedAt.Equal(h.Now()) {
			t.Errorf("stored %+v; want the body, source, headers and time as they came", d)
		}
		if !slices.Equal(h.counts, []string{"stored"}) || !slices.Equal(h.marks, []string{models.MarkSigned}) {
			t.Errorf("counts %q, marks %q; want stored and signed", h.counts, h.marks)
		}
	}
}

func TestReceiveRefusesWhatIsNotSigned(t *testing.T) {
	body := `{"object":"whatsapp_business_account"}`
	good := wire.Sign(appSecret, []byte(body))
	for name, signatures := range map[string][]string{
		"no header":               nil,
		"an empty header":         {""},
		"another secret":          {wire.Sign("guess", []byte(body))},
		"an empty secret":         {wire.Sign("", []byte(body))},
		"another body":            {wire.Sign(appSecret, []byte(body+" "))},
		"upper-case digits":       {"sha256=" + strings.ToUpper(good[7:])},
		"sha1":                    {"sha1=" + good[7:]},
		"too short":               {good[:len(good)-1]},
		"too long":                {good + "0"},
		"two headers, both right": {good, good},
		"two headers, one right":  {good, "sha256=00"},
		"two in one header":       {good + "," + good},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHook()
			w := h.do("POST", "/webhooks/meta", strings.NewReader(body), signatures...)
			if w.Code != 401 || len(h.stored) != 0 {
				t.Errorf("POST signed %q = %d, %d stored; want 401, 0", signatures, w.Code, len(h.stored))
			}
			if !slices.Equal(h.marks, []string{models.MarkBadSignature + " 192.0.2.0/24"}) || !slices.Equal(h.counts, []string{"bad_signature"}) {
				t.Errorf("marks %q, counts %q; want the bad signature with its address", h.marks, h.counts)
			}
		})
	}
}

func TestReceiveWithoutASecretStoresNothing(t *testing.T) {
	h := newHook(func(h *hook) { h.Secrets = func() []string { return nil } })
	w := h.do("POST", "/webhooks/meta", strings.NewReader("{}"), wire.Sign("", []byte("{}")))
	if w.Code != 503 || len(h.stored) != 0 || strings.Count(w.Body.String(), "\n") != 1 {
		t.Errorf("POST without a secret = %d %q, %d stored; want 503, one line, 0", w.Code, w.Body, len(h.stored))
	}
	if !slices.Equal(h.marks, []string{models.MarkNoSecret + " 192.0.2.0/24"}) {
		t.Errorf("marks = %q; want that deliveries arrive", h.marks)
	}
}

func TestReceiveAsksForAnotherTryWhenItCannotStore(t *testing.T) {
	for err, count := range map[error]string{
		ingest.ErrFull:             "full",
		ingest.ErrClosed:           "unavailable",
		errors.New("disk is full"): "unavailable",
	} {
		h := newHook(func(h *hook) { h.Submit = func(context.Context, models.Delivery) error { return err } })
		w := h.do("POST", "/webhooks/meta", strings.NewReader("{}"), wire.Sign(appSecret, []byte("{}")))
		if w.Code != 503 || w.Header().Get("Retry-After") == "" || !slices.Equal(h.counts, []string{count}) {
			t.Errorf("POST while %v = %d, Retry-After %q, counts %q; want 503 with Retry-After, %s", err, w.Code,
				w.Header().Get("Retry-After"), h.counts, count)
		}
		if strings.Contains(w.Body.String(), "disk") {
			t.Errorf("POST while %v tells %q", err, w.Body)
		}
	}
}

func TestReceiveTakesAnyBodyThatIsSigned(t *testing.T) {
	for name, body := range map[string]string{
		"empty": "", "not JSON": "hello", "an array": "[]", "bytes": "\x00\xff\xfe", "the limit": strings.Repeat("a", 4<<20),
	} {
		h := newHook()
		w := h.do("POST", "/webhooks/meta", strings.NewReader(body), wire.Sign(appSecret, []byte(body)))
		if w.Code != 200 || len(h.stored) != 1 || string(h.stored[0].Body) != body {
			t.Errorf("POST of %s = %d, %d stored; want 200 and the body stored", name, w.Code, len(h.stored))
		}
	}
}

func TestReceiveStopsAtTheLimit(t *testing.T) {
	body := strings.Repeat("a", 4<<20+1)
	for _, target := range []string{"/webhooks/meta", "/unlimited"} {
		for name, reader := range map[string]io.Reader{
			"with a length": strings.NewReader(body),
			"chunked":       io.MultiReader(strings.NewReader(body)),
		} {
			h := newHook()
			w := h.do("POST", target, reader, wire.Sign(appSecret, []byte(body)))
			if w.Code != 413 || len(h.stored) != 0 {
				t.Errorf("POST %s of 4 MiB and a byte, %s = %d, %d stored; want 413, 0", target, name, w.Code, len(h.stored))
			}
		}
	}
}

func TestReceiveCountsASenderThatBreaksOff(t *testing.T) {
	h := newHook()
	w := h.do("POST", "/webhooks/meta", io.MultiReader(strings.NewReader("{"), broken{}), "sha256=00")
	if w.Code != 400 || !slices.Equal(h.counts, []string{"unreadable"}) || len(h.stored) != 0 {
		t.Errorf("POST of half a body = %d, counts %q; want 400, unreadable", w.Code, h.counts)
	}
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

package web

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"switchyard/models"
	"switchyard/models/modelstest"
	"switchyard/web/outbound"
)

// A receiver is another system: a real server at an address of its own, which can be away.
type receiver struct {
	t       *testing.T
	clock   func() time.Time
	address string
	server  *httptest.Server // nil: away

	mu     sync.Mutex
	answer http.HandlerFunc // what it does with what comes; it has read the body
	got    []arrival
}

// An arrival is one request, with the status that it was answered by.
type arrival struct {
	header http.Header
	body   []byte
	status int
	at     time.Time
}

func (a arrival) id() string { return a.header.Get("webhook-id") }

func newReceiver(t *testing.T, db *modelstest.DB, answer http.HandlerFunc) *receiver {
	t.Helper()
	r := &receiver{t: t, clock: db.Now, answer: answer, address: "127.0.0.1:0"}
	r.come()
	t.Cleanup(r.goAway)
	return r
}

func (r *receiver) url() string { return "http://" + r.address + "/hook?key=1" }

// come listens at the address where it was before.
func (r *receiver) come() {
	r.t.Helper()
	l, err := net.Listen("tcp", r.address)
	if err != nil {
		r.t.Fatal(err)
	}
	r.address = l.Addr().String()
	r.server = httptest.NewUnstartedServer(r)
	r.server.Listener.Close()
	r.server.Listener = l
	r.server.Start()
}

func (r *receiver) goAway() {
	if r.server != nil {
		r.server.CloseClientConnections()
		r.server.Close()
	}
	r.server = nil
}

func (r *receiver) now(answer http.HandlerFunc) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.answer = answer
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return
	}
	r.mu.Lock()
	answer := r.answer
	r.mu.Unlock()
	seen := &statusOf{ResponseWriter: w, status: http.StatusOK}
	answer(seen, req)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.got = append(r.got, arrival{req.Header.Clone(), body, seen.status, r.clock()})
}

// arrived are the requests that were answered so far.
func (r *receiver) arrived() []arrival {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.got)
}

type statusOf struct {
	http.ResponseWriter
	status int
}

func (w *statusOf) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

func status(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
}

// until answers when the channel is closed, or the other side has gone.
func until(open <-chan struct{}) http.HandlerFunc {
	return func(w http.ResponseWriter, req *http.Request) {
		select {
		case <-open:
		case <-req.Context().Done():
			w.WriteHeader(http.StatusTeapot) // nobody hears it
		}
	}
}

// newForwarder passes on from a database to servers of this machine.
func newForwarder(t *testing.T, db *modelstest.DB, to ...*receiver) *forwarder {
	t.Helper()
	var trusted []string
	for _, r := range to {
		trusted = append(trusted, r.address)
	}
	client := outbound.New(outbound.Options{Trusted: trusted})
	t.Cleanup(client.Close)
	return &forwarder{
		db: db.DB, now: db.Now, agent: "Switchyard/test", observe: func(int64, string) {}, log: slog.New(slog.DiscardHandler), poll: 5 * time.Millisecond,
		send: func(r *http.Request, limit time.Duration) (*http.Response, error) {
			return client.Do(r, outbound.Policy{Timeout: limit})
		},
	}
}

// pass passes on all that is due at the moment.
func (f *forwarder) pass(t *testing.T) {
	t.Helper()
	f.init()
	for range 1000 {
		due, err := f.db.DueTargets(t.Context())
		if err == nil {
			err = f.begin(t.Context(), t.Context())
		}
		if err != nil {
			t.Errorf("pass: %v", err)
			return
		}
		if f.all.Wait(); len(due) == 0 {
			return
		}
	}
	t.Error("something is due for ever")
}

// to makes a target at a receiver, with a timeout of a second.
func to(r *receiver, change ...func(*models.Target)) func(*models.Target) {
	return func(t *models.Target) {
		t.URL, t.Timeout = r.url(), 1
		for _, c := range change {
			c(t)
		}
	}
}

// verify checks a signature as Standard Webhooks says a receiver should, knowing nothing of how it was made.
func verify(t *testing.T, secret string, a arrival) {
	t.Helper()
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	if err != nil {
		t.Fatal(err)
	}
	id, stamp := a.header.Get("Webhook-Id"), a.header.Get("Webhook-Timestamp")
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil || time.Unix(seconds, 0).Sub(a.at).Abs() > 5*time.Minute || id == "" || strings.Contains(id, ".") {
		t.Errorf("webhook-id %q, webhook-timestamp %q; want an id without dots and seconds near %d", id, stamp, a.at.Unix())
	}
	mac := hmac.New(sha256.New, key)
	mac.Write(slices.Concat([]byte(id), []byte("."), []byte(stamp), []byte("."), a.body))
	for given := range strings.FieldsSeq(a.header.Get("Webhook-Signature")) {
		sum, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(given, "v1,"))
		if strings.HasPrefix(given, "v1,") && err == nil && hmac.Equal(sum, mac.Sum(nil)) {
			return
		}
	}
	t.Errorf("no signature of %s in %q holds", id, a.header.Get("Webhook-Signature"))
}

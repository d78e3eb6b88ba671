package play_test

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"switchyard/handlers/whatsapp/wire"
)

const appSecret = "the app secret of the tests"

// A server answers as the product does, with a flow of three screens; it is there as "booking", and in plain JSON as "open".
type server struct {
	*httptest.Server
	key   *rsa.PrivateKey
	plain bool
	delay func(n int) time.Duration // before the n-th answer

	mu     sync.Mutex
	tokens []string // of every request, in the order of arrival
	bodies [][]byte // of the webhook
	events []wire.Message
}

func start(t *testing.T, plain bool) *server {
	t.Helper()
	text, err := os.ReadFile("testdata/private.pem")
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(text)
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	s := &server{key: key.(*rsa.PrivateKey), plain: plain, delay: func(int) time.Duration { return 0 }}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /flow-endpoint/booking", s.exchange)
	mux.HandleFunc("POST /flow-endpoint/open", s.exchange)
	mux.HandleFunc("POST /webhooks/meta", s.webhook)
	mux.HandleFunc("POST /elsewhere", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/webhooks/meta", http.StatusTemporaryRedirect)
	})
	s.Server = httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s
}

func (s *server) exchange(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	if s.plain || strings.HasSuffix(r.URL.Path, "/open") {
		if r.Header.Get("X-Switchyard-Secret") != "plain secret" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		s.answer(w, body, func(b []byte) []byte { return b })
		return
	}
	if !wire.Signed(r.Header.Get(wire.SignatureHeader), body, appSecret) {
		w.WriteHeader(432)
		return
	}
	request, reply, _, err := wire.Open(body, []wire.Decrypter{s.key})
	if err != nil {
		w.WriteHeader(http.StatusMisdirectedRequest)
		return
	}
	s.answer(w, request, reply.Seal)
}

func (s *server) answer(w http.ResponseWriter, plain []byte, seal func([]byte) []byte) {
	r, err := wire.ParseRequest(plain)
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	s.tokens = append(s.tokens, r.Token)
	n := len(s.tokens)
	s.mu.Unlock()
	time.Sleep(s.delay(n))
	if r.Token == "expired" {
		w.WriteHeader(427)
		w.Write(seal(wire.AnswerExpired("This link is used.")))
		return
	}
	w.Write(seal(decide(r)))
}

func decide(r wire.Request) []byte {
	if _, _, notice := r.Notice(nil); notice {
		return wire.AnswerAcknowledged(r.Version)
	}
	switch {
	case r.Ping():
		return wire.AnswerPing(r.Version)
	case r.Action == "INIT" || r.Action == "BACK":
		return wire.AnswerScreen(r.Version, "FORM", map[string]any{"title": "Hello\x1b[2J\u202e", "from": r.Screen})
	case r.Screen == "FORM" && r.Data["age"] == "null":
		return []byte(`{"screen":"DONE","data":{"list":[{"id":null}]}}`)
	case r.Screen == "FORM" && r.Data["age"] == "lost":
		return []byte(`{"screen":"SUCCESS","data":{"extension_message_response":{"params":{}}}}`)
	case r.Screen == "FORM" && r.Data["age"] == "12":
		return wire.AnswerScreen(r.Version, "FORM", map[string]any{"error_message": "Please ask a parent."})
	case r.Screen == "FORM":
		return wire.AnswerScreen(r.Version, "DONE", nil)
	case r.Screen == "DONE":
		return wire.AnswerFinish(r.Version, r.Token, map[string]any{"age": 34})
	}
	return []byte(`{"data":{}}`)
}

func (s *server) webhook(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	if !wire.Signed(r.Header.Get(wire.SignatureHeader), body, appSecret) || r.Header.Get("Content-Type") != "application/json" {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	events, _ := wire.ParseWebhook(body, wire.Meta)
	s.mu.Lock()
	s.bodies = append(s.bodies, body)
	s.events = append(s.events, events.Messages...)
	n := len(s.bodies)
	s.mu.Unlock()
	time.Sleep(s.delay(n))
}

// seen returns the tokens that came, each once.
func (s *server) seen() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	tokens := slices.Clone(s.tokens)
	slices.Sort(tokens)
	return slices.Compact(tokens)
}

package web

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"net/http"
	"time"

	"switchyard/handlers/whatsapp"
	"switchyard/handlers/whatsapp/wire"
	"switchyard/models"
)

// A selfClient plays WhatsApp within the process: through the handler of every request, over no network.
type selfClient struct {
	handler http.Handler
	path    string         // of the flow's endpoint
	key     *rsa.PublicKey // nil: plain JSON
	secret  string         // signs encrypted requests, opens the door of plain ones; "" = neither
}

// A selfAnswer is what came back.
type selfAnswer struct {
	status int
	data   map[string]any // of the answer; nil when it could not be opened or is no object
	screen string
	broken error // why a 200 or 427 could not be read
	took   time.Duration
}

// ask sends one request and reads the answer as a phone does.
func (s selfClient) ask(ctx context.Context, request map[string]any) (selfAnswer, error) {
	plain, err := json.Marshal(request)
	if err != nil {
		return selfAnswer{}, err
	}
	body, open := plain, func(b []byte) ([]byte, error) { return b, nil }
	if s.key != nil {
		sealed, opener, err := wire.SealRequest(rand.Reader, s.key, plain)
		if err != nil {
			return selfAnswer{}, err
		}
		body, open = sealed, opener.Open
	}
	r, err := http.NewRequestWithContext(whatsapp.Inward(ctx), http.MethodPost, "http://localhost"+s.path, bytes.NewReader(body))
	if err != nil {
		return selfAnswer{}, err
	}
	s.show(r, body)
	w := &selfWriter{header: http.Header{}}
	began := time.Now()
	s.handler.ServeHTTP(w, r)
	a := selfAnswer{status: w.status, took: time.Since(began)}
	if a.status == http.StatusOK || a.status == tokenSpent {
		a.read(w.body.Bytes(), open)
	}
	return a, nil
}

// tokenSpent is the status of a token that no longer works (protocol.md §3.2).
const tokenSpent = 427

// show adds what opens the door.
func (s selfClient) show(r *http.Request, body []byte) {
	r.RemoteAddr = "127.0.0.1:0"
	r.Header.Set("Content-Type", "application/json")
	switch {
	case s.secret == "":
	case s.key == nil:
		r.Header.Set("X-Switchyard-Secret", s.secret)
	default:
		r.Header.Set(wire.SignatureHeader, wire.Sign(s.secret, body))
	}
}

func (a *selfAnswer) read(body []byte, open func([]byte) ([]byte, error)) {
	plain, err := open(body)
	if err != nil {
		a.broken = err
		return
	}
	var answer struct {
		Screen string         `json:"screen"`
		Data   map[string]any `json:"data"`
	}
	d := json.NewDecoder(bytes.NewReader(plain))
	d.UseNumber()
	if d.Decode(&answer) != nil || answer.Data == nil && a.status == http.StatusOK {
		a.broken = errors.New("the answer is not an object with data")
		return
	}
	a.screen, a.data = answer.Screen, answer.Data
}

// A selfWriter keeps an answer.
type selfWriter struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (w *selfWriter) Header() http.Header { return w.header }

func (w *selfWriter) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
}

func (w *selfWriter) Write(b []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	return w.body.Write(b)
}

// newestKey is the public part of the newest live key pair; nil when there is none.
func newestKey(all []models.Key, now time.Time) (*rsa.PublicKey, error) {
	for _, k := range all {
		if !k.RetireAt.IsZero() && !now.Before(k.RetireAt.Time) {
			continue
		}
		block, _ := pem.Decode([]byte(k.PublicPEM))
		if block == nil {
			return nil, errors.New("a public key is not PEM")
		}
		pub, err := x509.ParsePKIXPublicKey(block.Bytes)
		if err != nil {
			return nil, err
		}
		key, ok := pub.(*rsa.PublicKey)
		if !ok {
			return nil, errors.New("a public key is not RSA")
		}
		return key, nil
	}
	return nil, nil
}

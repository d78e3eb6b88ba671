package web_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"switchyard/models"
)

// A receiver is another system, with what it got; answer is what it says, nothing with 200 when nil.
type receiver struct {
	*httptest.Server
	mu     sync.Mutex
	got    []received
	answer http.HandlerFunc
}

type received struct {
	header http.Header
	path   string
	body   string
}

func newReceiver(t *testing.T) *receiver {
	t.Helper()
	r := &receiver{}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		body, _ := io.ReadAll(req.Body)
		r.mu.Lock()
		r.got = append(r.got, received{req.Header, req.URL.String(), string(body)})
		answer := r.answer
		r.mu.Unlock()
		if answer != nil {
			answer(w, req)
		}
	}))
	t.Cleanup(r.Close)
	return r
}

// host is host:port, as an entry of allowed hosts names it.
func (r *receiver) host() string { return strings.TrimPrefix(r.URL, "http://") }

// says sets what it answers from now on.
func (r *receiver) says(status int, body string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.answer = func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		io.WriteString(w, body)
	}
}

// all is what it got so far.
func (r *receiver) all() []received {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]received(nil), r.got...)
}

// signedBy tells whether one of the signatures is that of Standard Webhooks by a secret.
func (r received) signedBy(t *testing.T, secret string) bool {
	t.Helper()
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	if err != nil {
		t.Fatal(err)
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(r.header.Get("webhook-id") + "." + r.header.Get("webhook-timestamp") + "." + r.body))
	want := "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
	for one := range strings.FieldsSeq(r.header.Get("webhook-signature")) {
		if one == want {
			return true
		}
	}
	return false
}

// addTarget makes a target of a receiver that is allowed, and returns it with its secret.
func (s *site) addTarget(t *testing.T, r *receiver, name, path string) (models.Target, string) {
	t.Helper()
	if err := s.DB().AllowHost(t.Context(), r.host(), "", tester); err != nil {
		t.Fatal(err)
	}
	made, secret, err := s.DB().CreateTarget(t.Context(), models.Target{Name: name, URL: r.URL + path}, tester)
	if err != nil {
		t.Fatal(err)
	}
	return made, secret
}

// fields is a form by pairs of name and value.
func fields(pairs ...string) url.Values {
	v := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	return v
}

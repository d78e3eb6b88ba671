package play

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"switchyard/handlers/whatsapp/wire"
)

// A Player is one customer's WhatsApp, with Meta's servers behind it.
type Player struct {
	URL        string         // of the flow's endpoint
	PublicKey  *rsa.PublicKey // of the endpoint; nil = plain JSON
	AppSecret  string         // signs requests and webhooks; empty = unsigned
	Secret     string         // of a plain-JSON flow; empty = none
	FlowToken  string         // empty = requests carry none
	WebhookURL string         // where a completed flow is told; empty = /webhooks/meta of URL's host
	Client     *http.Client   // nil = http.DefaultClient
}

// SecretHeader carries the secret of a plain-JSON flow.
const SecretHeader = "X-Switchyard-Secret"

// answerLimit is above the 1 MiB that a client takes, in base64.
const answerLimit = 2 << 20

// newClient waits as long as WhatsApp does, follows no redirect, and keeps a connection for each visit at a time.
func newClient(inFlight int) *http.Client {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.MaxIdleConns, t.MaxIdleConnsPerHost = inFlight, inFlight
	return &http.Client{
		Transport: t, Timeout: 10 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// Exchange sends one request and returns the answer, numbers as json.Number. Bodies of 200 and 427 are opened and read;
// of another status the answer is nil. An answer that the client could not read is an error.
func (p *Player) Exchange(ctx context.Context, request map[string]any) (answer map[string]any, status int, err error) {
	plain, err := json.Marshal(request)
	if err != nil {
		return nil, 0, fmt.Errorf("write the request: %w", err)
	}
	body, open := plain, func(b []byte) ([]byte, error) { return b, nil }
	if p.PublicKey != nil {
		sealed, opener, err := wire.SealRequest(rand.Reader, p.PublicKey, plain)
		if err != nil {
			return nil, 0, err
		}
		body, open = sealed, opener.Open
	}
	status, text, err := p.post(ctx, p.URL, body)
	if err != nil || status != http.StatusOK && status != 427 || len(text) == 0 {
		return nil, status, err
	}
	if plain, err = open(text); err != nil {
		return nil, status, err
	}
	answer, err = decodeObject(plain)
	return answer, status, err
}

// Webhook posts a body to url as Meta does, signed when there is an app secret.
func (p *Player) Webhook(ctx context.Context, url string, body []byte) (status int, err error) {
	status, _, err = p.post(ctx, url, body)
	return status, err
}

func (p *Player) post(ctx context.Context, to string, body []byte) (status int, answer []byte, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, to, bytes.NewReader(body))
	if err != nil {
		return 0, nil, errors.New("the address cannot be used")
	}
	r.Header.Set("Content-Type", "application/json")
	if p.AppSecret != "" {
		r.Header.Set(wire.SignatureHeader, wire.Sign(p.AppSecret, body))
	}
	if p.Secret != "" {
		r.Header.Set(SecretHeader, p.Secret)
	}
	client := p.Client
	if client == nil {
		client = http.DefaultClient
	}
	resp, err := client.Do(r)
	if err != nil {
		return 0, nil, withoutURL(err)
	}
	defer resp.Body.Close()
	answer, err = io.ReadAll(io.LimitReader(resp.Body, answerLimit))
	if err != nil {
		return resp.StatusCode, nil, fmt.Errorf("read the answer: %w", err)
	}
	return resp.StatusCode, answer, nil
}

// withoutURL leaves the address out of an error: it may hold a plain-JSON flow's secret.
func withoutURL(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err
	}
	return fmt.Errorf("no answer: %w", err)
}

func decodeObject(text []byte) (map[string]any, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var o map[string]any
	if err := d.Decode(&o); err != nil || o == nil {
		return nil, errors.New("the answer is not a JSON object")
	}
	return o, nil
}

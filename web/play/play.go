// Package play plays WhatsApp against a server: it opens a flow, goes through its screens, completes it, and posts
// webhooks, sealed and signed as the platform does.
//
// A test visit is one whose flow_token begins with "test."; the server keeps such visits and their responses out of
// figures, exports and forwarding. The mark can only take away from what a request counts for: whoever can send
// it could send the request without it.
package play

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"
)

// TestPrefix begins the flow_token of a test visit.
const TestPrefix = "test."

// maxRate bounds the load, in requests a second.
const maxRate = 100_000

// ErrUse says that the options cannot be right: exit code 2.
var ErrUse = errors.New("wrong use")

// Options are the flags of "switchyard play", parsed.
type Options struct {
	Script     string        // a file or a folder of scripts; with Webhook a body or a folder of bodies
	URL        string        // of a flow's endpoint, of the server when the scripts name their flows, or of the webhook
	PublicKey  string        // PEM file of the endpoint's key; empty = plain JSON
	AppSecret  string        // signs; empty = unsigned
	Secret     string        // of a plain-JSON flow, sent in its header; empty = none
	Token      string        // flow_token; empty = a random one
	Test       bool          // mark the visits as tests
	Webhook    bool          // post bodies instead of playing a script
	Mix        bool          // post bodies that are made, as load, instead of a script's
	WebhookURL string        // where a completed flow is told; empty = /webhooks/meta of URL's host
	Rate       float64       // requests a second for load; 0 = play once
	For        time.Duration // how long to keep up the load
	InFlight   int           // most visits at a time under load; 0 = 256
	Slow       float64       // share of the requests whose bodies come late, 0 to 1
	SlowBy     time.Duration // by how much
	Client     *http.Client  // nil = one that waits 10 s, as WhatsApp does
}

// Main does what the options say, writes what came back to out, and returns an error when the server did not answer as
// expected. An error that is ErrUse is the caller's mistake.
func Main(ctx context.Context, o Options, out io.Writer) error {
	if err := o.check(); err != nil {
		return err
	}
	p, err := o.player()
	if err != nil {
		return err
	}
	if o.Mix {
		return o.mix(ctx, p, out)
	}
	if o.Webhook {
		return o.webhook(ctx, p, out)
	}
	scripts, err := readScripts(o.Script)
	if err != nil {
		return err
	}
	players, err := p.each(scripts)
	if err != nil {
		return err
	}
	if o.Rate == 0 {
		return runEach(ctx, players, scripts, out)
	}
	run := rand.Text()[:8] // or a second run would meet the visits of the first
	return o.load(ctx, out, mean(scripts), func(ctx context.Context, n int, due time.Time, r *Recorder) {
		i := n % len(scripts)
		players[i].visit(fmt.Sprintf("%s-%s%d", p.FlowToken, run, n)).record(ctx, scripts[i], due, r)
	})
}

func (o Options) check() error {
	u, err := url.Parse(o.URL)
	switch {
	case o.Mix && (o.Script != "" || o.Webhook || o.Rate == 0):
		return fmt.Errorf("%w: --mix makes the bodies of a load: give it --rate and --for, and neither a script nor --webhook", ErrUse)
	case o.Script == "" && !o.Mix:
		return fmt.Errorf("%w: name a script", ErrUse)
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		return fmt.Errorf("%w: --url must be an address that starts with http:// or https://", ErrUse)
	case !(o.Rate >= 0 && o.Rate <= maxRate) || o.For < 0 || (o.Rate > 0) != (o.For > 0): // the first form refuses NaN too
		return fmt.Errorf("%w: load needs both --rate (up to %d a second) and --for", ErrUse, maxRate)
	case !(o.Slow >= 0 && o.Slow <= 1) || o.SlowBy < 0:
		return fmt.Errorf("%w: --slow is a share of the requests, such as 0.3, and --slow-by how late they come, such as 2s", ErrUse)
	case (o.Webhook || o.Mix) && (o.Test || o.Token != "" || o.PublicKey != ""):
		return fmt.Errorf("%w: --webhook posts bodies as they are, without key, token and test mark", ErrUse)
	}
	return nil
}

func (o Options) player() (*Player, error) {
	p := &Player{
		URL: o.URL, AppSecret: o.AppSecret, Secret: o.Secret, WebhookURL: o.WebhookURL, Client: o.Client, FlowToken: o.Token,
	}
	if p.Client == nil {
		p.Client = newClient(o.inFlight())
	}
	p.Client = o.slow(p.Client)
	if p.FlowToken == "" {
		p.FlowToken = rand.Text()
	}
	if o.Test && !strings.HasPrefix(p.FlowToken, TestPrefix) {
		p.FlowToken = TestPrefix + p.FlowToken
	}
	if o.PublicKey == "" {
		return p, nil
	}
	var err error
	p.PublicKey, err = readPublicKey(o.PublicKey)
	return p, err
}

func (o Options) inFlight() int {
	if o.InFlight > 0 {
		return o.InFlight
	}
	return 256
}

func readPublicKey(file string) (*rsa.PublicKey, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read the public key: %w", err)
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, errors.New("the public key is not a PEM file")
	}
	key, err := x509.ParsePKIXPublicKey(block.Bytes)
	pub, ok := key.(*rsa.PublicKey)
	if err != nil || !ok || pub.Size() != 256 {
		return nil, errors.New("the public key is not one of RSA with 2048 bits")
	}
	return pub, nil
}

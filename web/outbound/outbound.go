// Package outbound is every request that starts here: one client that cannot reach private addresses, and our signature.
package outbound

import (
	"context"
	"crypto/x509"
	"net"
	"net/http"
	"net/url"
	"slices"
	"time"
)

// Options are what a Client needs to know. The zero value reaches public addresses over https, nothing else.
type Options struct {
	// Allowed lists the host:port pairs that an administrator allowed: they may be private and plain http. It is asked
	// for every request, so that an entry taken away counts at once.
	Allowed func(context.Context) ([]string, error)
	Trusted []string // host:port pairs that the environment names; they count as allowed
	Agent   string   // User-Agent of requests that have none

	Resolver *net.Resolver  // nil is the system's
	Roots    *x509.CertPool // nil is the system's
}

// A Policy is what one kind of request may do.
type Policy struct {
	Hosts   []string      // the only hosts, as host (port 443) or host:port; nil is any
	Timeout time.Duration // from start to the last byte of the body; 0 is 30 s
	Limit   int64         // bytes of the body that can be read before ErrTooLarge; 0 is 1 MiB
}

const (
	wholeTimeout = 30 * time.Second
	bodyLimit    = 1 << 20
)

// A Client starts requests. It follows no redirect (the answer 3xx is given back), asks no proxy, keeps no cookie and
// looks at the address that it connects to, after the name was resolved.
type Client struct {
	options Options
	open    *http.Client // reaches public addresses
	allowed *http.Client // reaches what someone allowed; its own connections, so that none outlives an entry
}

// New returns a client; Close it.
func New(o Options) *Client {
	return &Client{options: o, open: newClient(o, guarded), allowed: newClient(o, asWritten)}
}

// Close closes idle connections.
func (c *Client) Close() {
	c.open.CloseIdleConnections()
	c.allowed.CloseIdleConnections()
}

// Do starts a request, as http.Client does: the caller closes the body. An error is always an *Error, whose text is
// for people and holds neither path nor query of the address.
func (c *Client) Do(req *http.Request, p Policy) (*http.Response, error) {
	client, err := c.judge(req.Context(), req.URL, p)
	if err != nil {
		return nil, err
	}
	timeout := p.Timeout
	if timeout <= 0 {
		timeout = wholeTimeout
	}
	ctx, cancel := context.WithTimeout(req.Context(), timeout)
	req = req.Clone(ctx)
	if c.options.Agent != "" && req.Header.Get("User-Agent") == "" {
		req.Header.Set("User-Agent", c.options.Agent)
	}
	resp, err := client.Do(req)
	if err != nil {
		cancel()
		return nil, explain(err, req.URL, timeout)
	}
	resp.Body = &body{of: resp.Body, left: limit(p), max: limit(p), cancel: cancel, url: req.URL, timeout: timeout}
	return resp, nil
}

// Check tells whether Do would refuse a request to that address before it looks the name up.
func (c *Client) Check(ctx context.Context, u *url.URL, p Policy) error {
	_, err := c.judge(ctx, u, p)
	return err
}

// judge refuses what can be refused by the address as it is written, and picks the client for the rest.
func (c *Client) judge(ctx context.Context, u *url.URL, p Policy) (*http.Client, error) {
	host, err := hostPort(u)
	if err != nil {
		return nil, err
	}
	if p.Hosts != nil {
		if u.Scheme != "https" || !slices.ContainsFunc(p.Hosts, func(h string) bool { return withPort(h) == host }) {
			return nil, &Error{kind: ErrHost, text: "Only " + list(p.Hosts) + " may be asked here, over https; not " + host + "."}
		}
	}
	allowed, err := c.isAllowed(ctx, host)
	switch {
	case err != nil:
		return nil, &Error{kind: ErrUnknown, text: "The list of allowed hosts could not be read.", cause: err}
	case allowed:
		return c.allowed, nil
	case u.Scheme != "https":
		return nil, &Error{kind: ErrPlain, text: "Only https addresses may be called; an administrator can allow " + host + " on the page Forwarding."}
	}
	return c.open, literal(u, host)
}

func (c *Client) isAllowed(ctx context.Context, host string) (bool, error) {
	same := func(entry string) bool {
		entry, err := ParseHost(entry)
		return err == nil && entry == host
	}
	if slices.ContainsFunc(c.options.Trusted, same) {
		return true, nil
	}
	if c.options.Allowed == nil {
		return false, nil
	}
	entries, err := c.options.Allowed(ctx)
	return slices.ContainsFunc(entries, same), err
}

func limit(p Policy) int64 {
	if p.Limit > 0 {
		return p.Limit
	}
	return bodyLimit
}

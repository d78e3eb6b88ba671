package outbound

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"syscall"
	"time"

	"code.dny.dev/ssrf"
)

const (
	dialTimeout   = 5 * time.Second
	tlsTimeout    = 5 * time.Second
	headerTimeout = wholeTimeout
	idleTimeout   = 60 * time.Second
	perHost       = 8        // connections to one host
	headerLimit   = 64 << 10 // bytes
)

// A control looks at an address that is about to be connected to; net.Dialer calls it after the name was resolved.
type control = func(network, address string, _ syscall.RawConn) error

// errLink is a name, allowed by someone, that leads where it must not.
var errLink = errors.New("address of the link")

// guard refuses every address that the public internet does not route, on any port.
var guard = ssrf.New(ssrf.WithAnyPort())

// guarded gives every connection the guard.
func guarded(string) control { return guard.Safe }

// asWritten lets a host that someone allowed be anywhere, with one exception: a name must not lead to an address of
// the link, where clouds keep the credentials of their machines. Who means such an address allows it by its number.
func asWritten(address string) control {
	if at, err := netip.ParseAddrPort(address); err == nil && at.IsValid() {
		return nil
	}
	return func(_, address string, _ syscall.RawConn) error {
		at, err := netip.ParseAddrPort(address)
		if err != nil || at.Addr().IsLinkLocalUnicast() || at.Addr().IsMulticast() {
			return errLink
		}
		return nil
	}
}

func newClient(o Options, look func(address string) control) *http.Client {
	dial := func(ctx context.Context, network, address string) (net.Conn, error) {
		d := net.Dialer{Timeout: dialTimeout, Resolver: o.Resolver, Control: look(address)}
		return d.DialContext(ctx, network, address)
	}
	return &http.Client{
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			Proxy:                  nil, // a proxy of the environment would connect in our place, unseen
			DialContext:            dial,
			TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: o.Roots},
			TLSHandshakeTimeout:    tlsTimeout,
			ResponseHeaderTimeout:  headerTimeout,
			IdleConnTimeout:        idleTimeout,
			MaxConnsPerHost:        perHost,
			MaxIdleConnsPerHost:    perHost,
			MaxIdleConns:           64,
			MaxResponseHeaderBytes: headerLimit,
			DisableCompression:     true, // limits count the bytes that arrive
			ForceAttemptHTTP2:      true,
		},
	}
}

// literal refuses a private address that stands in the URL itself, before anything is dialed.
func literal(u *url.URL, host string) error {
	ip, err := netip.ParseAddr(u.Hostname())
	if err != nil {
		return nil // a name: judged when it is resolved
	}
	if guard.SafeAddr(ip.Unmap()) != nil {
		return private(ip.Unmap().String()+" is", host)
	}
	return nil
}

package outbound_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"sync/atomic"
	"testing"

	"switchyard/web/outbound"
)

// proxy is what HTTP_PROXY names while these tests run (net/http reads it once), proxied who came there.
var (
	proxy   string
	proxied atomic.Int64
)

func TestMain(m *testing.M) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	go http.Serve(counted{l, &proxied}, http.NotFoundHandler())
	proxy = "http://" + l.Addr().String()
	for _, name := range []string{"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy"} {
		os.Setenv(name, proxy)
	}
	os.Exit(m.Run())
}

func dialer(address string) func(context.Context, string, string) (net.Conn, error) {
	return func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "udp", address)
	}
}

func newClient(t *testing.T, o outbound.Options) *outbound.Client {
	t.Helper()
	c := outbound.New(o)
	t.Cleanup(c.Close)
	return c
}

// get asks for url and returns status and body, or what was refused.
func get(t *testing.T, c *outbound.Client, url string, p outbound.Policy) (int, string, error) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := c.Do(req, p)
	if err != nil {
		return 0, "", err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	return resp.StatusCode, string(text), err
}

// allow is a list of entries as the database would give it.
func allow(entries ...string) func(context.Context) ([]string, error) {
	return func(context.Context) ([]string, error) { return entries, nil }
}

func wantKind(t *testing.T, call string, err, kind error) {
	t.Helper()
	if e, ok := errors.AsType[*outbound.Error](err); !ok || !errors.Is(e, kind) {
		t.Errorf("%s = %v; want the kind %q", call, err, kind)
	}
}

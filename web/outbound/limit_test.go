package outbound_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"switchyard/web/outbound"
)

func TestABodyIsReadUpToItsLimit(t *testing.T) {
	url, host := answering(t, func(w http.ResponseWriter, _ *http.Request) { w.Write(make([]byte, 1000)) })
	c := newClient(t, outbound.Options{Allowed: allow(host)})
	if _, text, err := get(t, c, url, outbound.Policy{Limit: 1000}); len(text) != 1000 || err != nil {
		t.Errorf("read of 1000 bytes within 1000 = %d, %v; want 1000", len(text), err)
	}
	_, text, err := get(t, c, url, outbound.Policy{Limit: 999})
	wantKind(t, "read of 1000 bytes within 999", err, outbound.ErrTooLarge)
	if len(text) != 999 {
		t.Errorf("read of 1000 bytes within 999 gave %d", len(text))
	}
}

func TestTimeRunsFromStartToTheLastByte(t *testing.T) {
	url, host := answering(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/body" {
			w.Write([]byte("first"))
			w.(http.Flusher).Flush()
		}
		<-r.Context().Done()
	})
	c := newClient(t, outbound.Options{Allowed: allow(host)})
	for _, path := range []string{"/headers?key=hidden", "/body?key=hidden"} {
		_, _, err := get(t, c, url+path, outbound.Policy{Timeout: 50 * time.Millisecond})
		wantKind(t, "Do("+path+")", err, outbound.ErrTimeout)
		if err != nil && (!strings.Contains(err.Error(), host) || strings.Contains(err.Error(), "hidden")) {
			t.Errorf("Do(%s) = %q; want the host and no query", path, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	req, _ := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	_, err := c.Do(req, outbound.Policy{})
	wantKind(t, "Do with a canceled context", err, outbound.ErrCanceled)
}

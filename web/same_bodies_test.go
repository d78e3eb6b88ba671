package web_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"switchyard/handlers/whatsapp/wire"
	"switchyard/web"
)

// TestABodyThatComesTwentyTimesAtOnceHasOneEffect is C5 of the reliability plan.
func TestABodyThatComesTwentyTimesAtOnceHasOneEffect(t *testing.T) {
	const bodies, times, senders = 1000, 20, 50
	var cfg web.Config
	s := openSite(t, func(c *web.Config) { cfg = *c })
	transport := &http.Transport{MaxIdleConnsPerHost: senders}
	defer transport.CloseIdleConnections()
	var next, taken atomic.Int64
	var all sync.WaitGroup
	for range senders {
		all.Go(func() {
			for {
				n := next.Add(1) - 1
				if n >= bodies*times {
					return
				}
				n = n/(senders*times)*senders + n%senders // the same ones come close to each other
				body := messageBody(fmt.Sprintf(`{"id":"wamid.%d","from":"1555000%04d","timestamp":"1790000000","type":"text","text":{"body":"x"}}`, n, n%100))
				req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.server.URL+"/webhooks/meta", strings.NewReader(body))
				if err != nil {
					t.Error(err)
					return
				}
				req.Header.Set(wire.SignatureHeader, wire.Sign("app-secret", []byte(body)))
				resp, err := (&http.Client{Transport: transport}).Do(req)
				if err != nil {
					t.Error(err)
					return
				}
				_, _ = io.Copy(io.Discard, resp.Body)
				resp.Body.Close()
				if resp.StatusCode == http.StatusOK {
					taken.Add(1)
				}
			}
		})
	}
	all.Wait()
	s.decoded(t)
	if taken.Load() != bodies*times {
		t.Errorf("200 for %d of %d", taken.Load(), bodies*times)
	}
	want := fmt.Sprintf("%d|%d|%d|100|", bodies, bodies*times, bodies)
	if got := query(t, cfg, `SELECT count(*), sum(seen), (SELECT count(*) FROM messages), (SELECT count(*) FROM contacts) FROM deliveries`); got[0] != want {
		t.Errorf("deliveries, seen, messages, contacts = %s; want %s", got[0], want)
	}
}

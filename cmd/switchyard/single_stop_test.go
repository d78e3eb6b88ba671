package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"switchyard/handlers/whatsapp/wire"
)

// TestSingleServerStopsUnderLoadWithoutResettingAnybody is B5 of the reliability plan; the long form stops it 100 times.
func TestSingleServerStopsUnderLoadWithoutResettingAnybody(t *testing.T) {
	t.Parallel()
	stops := verify(4, 100)
	c := newSingle(t, "SWITCHYARD_DRAIN=150ms")
	p := c.procs[0]
	var sent, kept atomic.Int64
	for i := range stops {
		if i > 0 {
			p.start(t)
		}
		var all sync.WaitGroup
		for range senders {
			all.Go(func() {
				client := &http.Client{Transport: &http.Transport{}, Timeout: 20 * time.Second}
				defer client.CloseIdleConnections()
				for {
					err := post(t, client, p.url("/webhooks/meta"), fmt.Appendf(nil, `{"object":"whatsapp_business_account","entry":[],"n":%d}`, sent.Add(1)))
					if errors.Is(err, syscall.ECONNREFUSED) {
						return // nothing was sent
					} else if err != nil {
						t.Errorf("a body sent during stop %d: %v; want an answer", i+1, err)
						return
					}
					kept.Add(1)
				}
			})
		}
		time.Sleep(150 * time.Millisecond)
		p.stop(t)
		all.Wait()
	}
	if kept.Load() < int64(10*stops) {
		t.Errorf("%d bodies acknowledged; want a load", kept.Load())
	}
	same(t, "deliveries stored and acknowledged", c.rows(t, `SELECT count(*) FROM deliveries`), []string{fmt.Sprint(kept.Load())})
	same(t, "what integrity_check finds", c.rows(t, `PRAGMA integrity_check`), []string{"ok"})
	t.Logf("stopped %d times under load: %d bodies acknowledged, all stored, no connection reset, exit 0", stops, kept.Load())
}

func post(t *testing.T, client *http.Client, url string, body []byte) error {
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set(wire.SignatureHeader, wire.Sign(clusterSecret, body))
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if _, err := io.Copy(io.Discard, resp.Body); err != nil || resp.StatusCode != http.StatusOK {
		return fmt.Errorf("answer %d, %w", resp.StatusCode, err)
	}
	return nil
}

package web_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"switchyard/handlers/whatsapp/wire"
	"switchyard/models/modelstest"
	"switchyard/web"
	"switchyard/web/play"
)

const (
	intakeRate  = 500 // deliveries a second
	intakePhase = 5 * time.Second
)

// BenchmarkIntakeDuringExport is how long an acknowledgement takes at 500 deliveries a second, open loop, while all responses
// are exported, and while they are not, in turn: an operation is five seconds of each. x-p99 is the ratio.
func BenchmarkIntakeDuringExport(b *testing.B) {
	b.Cleanup(func(percent int) func() { return func() { debug.SetGCPercent(percent) } }(debug.SetGCPercent(300))) // as switchyard serve
	for engine, url := range modelstest.ManyURLs(b) {
		b.Run(engine, func(b *testing.B) {
			db := modelstest.OpenAt(b, url)
			modelstest.LoadMany(b, db.DB, modelstest.Many(b))
			if err := db.Close(); err != nil {
				b.Fatal(err)
			}
			log, err := os.Create(filepath.Join(b.TempDir(), "log"))
			if err != nil {
				b.Fatal(err)
			}
			defer log.Close()
			s := start(b, func(c *web.Config) { c.Log, c.Database = log, web.Database(url) })
			defer s.end(b)
			var quiet, busy []time.Duration
			exported := 0
			for b.Loop() {
				quiet = append(quiet, s.deliver(b)...)
				busy = append(busy, s.whileExporting(b, &exported)...)
			}
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(p99(quiet), "p99-ms")
			b.ReportMetric(p99(busy), "export-p99-ms")
			b.ReportMetric(p99(busy)/p99(quiet), "x-p99")
			b.ReportMetric(float64(exported)/(float64(b.N)*intakePhase.Seconds()), "exported-rows/s")
		})
	}
}

// deliver sends bodies of the mix and returns how long after each was due it was acknowledged.
func (r *running) deliver(b *testing.B) (took []time.Duration) {
	b.Helper()
	var mu sync.Mutex
	run := time.Now().Format("150405.000")
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
	defer client.CloseIdleConnections()
	play.Load{Rate: intakeRate, For: intakePhase, InFlight: 64}.Run(b.Context(), func(ctx context.Context, n int, due time.Time, _ *play.Recorder) {
		body := play.Mix(run, n)
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, r.app.URL()+"/webhooks/meta", bytes.NewReader(body))
		if err != nil {
			b.Error(err)
			return
		}
		req.Header.Set(wire.SignatureHeader, wire.Sign("app-secret", body))
		resp, err := client.Do(req)
		if err != nil {
			b.Error(err)
			return
		}
		_, err = io.Copy(io.Discard, resp.Body)
		if err = errors.Join(err, resp.Body.Close()); err != nil || resp.StatusCode != http.StatusOK {
			b.Errorf("POST = %d, %v", resp.StatusCode, err)
		}
		mu.Lock()
		took = append(took, time.Since(due))
		mu.Unlock()
	})
	return took
}

// whileExporting delivers while all responses are exported again and again.
func (r *running) whileExporting(b *testing.B, rows *int) []time.Duration {
	b.Helper()
	ctx, stop := context.WithCancel(b.Context())
	var exporting sync.WaitGroup
	exporting.Go(func() {
		for ctx.Err() == nil {
			var lines lineCounter
			err := web.Export(ctx, r.app.DB(), &lines, web.ExportOptions{What: web.ExportedResponses, Format: web.CSV})
			if *rows += int(lines); err != nil && ctx.Err() == nil && !strings.Contains(err.Error(), "interrupted") {
				b.Error(err)
				return
			}
		}
	})
	took := r.deliver(b)
	stop()
	exporting.Wait()
	return took
}

func p99(all []time.Duration) float64 {
	slices.Sort(all)
	return float64(all[len(all)*99/100].Microseconds()) / 1000
}

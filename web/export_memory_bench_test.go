package web_test

import (
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"runtime/metrics"
	"strings"
	"testing"
	"time"

	"switchyard/models"
	"switchyard/models/modelstest"
	"switchyard/views"
)

// BenchmarkExportMemory is by how much the live heap and the resident memory grow while all responses are exported in a
// format, and when the first byte comes. A server's garbage collector is set as in switchyard serve.
func BenchmarkExportMemory(b *testing.B) {
	b.Cleanup(func(percent int) func() { return func() { debug.SetGCPercent(percent) } }(debug.SetGCPercent(300)))
	for engine, url := range modelstest.ManyURLs(b) {
		db := modelstest.OpenAt(b, url)
		modelstest.LoadMany(b, db.DB, modelstest.Many(b))
		for _, format := range []models.ExportFormat{models.CSV, models.JSONLines, models.XLSX} {
			b.Run(fmt.Sprint(engine, "/", format), func(b *testing.B) { exportMemory(b, db.DB, format) })
		}
	}
}

func exportMemory(b *testing.B, db *models.DB, format models.ExportFormat) {
	var most growth
	var slowest time.Duration
	rows := 0
	for b.Loop() {
		w := firstByte{begin: time.Now()}
		watched := watchGrowth(func() {
			keys, err := db.AnswerKeys(b.Context(), 0)
			if err != nil {
				b.Fatal(err)
			}
			table := views.NewExportTable(views.TableOptions{Keys: views.AnswerColumns(nil, keys), Triage: true})
			e := views.Export{W: &w, Flush: func() error { return nil }}
			n, err := e.Table(format, db.EachResponse(b.Context(), models.ResponseFilter{}), table)
			if err != nil {
				b.Fatal(err)
			}
			rows += n
		})
		most.live, most.resident, slowest = max(most.live, watched.live), max(most.resident, watched.resident), max(slowest, w.after)
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(most.live)/1e6, "live-MB")
	b.ReportMetric(float64(most.resident)/1e6, "RSS-MB")
	b.ReportMetric(float64(slowest.Microseconds())/1000, "first-byte-ms")
	b.ReportMetric(float64(rows)/b.Elapsed().Seconds(), "rows/s")
}

// firstByte notes when it came.
type firstByte struct {
	begin time.Time
	after time.Duration
}

func (f *firstByte) Write(p []byte) (int, error) {
	if f.after == 0 {
		f.after = time.Since(f.begin)
	}
	return io.Discard.Write(p)
}

// A growth is in bytes.
type growth struct{ live, resident int64 }

// watchGrowth tells the highest that was seen while do ran over what was there before.
func watchGrowth(do func()) (most growth) {
	debug.FreeOSMemory()
	before, done, ended := memory(), make(chan struct{}), make(chan growth)
	go func() {
		var top growth
		tick := time.NewTicker(10 * time.Millisecond)
		defer tick.Stop()
		for {
			now := memory()
			top.live, top.resident = max(top.live, now.live-before.live), max(top.resident, now.resident-before.resident)
			select {
			case <-done:
				ended <- top
				return
			case <-tick.C:
			}
		}
	}()
	do()
	close(done)
	return <-ended
}

// memory is the heap that the last collection found in use, and what the process has of the machine's memory.
func memory() (m growth) {
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(live)
	m.live = int64(live[0].Value.Uint64())
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		panic(err)
	}
	var pages int64
	fmt.Sscan(strings.Fields(string(text))[1], &pages)
	m.resident = pages * int64(os.Getpagesize())
	return m
}

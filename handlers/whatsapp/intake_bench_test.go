package whatsapp_test

import (
	"context"
	"crypto/sha256"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"gorm.io/driver/sqlite"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"

	"switchyard/models"
	"switchyard/models/modelstest"
)

// naive stores each delivery by one GORM insert of its own, as most programs do: the same file settings, the same
// durability, the one connection that writes best.
type naive struct {
	ID         int64
	Source     string
	ReceivedAt int64
	SHA256     []byte `gorm:"uniqueIndex"`
	Body       []byte
}

func newNaive(b *testing.B) *hook {
	b.Helper()
	file := filepath.Join(b.TempDir(), "naive.db")
	db, err := gorm.Open(sqlite.Open("file:"+file+"?_busy_timeout=5000&_journal_mode=WAL&_synchronous=FULL&_txlock=immediate"),
		&gorm.Config{Logger: logger.Discard, PrepareStmt: true})
	must(b, "Open", err)
	must(b, "AutoMigrate", db.AutoMigrate(&naive{}))
	pool, err := db.DB()
	must(b, "DB", err)
	pool.SetMaxOpenConns(1)
	b.Cleanup(func() { pool.Close() })
	return newHook(func(h *hook) {
		h.Submit = func(ctx context.Context, d models.Delivery) error {
			sum := sha256.Sum256(d.Body)
			return db.WithContext(ctx).Create(&naive{Source: d.Source, ReceivedAt: time.Now().UnixMicro(), SHA256: sum[:], Body: d.Body}).Error
		}
		h.Note, h.Count = func(string, string) {}, nil
	})
}

// BenchmarkDurableAcknowledgement holds a webhook's acknowledgement by 64 senders against one GORM insert per request,
// behind the same handler and as durable, in turns A B A B. Its goal is a ratio of 4 (design: performance §3); one run
// sends 4 × b.N bodies, and below 4 it fails when it has sent enough. Nothing decodes meanwhile. Run it with
// -benchtime=4000x.
func BenchmarkDurableAcknowledgement(b *testing.B) {
	const senders, enough = 64, 2000
	ours, theirs := newIntake(b, modelstest.OpenAt(b, modelstest.SQLiteURL(b))), &intake{hook: newNaive(b)}
	var took [2]time.Duration
	b.ResetTimer()
	for range 2 {
		for i, in := range []*intake{ours, theirs} {
			began := time.Now()
			in.send(b, senders, int64(b.N))
			took[i] += time.Since(began)
		}
	}
	b.StopTimer()
	b.ReportMetric(float64(2*b.N)/took[0].Seconds(), "acks/s")
	b.ReportMetric(float64(2*b.N)/took[1].Seconds(), "gorm/s")
	ratio := took[1].Seconds() / took[0].Seconds()
	b.ReportMetric(ratio, "ratio")
	if b.N >= enough && ratio < 4 {
		b.Errorf("a durable acknowledgement is %.1f times as fast as one GORM insert per request; want at least 4", ratio)
	}
}

// BenchmarkDecodeKeepsUp sends b.N bodies at 5,000 a second, open loop, while the worker decodes, and reports how far
// behind the worker was at most, in seconds. Run it with -benchtime=300000x for a minute.
func BenchmarkDecodeKeepsUp(b *testing.B) {
	const rate = 5000
	for _, e := range []struct {
		name string
		url  func(testing.TB) string
	}{{"sqlite", modelstest.SQLiteURL}, {"postgres", modelstest.PostgresURL}} {
		b.Run(e.name, func(b *testing.B) { keepUp(b, newIntake(b, modelstest.OpenAt(b, e.url(b))), rate) })
	}
}

func keepUp(b *testing.B, in *intake, rate int) {
	ctx, cancel := context.WithCancel(context.Background())
	var all sync.WaitGroup
	all.Go(func() { _ = in.worker.Run(ctx) })
	behind := time.Duration(0)
	look := func() {
		if _, oldest, err := in.db.DeliveryCounts(ctx); err == nil && !oldest.IsZero() {
			behind = max(behind, time.Since(oldest.Time))
		}
		_ = in.db.Checkpoint(ctx)
	}
	b.ResetTimer()
	began, every := time.Now(), time.Now()
	for sent := 0; sent < b.N; {
		due := min(b.N, int(time.Since(began).Seconds()*float64(rate)))
		if due > sent {
			in.send(b, min(64, due-sent), int64(due-sent))
			sent = due
		}
		if time.Since(every) > time.Second {
			look()
			every = time.Now()
		}
		time.Sleep(time.Millisecond)
	}
	look()
	rateReached := float64(b.N) / time.Since(began).Seconds()
	b.StopTimer()
	b.ReportMetric(rateReached, "sent/s")
	b.ReportMetric(behind.Seconds(), "backlog-s")
	cancel()
	all.Wait()
}

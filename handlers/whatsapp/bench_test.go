package whatsapp_test

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"fmt"
	"sync/atomic"
	"testing"

	"switchyard/models"
)

// The three belong together: run them in one go and compare requests per second (performance.md §3). A sealed
// exchange must reach 0.85 of the bare RSA that it contains.

func BenchmarkBareRSA(b *testing.B) {
	key := testKey()
	sealed, err := rsa.EncryptOAEP(sha256.New(), rand.Reader, &key.PublicKey, make([]byte, 16), nil)
	must(b, "EncryptOAEP", err)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := key.Decrypt(nil, sealed, &rsa.OAEPOptions{Hash: crypto.SHA256, MGFHash: crypto.SHA256}); err != nil {
				b.Error(err)
			}
		}
	})
	perSecond(b)
}

// customers is how many take turns, each with two requests in turn so that none is a repeat.
const customers = 256

// moves are the requests in the order in which they come.
func moves() (all []object) {
	for _, time := range []string{"10:30", "15:00"} {
		for i := range customers {
			all = append(all, exchange(fmt.Sprintf("appointment.%d", i), "APPOINTMENT",
				object{"department": "dental", "date": "2026-12-01", "time": time}))
		}
	}
	return all
}

func BenchmarkSealedExchangeRecorded(b *testing.B) {
	d := newDesk(b)
	d.flow(b, "appointment", "appointment")
	var bodies [][]byte
	for _, m := range moves() {
		body, _ := d.seal(b, m)
		bodies = append(bodies, body)
	}
	benchExchange(b, d, bodies)
}

func BenchmarkPlainExchangeRecorded(b *testing.B) {
	d := newDesk(b)
	d.flow(b, "appointment", "appointment", func(f *models.Flow) { f.Mode = models.Plain })
	var bodies [][]byte
	for _, m := range moves() {
		bodies = append(bodies, []byte(say(m)))
	}
	benchExchange(b, d, bodies)
}

func benchExchange(b *testing.B, d *desk, bodies [][]byte) {
	var n atomic.Int64
	b.ReportAllocs()
	b.SetParallelism(32) // 64 customers wait at once: one commit holds many steps
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			body := bodies[int(n.Add(1))%len(bodies)]
			if w := d.post("/flow-endpoint/appointment", body); w.Code != 200 {
				b.Errorf("POST = %d", w.Code)
			}
		}
	})
	perSecond(b)
}

func perSecond(b *testing.B) {
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "req/s")
}

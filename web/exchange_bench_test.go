package web_test

import (
	"bufio"
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"switchyard/handlers/whatsapp/wire"
	"switchyard/models"
	"switchyard/web"
	"switchyard/web/keys"
)

const (
	benchTokens    = 256 // visits that take turns
	benchCustomers = 64  // who wait at once
	benchRound     = 2000
)

// BenchmarkExchange is the whole endpoint by real HTTP, its log and its recording on, with its customers in the same
// process: an operation is a round of requests. Before each round the same time or so is spent on bare crypto/rsa, so
// that both sides meet the same machine; x-bare is requests per bare decryption in equal time, x-bare-cpu the same by
// the processor time that each took, which other processes disturb less (performance.md §3).
func BenchmarkExchange(b *testing.B) {
	b.Run("rsa=go", func(b *testing.B) { benchExchange(b, keys.Go, models.Encrypted) })
	b.Run("rsa=libcrypto", func(b *testing.B) { benchExchange(b, keys.Auto, models.Encrypted) })
	b.Run("plain", func(b *testing.B) { benchExchange(b, keys.Auto, models.Plain) })
}

func benchExchange(b *testing.B, library string, mode models.Mode) {
	b.Cleanup(func(percent int) func() { return func() { debug.SetGCPercent(percent) } }(debug.SetGCPercent(300))) // as switchyard serve
	d := newBenchDesk(b, library, mode)
	d.round(b, benchRound) // every visit is known
	var bare, served load
	allocated := uint64(0)
	for b.Loop() {
		bare.add(func() int { return d.bare(b, benchRound/8) })
		before := mallocs()
		served.add(func() int { return d.round(b, benchRound) })
		allocated += mallocs() - before
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(bare.rate(), "bare/s")
	b.ReportMetric(served.rate(), "req/s")
	b.ReportMetric(served.rate()/bare.rate(), "x-bare")
	b.ReportMetric(bare.cost()/served.cost(), "x-bare-cpu")
	b.ReportMetric(served.cost()*1e6, "cpu-µs/req")
	b.ReportMetric(float64(allocated)/float64(served.n), "allocs/req")
}

// A load is work done, the time and the processor time that it took.
type load struct {
	n        int
	took     time.Duration
	cpuMicro int64
	more     func() int64 // the processor time of others that counts too, in microseconds; may be nil
}

func (l *load) add(work func() int) {
	start, cpu := time.Now(), l.cpu()
	l.n += work()
	l.took, l.cpuMicro = l.took+time.Since(start), l.cpuMicro+l.cpu()-cpu
}

func (l *load) cpu() int64 {
	if l.more == nil {
		return cpuMicros()
	}
	return cpuMicros() + l.more()
}

func (l *load) rate() float64 { return float64(l.n) / l.took.Seconds() }

// cost is the processor time of one, in seconds.
func (l *load) cost() float64 { return float64(l.cpuMicro) / 1e6 / float64(l.n) }

func cpuMicros() int64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return (u.Utime.Sec+u.Stime.Sec)*1e6 + int64(u.Utime.Usec+u.Stime.Usec)
}

func mallocs() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.Mallocs
}

// A benchDesk is a server with one flow and what customers send to it, ready as bytes of HTTP.
type benchDesk struct {
	*running
	key      *rsa.PrivateKey
	sealed   []byte // what the bare side decrypts
	requests [][]byte
	sent     atomic.Int64
	length   atomic.Int64 // of each answer, once one is known
}

func newBenchDesk(b *testing.B, library string, mode models.Mode) *benchDesk {
	b.Helper()
	log, err := os.Create(filepath.Join(b.TempDir(), "log"))
	if err != nil {
		b.Fatal(err)
	}
	d := &benchDesk{running: start(b, func(c *web.Config) { c.Crypto, c.Log = library, log })}
	b.Cleanup(func() { d.end(b); log.Close() })
	s := &site{App: d.app}
	f := s.addFlow(b, "appointment", "691244242662581")
	f.Mode, f.CheckSignature = mode, mode == models.Encrypted
	if _, err := d.app.DB().UpdateFlow(b.Context(), f, tester); err != nil {
		b.Fatal(err)
	}
	d.key = s.addPrivateKey(b)
	if d.sealed, err = rsa.EncryptOAEP(sha256.New(), rand.Reader, &d.key.PublicKey, make([]byte, 16), nil); err != nil {
		b.Fatal(err)
	}
	for _, at := range []string{"10:30", "15:00"} { // two in turn, so that none is a repeat
		for i := range benchTokens {
			plain := fmt.Appendf(nil, `{"version":"3.0","action":"data_exchange","screen":"APPOINTMENT","flow_token":"appointment.%d","data":{"department":"dental","date":"2030-12-02","time":%q}}`, i, at)
			d.requests = append(d.requests, d.request(b, plain, mode))
		}
	}
	eventually(b, "knows the flow and the key", func() bool { return d.customer(1) == nil })
	return d
}

func (d *benchDesk) request(b *testing.B, plain []byte, mode models.Mode) []byte {
	b.Helper()
	body, signature := plain, ""
	if mode == models.Encrypted {
		var err error
		if body, _, err = wire.SealRequest(rand.Reader, &d.key.PublicKey, plain); err != nil {
			b.Fatal(err)
		}
		signature = wire.SignatureHeader + ": " + wire.Sign("app-secret", body) + "\r\n"
	}
	return fmt.Appendf(nil, "POST /flow-endpoint/appointment HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n%sContent-Length: %d\r\n\r\n%s", signature, len(body), body)
}

// bare decrypts at least n times, on all cores.
func (d *benchDesk) bare(b *testing.B, n int) int {
	b.Helper()
	o := &rsa.OAEPOptions{Hash: crypto.SHA256, MGFHash: crypto.SHA256}
	var all sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		all.Go(func() {
			for range n / runtime.GOMAXPROCS(0) {
				if _, err := d.key.Decrypt(nil, d.sealed, o); err != nil {
					b.Error(err)
				}
			}
		})
	}
	all.Wait()
	return n / runtime.GOMAXPROCS(0) * runtime.GOMAXPROCS(0)
}

// round has the customers send n requests.
func (d *benchDesk) round(b *testing.B, n int) int {
	b.Helper()
	var all sync.WaitGroup
	for range benchCustomers {
		all.Go(func() {
			if err := d.customer(n / benchCustomers); err != nil {
				b.Error(err)
			}
		})
	}
	all.Wait()
	return n / benchCustomers * benchCustomers
}

// customer sends n requests on one connection and looks at each answer's status and length.
func (d *benchDesk) customer(n int) error {
	conn, err := net.Dial("tcp", d.app.URL()[len("http://"):])
	if err != nil {
		return err
	}
	defer conn.Close()
	in := bufio.NewReader(conn)
	for range n {
		if _, err := conn.Write(d.requests[int(d.sent.Add(1))%len(d.requests)]); err != nil {
			return err
		}
		length, err := readAnswer(in)
		if err != nil {
			return err
		}
		if d.length.CompareAndSwap(0, int64(length)); d.length.Load() != int64(length) {
			return fmt.Errorf("an answer of %d bytes; the first had %d", length, d.length.Load())
		}
	}
	return nil
}

// readAnswer reads one whole answer and returns the length of its body; an error when it is no 200 with a body. It does
// less than net/http's: the customers run on the server's cores.
func readAnswer(in *bufio.Reader) (length int, err error) {
	line, err := in.ReadSlice('\n')
	if err != nil || !bytes.HasPrefix(line, []byte("HTTP/1.1 200 ")) {
		return 0, fmt.Errorf("answer %q: %w", line, err)
	}
	for len(line) > len("\r\n") {
		if line, err = in.ReadSlice('\n'); err != nil {
			return 0, err
		}
		if digits, ok := bytes.CutPrefix(line, []byte("Content-Length: ")); ok {
			length, _ = strconv.Atoi(string(bytes.TrimSpace(digits)))
		}
	}
	if length == 0 {
		return 0, errors.New("an answer without length")
	}
	return in.Discard(length)
}

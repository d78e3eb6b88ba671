package web_test

import (
	"crypto/rsa"
	"errors"
	"fmt"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"switchyard/models"
	"switchyard/models/modelstest"
	"switchyard/models/modelstest/pgtest"
	"switchyard/web"
)

// away is a site whose PostgreSQL server is the test's own.
func away(t *testing.T) (*site, *pgtest.Server, web.Config) {
	t.Helper()
	server := pgtest.Start(t)
	var cfg web.Config
	s := openSite(t, func(c *web.Config) { c.Database = web.Database(server.NewDatabase(t)); cfg = *c })
	return s.addUsers(t), server, cfg
}

// timed is how a request was answered and how long that took.
func (s *site) timed(t *testing.T, sc scenario) (answer, time.Duration) {
	began := time.Now()
	got := s.send(t, sc)
	return got, time.Since(began)
}

func TestOnPostgresAFrozenServerDelaysStepsAndNotCustomers(t *testing.T) {
	s, server, cfg := away(t)
	pub := s.addSamples(t)
	s.ready(t, pub)
	s.client(t, "viewer")
	s.send(t, scenario{as: "viewer", path: "/"}).check(t, scenario{path: "/", status: 200})
	token, conversation := s.begun(t, pub)
	before := runtime.NumGoroutine()
	lines := strings.Count(s.log.String(), "\n")

	server.Freeze()
	frozen := time.Now()
	var all sync.WaitGroup
	all.Go(func() { s.keepsAnswering(t, pub, conversation) })
	for n := range 3 {
		all.Go(func() {
			body := fmt.Sprintf(`{"object":"whatsapp_business_account","entry":[],"n":"frozen-%d"}`, n)
			if got, took := s.timedDelivery(t, body); got.status != http.StatusServiceUnavailable || got.header.Get("Retry-After") == "" || took > 6*time.Second {
				t.Errorf("a webhook while PostgreSQL is frozen = %d, Retry-After %q, after %v; want 503 within 5 s, with it", got.status, got.header.Get("Retry-After"), took)
			}
		})
	}
	all.Go(func() {
		got, took := s.timed(t, scenario{as: "viewer", path: "/"})
		if got.status != http.StatusServiceUnavailable || !strings.Contains(got.body, "The database does not answer") || took > 10*time.Second {
			t.Errorf("GET / while PostgreSQL is frozen = %d after %v; want 503 within 10 s and why\n%s", got.status, took, got.body)
		}
	})
	all.Go(func() {
		for status := 200; status != http.StatusServiceUnavailable; time.Sleep(100 * time.Millisecond) {
			status = s.send(t, scenario{path: "/readyz"}).status
			if took := time.Since(frozen); took > 14*time.Second {
				t.Errorf("GET /readyz = %d, %v after PostgreSQL froze; want 503 after about 12 s", status, took)
				return
			}
		}
		s.send(t, scenario{path: "/healthz"}).check(t, scenario{path: "/healthz", status: 200})
	})
	all.Wait()

	server.Thaw()
	for end := time.Now().Add(10 * time.Second); s.send(t, scenario{path: "/readyz"}).status != 200; time.Sleep(100 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("GET /readyz is not 200 within 10 s after PostgreSQL answers again")
		}
	}
	s.recordedOnce(t, token)
	if n := strings.Count(s.log.String(), `"level":"ERROR"`); n > 40 {
		t.Errorf("the log has %d errors, of %d lines; want a few", n, strings.Count(s.log.String(), "\n")-lines)
	}
	for _, secret := range []string{"Ada", "app-secret", testKey, string(cfg.Database), token} {
		if strings.Contains(s.log.String(), secret) {
			t.Errorf("the log has %q:\n%s", secret, s.log)
		}
	}
	for end := time.Now().Add(30 * time.Second); runtime.NumGoroutine() > before+15; time.Sleep(100 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%d goroutines, %d before; want no more left", runtime.NumGoroutine(), before)
		}
	}
	s.send(t, scenario{as: "viewer", path: "/"}).check(t, scenario{path: "/", status: 200})
}

// begun opens a visit of appointment that is read and recorded in time, however busy the machine is.
func (s *site) begun(t *testing.T, pub *rsa.PublicKey) (token string, conversation [][]byte) {
	t.Helper()
	f, err := s.DB().Flow(t.Context(), "appointment")
	if err != nil {
		t.Fatal(err)
	}
	for n := range 20 {
		token = fmt.Sprintf("appointment.begun%d", n)
		conversation = talk(token)
		s.exchange(t, pub, "appointment", conversation[0])
		if _, err := s.DB().NewestVisit(t.Context(), f.ID, token); err == nil {
			return token, conversation
		}
	}
	t.Fatal("no visit is recorded in time")
	return "", nil
}

// keepsAnswering plays the rest of a conversation, which nobody can read or write.
func (s *site) keepsAnswering(t *testing.T, pub *rsa.PublicKey, conversation [][]byte) {
	screens := []string{"APPOINTMENT", "APPOINTMENT", "DETAILS", "DETAILS", "APPOINTMENT", "DETAILS", "SUMMARY"}
	for i, want := range screens {
		began := time.Now()
		status, got := s.exchange(t, pub, "appointment", conversation[i+1])
		if took := time.Since(began); status != http.StatusOK || got["screen"] != want || took > 1500*time.Millisecond {
			t.Errorf("request %d while PostgreSQL is frozen = %d %v after %v; want %s within about 1 s", i+1, status, got, took, want)
		}
	}
	for _, plain := range [][]byte{fixture(t, "endpoint", "ping.json"), talk("appointment.new")[0]} {
		began := time.Now()
		if status, _ := s.exchange(t, pub, "appointment", plain); status != http.StatusOK || time.Since(began) > 1500*time.Millisecond {
			t.Errorf("%s while PostgreSQL is frozen = %d after %v; want 200 within about 1 s", plain, status, time.Since(began))
		}
	}
}

// recordedOnce waits until the steps of keepsAnswering are recorded, and tells when one is missing, twice or misplaced.
func (s *site) recordedOnce(t *testing.T, token string) {
	t.Helper()
	f, err := s.DB().Flow(t.Context(), "appointment")
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"INIT  APPOINTMENT", "data_exchange APPOINTMENT APPOINTMENT", "data_exchange APPOINTMENT DETAILS", "BACK DETAILS APPOINTMENT",
		"data_exchange APPOINTMENT DETAILS", "data_exchange DETAILS SUMMARY"}
	var got []string
	for end := time.Now().Add(40 * time.Second); time.Now().Before(end) && len(got) < len(want); time.Sleep(50 * time.Millisecond) {
		got = nil
		v, err := s.DB().NewestVisit(t.Context(), f.ID, token)
		if errors.Is(err, models.ErrNotFound) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		steps, err := s.DB().VisitSteps(t.Context(), v.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range steps {
			got = append(got, r.Action+" "+r.Screen+" "+r.NextScreen)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("recorded afterwards:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// timedDelivery posts a body as Meta does.
func (s *site) timedDelivery(t *testing.T, body string) (answer, time.Duration) {
	began := time.Now()
	got := s.deliver(t, []byte(body))
	return got, time.Since(began)
}

func TestOnPostgresARestartLosesNothingAcknowledged(t *testing.T) {
	s, server, cfg := away(t)
	pub := s.addSamples(t)
	s.ready(t, pub)
	token, conversation := s.begun(t, pub)
	var mu sync.Mutex
	acknowledged, refused := 0, 0
	ended := make(chan struct{})
	var senders sync.WaitGroup
	for sender := range 4 {
		senders.Go(func() {
			for n := 0; ; n++ {
				select {
				case <-ended:
					return
				default:
				}
				got := s.deliver(t, fmt.Appendf(nil, `{"object":"whatsapp_business_account","entry":[],"n":"%d-%d"}`, sender, n))
				mu.Lock()
				if got.status == http.StatusOK {
					acknowledged++
				} else {
					refused++
				}
				mu.Unlock()
				time.Sleep(5 * time.Millisecond)
			}
		})
	}
	for range 2 {
		time.Sleep(200 * time.Millisecond)
		if err := server.Restart("immediate"); err != nil {
			t.Fatal(err)
		}
	}
	s.keepsAnswering(t, pub, conversation)
	close(ended)
	senders.Wait()
	s.recordedOnce(t, token)
	stored := 0
	for _, n := range modelstest.States(t, string(cfg.Database)) {
		stored += int(n)
	}
	if stored < acknowledged || stored > acknowledged+refused || acknowledged == 0 {
		t.Errorf("stored %d, acknowledged %d, refused %d; want none lost and none doubled", stored, acknowledged, refused)
	}
	if twice := query(t, cfg, `SELECT sha256, count(*) FROM deliveries GROUP BY sha256 HAVING count(*) > 1`); len(twice) > 0 {
		t.Errorf("%d deliveries are stored twice", len(twice))
	}
}

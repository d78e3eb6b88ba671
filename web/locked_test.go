package web_test

import (
	"cmp"
	"context"
	"crypto/rsa"
	"database/sql"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"switchyard/models/modelstest"
	"switchyard/web"
)

// lockedFor is how long the database stays locked: 30 s with SWITCHYARD_VERIFY=1.
func lockedFor() time.Duration {
	if cmp.Or(os.Getenv("SWITCHYARD_VERIFY"), "0") == "0" {
		return 2 * time.Second
	}
	return 30 * time.Second
}

// customers is how many keep asking meanwhile, each in visits of its own.
const customers = 4

// TestALockedDatabaseDelaysStepsAndNotCustomers: another program holds the write lock, and customers go through whole
// flows. The lock ends only when all of them were answered, so what waits for it never comes to an end.
func TestALockedDatabaseDelaysStepsAndNotCustomers(t *testing.T) {
	var cfg web.Config
	s := openSite(t, func(c *web.Config) { cfg = *c })
	pub := s.addSamples(t)
	s.ready(t, pub)
	unlock := lockWrites(t, cfg)
	end := time.Now().Add(lockedFor())
	tokens := make([][]string, customers)
	var all sync.WaitGroup
	for n := range customers {
		all.Go(func() {
			for visit := 0; visit == 0 || time.Now().Before(end); visit++ {
				token := fmt.Sprintf("appointment.locked%d-%d", n, visit)
				s.goesThrough(t, pub, token)
				tokens[n] = append(tokens[n], token)
			}
		})
	}
	all.Wait()
	if n := query(t, cfg, "SELECT COUNT(*) FROM steps"); n[0] != "0|" {
		t.Fatalf("%s steps are stored while the database is locked: it is not", n[0])
	}
	time.Sleep(time.Until(end))
	unlock()
	for _, token := range slices.Concat(tokens...) {
		s.recordedOnce(t, token)
	}
	if strings.Contains(s.log.String(), "a step is lost") {
		t.Errorf("the log tells of lost steps:\n%s", s.log)
	}
}

// goesThrough plays a visit up to its summary, with a ping beside each request.
func (s *site) goesThrough(t *testing.T, pub *rsa.PublicKey, token string) {
	t.Helper()
	screens := []string{"APPOINTMENT", "APPOINTMENT", "APPOINTMENT", "DETAILS", "DETAILS", "APPOINTMENT", "DETAILS", "SUMMARY"}
	for i, plain := range talk(token)[:len(screens)] {
		if status, got := s.exchange(t, pub, "appointment", plain); status != http.StatusOK || got["screen"] != screens[i] {
			t.Errorf("request %d of %s while the database is locked = %d %v; want %s", i+1, token, status, got, screens[i])
		}
		if status, _ := s.exchange(t, pub, "appointment", []byte(`{"version":"3.0","action":"ping"}`)); status != http.StatusOK {
			t.Errorf("a ping while the database is locked = %d; want 200", status)
		}
	}
}

// lockWrites takes what another program would: SQLite's write lock, on PostgreSQL the tables of visits and steps.
func lockWrites(t *testing.T, cfg web.Config) (unlock func()) {
	t.Helper()
	other, err := modelstest.SQL(t, string(cfg.Database)).Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	begin := []string{"PRAGMA busy_timeout = 5000", "BEGIN IMMEDIATE"}
	if modelstest.Postgres() {
		begin = []string{"BEGIN", "LOCK TABLE visits, steps IN EXCLUSIVE MODE"}
	}
	for _, statement := range begin {
		run(t, other, statement)
	}
	return func() {
		run(t, other, "ROLLBACK")
		if err := other.Close(); err != nil {
			t.Errorf("Close = %v", err)
		}
	}
}

func run(t *testing.T, c *sql.Conn, statement string) {
	t.Helper()
	if _, err := c.ExecContext(context.Background(), statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

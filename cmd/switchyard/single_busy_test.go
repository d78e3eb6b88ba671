package main

import (
	"net/http"
	"testing"
	"time"
)

// TestSingleServerOutlastsAnotherWriter is B4 of the reliability plan: somebody else holds the write lock of the file. For
// 3 s nobody notices; for 8 s webhooks get 503, which makes Meta send them again. Customers get their answers meanwhile.
func TestSingleServerOutlastsAnotherWriter(t *testing.T) {
	t.Parallel()
	times := verify(1, 20)
	c := newSingle(t)
	l := startLoad(t, c)
	for range times {
		c.hold(t, 3*time.Second)
		if got := l.refusals(); len(got) > 0 {
			t.Fatalf("webhooks while the file was locked for 3 s got %v; want 200 only", got)
		}
	}
	for range times {
		answered := l.answers()
		c.hold(t, 8*time.Second)
		if more := l.answers() - answered; more < 8 {
			t.Errorf("customers got %d answers while the file was locked for 8 s; want them to go on", more)
		}
	}
	got := l.refusals()
	items := l.end()
	c.settled(t)
	c.stop(t)
	if len(got) != 1 || got[http.StatusServiceUnavailable] == 0 {
		t.Errorf("webhooks while the file was locked for 8 s got %v; want 503 only", got)
	}
	l.look(t, items)
	if missing := l.lookSteps(t); missing > 0 {
		t.Errorf("%d answered steps are lost; want none", missing)
	}
	t.Logf("the file was locked %d times for 3 s and for 8 s: %d bodies acknowledged, %d got 503 first, 0 lost, 0 doubled", times, len(l.bodies), got[http.StatusServiceUnavailable])
}

// hold keeps everybody else from writing for so long.
func (c *cluster) hold(t *testing.T, d time.Duration) {
	t.Helper()
	other, err := c.beside.Conn(t.Context())
	if err == nil {
		_, err = other.ExecContext(t.Context(), `PRAGMA busy_timeout = 10000; BEGIN IMMEDIATE`)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	time.Sleep(d)
	if _, err := other.ExecContext(t.Context(), `ROLLBACK`); err != nil {
		t.Fatal(err)
	}
	time.Sleep(time.Second) // in which what waited gets its answer
}

func (l *load) refusals() map[int]int {
	l.mu.Lock()
	defer l.mu.Unlock()
	got := map[int]int{}
	for status, n := range l.refused {
		got[status] = n
	}
	return got
}

func (l *load) answers() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.steps)
}

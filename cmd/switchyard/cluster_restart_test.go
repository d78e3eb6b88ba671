package main

import (
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestClusterLosesAndDoublesNothingWhenPostgreSQLCrashes(t *testing.T) {
	t.Parallel()
	crashes := verify(10, 60)
	figures := []string{privatePort(t), privatePort(t)}
	c := newCluster(t, 2, "SWITCHYARD_METRICS_LISTEN="+figures[0], "SWITCHYARD_METRICS_LISTEN="+figures[1])
	var before [2]int
	for i, address := range figures {
		before[i] = goroutines(t, address)
	}
	l := startLoad(t, c)
	for range crashes {
		time.Sleep(time.Second)
		if err := c.Restart("immediate"); err != nil {
			t.Fatal(err)
		}
	}
	c.hang(t)
	items := l.end()
	took := c.settled(t)
	for i, p := range c.procs {
		p.soon(t, "ready", func() bool { return p.get(t, "/readyz") == http.StatusOK })
		clusterClient.CloseIdleConnections()
		p.soon(t, "has no more to do than before", func() bool { return goroutines(t, figures[i]) <= before[i]+20 })
	}
	c.stop(t)
	l.look(t, items)
	if missing := l.lookSteps(t); missing > 0 {
		t.Errorf("%d answered steps are lost; want none", missing)
	}
	visits := l.lookVisits(t)
	t.Logf("PostgreSQL restarted in immediate mode %d times under load: %d bodies acknowledged, %d requests sent again, 0 lost, 0 doubled, all written %.1f s after the load; %d of %d answered steps recorded, %d of %d conversations undisturbed",
		crashes, len(l.bodies), l.unserved, took.Seconds(), len(l.steps), len(l.steps), visits, len(l.talks))
}

// hang stops PostgreSQL in the middle of its work until the processes say that they are not ready. Meanwhile they live,
// and answer customers.
func (c *cluster) hang(t *testing.T) {
	t.Helper()
	c.Freeze()
	defer c.Thaw()
	for _, p := range c.procs {
		p.soon(t, "not ready", func() bool {
			for _, other := range c.procs {
				other.get(t, "/readyz") // each begins to notice now
			}
			return p.get(t, "/readyz") == http.StatusServiceUnavailable
		})
	}
	for _, p := range c.procs {
		if status := p.get(t, "/healthz"); status != http.StatusOK {
			t.Errorf("/healthz of %s while PostgreSQL hangs = %d; want 200", p.name, status)
		}
		if got := p.says(t.Context()); got != "version 1" {
			t.Errorf("%s says %q while PostgreSQL hangs; want its rules' words", p.name, got)
		}
		status, answer := ask(t.Context(), http.MethodPost, p.url("/flow-endpoint/talk"), []byte(`{"version":"3.0","action":"ping"}`), nil)
		if status != http.StatusOK || !strings.Contains(string(answer), "active") {
			t.Errorf("ping of %s while PostgreSQL hangs = %d %s; want 200 and active", p.name, status, answer)
		}
	}
}

var goroutinesLine = regexp.MustCompile(`(?m)^go_goroutines (\d+)$`)

// goroutines is how many a process has, by its figures.
func goroutines(t *testing.T, address string) int {
	t.Helper()
	_, text := ask(t.Context(), http.MethodGet, "http://"+address+"/metrics", nil, nil)
	found := goroutinesLine.FindSubmatch(text)
	if found == nil {
		t.Fatalf("no go_goroutines in %.200s", text)
	}
	n, _ := strconv.Atoi(string(found[1]))
	return n
}

package web

import (
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"switchyard/handlers/whatsapp"
	"switchyard/models"
	"switchyard/models/alert"
	"switchyard/models/rules"
)

// tooLate is when WhatsApp no longer waits for an answer.
const tooLate = 10 * time.Second

// A meter counts what the endpoint does, by flow. A request costs it a look into a map and a few additions: it waits for
// nobody and allocates nothing.
type meter struct {
	gauges atomic.Pointer[map[string]*gauge] // by slug; replaced, never changed
	mu     sync.Mutex                        // of who replaces it
}

// A gauge counts for one flow.
type gauge struct {
	answered, fallbacks, late, notices, busy, unready, unopened, refused, pings atomic.Int64
	latency                                                                     [alert.Buckets]atomic.Int64
}

func newMeter() *meter {
	m := &meter{}
	m.gauges.Store(&map[string]*gauge{})
	return m
}

// exchange counts one request to a flow by its result. Requests to no flow are not counted, nor are tests.
func (m *meter) exchange(flow, result string, d time.Duration) {
	if flow == "" || result == whatsapp.ResultTest {
		return
	}
	g := (*m.gauges.Load())[flow]
	if g == nil {
		g = m.add(flow)
	}
	switch result {
	case whatsapp.ResultPing:
		g.pings.Add(1)
		return
	case "busy":
		g.busy.Add(1)
		return
	case "unready":
		g.unready.Add(1)
		return
	case "cannot_open":
		g.unopened.Add(1)
		return
	case "bad_signature", "bad_secret", "unreadable", "too_large":
		g.refused.Add(1)
		return
	case "notice":
		g.notices.Add(1)
	case string(rules.Falls):
		g.fallbacks.Add(1)
	}
	if d >= tooLate {
		g.late.Add(1)
	}
	g.latency[alert.BucketOf(d)].Add(1)
	g.answered.Add(1)
}

// add makes the gauge of a flow.
func (m *meter) add(flow string) *gauge {
	m.mu.Lock()
	defer m.mu.Unlock()
	gauges := maps.Clone(*m.gauges.Load())
	if gauges[flow] == nil {
		gauges[flow] = &gauge{}
		m.gauges.Store(&gauges)
	}
	return gauges[flow]
}

// take returns what was counted since a time, by slug, and begins anew.
func (m *meter) take(since time.Time) []models.FlowTally {
	var all []models.FlowTally
	for slug, g := range *m.gauges.Load() {
		if t := g.take(); t != (alert.Tally{}) {
			all = append(all, models.FlowTally{Slug: slug, At: since, Tally: t})
		}
	}
	slices.SortFunc(all, func(a, b models.FlowTally) int { return strings.Compare(a.Slug, b.Slug) })
	return all
}

// take empties the gauge. A request that is being counted is in this tally or the next, part by part.
func (g *gauge) take() (t alert.Tally) {
	for _, part := range []struct {
		from *atomic.Int64
		to   *int64
	}{
		{&g.answered, &t.Answered}, {&g.fallbacks, &t.Fallbacks}, {&g.late, &t.Late}, {&g.notices, &t.Notices}, {&g.busy, &t.Busy},
		{&g.unready, &t.Unready}, {&g.unopened, &t.Unopened}, {&g.refused, &t.Refused}, {&g.pings, &t.Pings},
	} {
		*part.to = part.from.Swap(0)
	}
	for i := range g.latency {
		t.Latency[i] = g.latency[i].Swap(0)
	}
	return t
}

package whatsapp

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"switchyard/models"
)

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// later is when a test that waits for a visit has failed.
func later() time.Time { return time.Now().Add(time.Minute) }

func take(t *testing.T, m *memory, token string) *visit {
	t.Helper()
	v, err := m.take(t.Context(), visitKey{1, token}, later())
	if err != nil {
		t.Fatalf("take(%s) = %v", token, err)
	}
	return v
}

func tokens(m *memory) string {
	var all []string
	for e := m.order.Front(); e != nil; e = e.Next() {
		all = append(all, e.Value.(*visit).key.token)
	}
	return strings.Join(all, " ")
}

func TestMemoryDropsTheVisitsLongestUnused(t *testing.T) {
	m := newMemory(3, 1<<20)
	for _, token := range []string{"a", "b", "c", "a", "d"} {
		m.give(take(t, m, token), noon)
	}
	if got := tokens(m); got != "d a c" {
		t.Errorf("memory holds %q; want %q", got, "d a c")
	}
	if len(m.byKey) != 3 {
		t.Errorf("memory knows %d keys; want 3", len(m.byKey))
	}
}

func TestMemoryKeepsWhatIsInUseOrNotRecorded(t *testing.T) {
	m := newMemory(1, 1<<20)
	used := take(t, m, "used")
	unrecorded := take(t, m, "unrecorded")
	m.hold(unrecorded)
	m.give(unrecorded, noon)
	m.give(take(t, m, "free"), noon)
	if got := tokens(m); got != "unrecorded used" {
		t.Errorf("memory holds %q; want those that are held", got)
	}
	m.give(used, noon)
	m.release(unrecorded)
	m.give(take(t, m, "new"), noon)
	if got := tokens(m); got != "new" {
		t.Errorf("memory holds %q when nothing is held any more; want the newest", got)
	}
}

func TestMemoryIsBoundedInBytesAndAge(t *testing.T) {
	m := newMemory(100, 10_000)
	for i := range 5 {
		v := take(t, m, fmt.Sprint(i))
		v.v.Sent = map[string]map[string]any{"A": {"text": strings.Repeat("x", 4_000)}}
		v.size = sizeOf(&v.v)
		m.give(v, noon)
	}
	if got := tokens(m); got != "4 3" || m.bytes > 10_000 {
		t.Errorf("memory holds %q in %d bytes; want the newest two", got, m.bytes)
	}
	m.give(take(t, m, "late"), noon.Add(visitAge+time.Minute))
	if got := tokens(m); got != "late" {
		t.Errorf("memory holds %q after three days; want only the new one", got)
	}
}

func TestOneVisitIsOneTurnAtATime(t *testing.T) {
	m := newMemory(10, 1<<20)
	var wait sync.WaitGroup
	for range 50 {
		wait.Go(func() {
			v, err := m.take(context.Background(), visitKey{1, "same"}, later())
			if err != nil {
				t.Error(err)
				return
			}
			v.v.Steps++
			m.give(v, noon)
		})
	}
	wait.Wait()
	v := take(t, m, "same")
	if v.v.Steps != 50 {
		t.Errorf("50 turns counted %d", v.v.Steps)
	}
	if _, err := m.take(t.Context(), visitKey{1, "same"}, time.Now().Add(time.Millisecond)); err == nil {
		t.Error("take of a visit that is in use gave it twice")
	}
	m.give(v, noon)
	if v.holders != 0 {
		t.Errorf("%d hold a visit that nobody has", v.holders)
	}
}

func TestReturnedIsTheTrailWithTheScreenOnTop(t *testing.T) {
	for _, c := range []struct{ trail, screen, want string }{
		{"", "A", "A"}, {"A", "B", "A B"}, {"A B", "B", "A B"}, {"A B C", "A", "A"}, {"A B C", "B", "A B"},
	} {
		trail := strings.Fields(c.trail)
		if got := strings.Join(returned(trail, c.screen), " "); got != c.want {
			t.Errorf("returned(%q, %s) = %q; want %q", c.trail, c.screen, got, c.want)
		}
	}
	shared := append(make([]string, 0, 4), "A")
	one, other := returned(shared, "B"), returned(shared, "C")
	if !slices.Equal(one, []string{"A", "B"}) || !slices.Equal(other, []string{"A", "C"}) {
		t.Errorf("two trails of one visit share their memory: %v, %v", one, other)
	}
}

func TestAdoptTakesTheStoredVisitUnlessMemoryKnowsMore(t *testing.T) {
	for _, c := range []struct {
		name         string
		loaded       bool
		have, stored models.Visit
		run, steps   int
		outcome      models.Outcome
	}{
		{"first use", false, models.Visit{}, models.Visit{Run: 2, Steps: 3}, 2, 3, ""},
		{"memory began while the database could not be read", false, models.Visit{Steps: 2, StartedAt: at(noon)}, models.Visit{Run: 2, Steps: 3}, 3, 2, ""},
		{"its steps were recorded meanwhile", false, models.Visit{Steps: 2, StartedAt: at(noon)}, models.Visit{Run: 2, Steps: 1, StartedAt: at(noon)}, 2, 2, ""},
		{"memory is ahead", true, models.Visit{Run: 1, Steps: 4}, models.Visit{Run: 1, Steps: 3}, 1, 4, ""},
		{"the response arrived", true, models.Visit{Run: 1, Steps: 4, Outcome: models.VisitOpen}, models.Visit{Run: 1, Steps: 4, Outcome: models.VisitFinished}, 1, 4, models.VisitFinished},
		{"another instance went on", true, models.Visit{Run: 1, Steps: 4}, models.Visit{Run: 1, Steps: 6}, 1, 6, ""},
		{"another instance began a run", true, models.Visit{Run: 1, Steps: 4}, models.Visit{Run: 2, Steps: 1}, 2, 1, ""},
		{"memory began a run", true, models.Visit{Run: 2, Steps: 1}, models.Visit{Run: 1, Steps: 9, Outcome: models.VisitFinished}, 2, 1, ""},
	} {
		v := &visit{v: c.have, loaded: c.loaded}
		v.adopt(c.stored)
		if v.v.Run != c.run || v.v.Steps != c.steps || v.v.Outcome != c.outcome {
			t.Errorf("%s: run %d, %d steps, %q; want %d, %d, %q", c.name, v.v.Run, v.v.Steps, v.v.Outcome, c.run, c.steps, c.outcome)
		}
	}
}

func TestOfOneStepThatTwoServersTookTheLaterCounts(t *testing.T) {
	after := func(n int, hash string, o models.Outcome) models.Visit {
		return models.Visit{Run: 1, Steps: 4, LastHash: hash, Outcome: o, LastAt: models.Time{Time: time.Unix(int64(n), 0)}}
	}
	have := after(5, "mine", models.VisitOpen)
	for _, c := range []struct {
		name    string
		stored  models.Visit
		hash    string
		outcome models.Outcome
		lost    bool
	}{
		{"mine, as stored", have, "mine", models.VisitOpen, false},
		{"the other is later", after(6, "other", models.VisitOpen), "other", models.VisitOpen, true},
		{"the other is later and ended it", after(6, "other", models.VisitExpired), "other", models.VisitExpired, true},
		{"the other is earlier", after(4, "other", models.VisitOpen), "mine", models.VisitOpen, false},
		{"the other is earlier and ended it", after(4, "other", models.VisitExpired), "mine", models.VisitExpired, false},
	} {
		v := &visit{v: have, loaded: true}
		if lost := v.adopt(c.stored); lost != c.lost || v.v.LastHash != c.hash || v.v.Outcome != c.outcome {
			t.Errorf("%s: lost %t, last step %s, %s; want %t, %s, %s", c.name, lost, v.v.LastHash, v.v.Outcome, c.lost, c.hash, c.outcome)
		}
	}
}

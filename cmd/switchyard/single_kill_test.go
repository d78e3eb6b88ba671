package main

import (
	"math/rand/v2"
	"testing"
	"time"

	"switchyard/models/modelstest"
)

// newSingle is a cluster of one process on a SQLite file.
func newSingle(t *testing.T, extra ...string) *cluster {
	t.Helper()
	c := &cluster{url: modelstest.SQLiteURL(t)}
	c.beside = modelstest.SQL(t, c.url)
	c.configure()
	c.run(t, 1, extra...)
	return c
}

// TestSingleServerLosesAndDoublesNothingWhenItIsKilled is B1 of the reliability plan; the long form kills it 500 times.
func TestSingleServerLosesAndDoublesNothingWhenItIsKilled(t *testing.T) {
	t.Parallel()
	kills := verify(20, 500)
	c := newSingle(t)
	p, l := c.procs[0], startLoad(t, c)
	for range kills {
		time.Sleep(time.Duration(50+rand.IntN(400)) * time.Millisecond)
		p.kill(t)
		p.start(t)
	}
	items := l.end()
	took := c.settled(t)
	c.stop(t)
	l.look(t, items)
	missing, visits := l.lookSteps(t), l.lookVisits(t)
	same(t, "what integrity_check finds", c.rows(t, `PRAGMA integrity_check`), []string{"ok"})
	same(t, "what foreign_key_check finds", c.rows(t, `PRAGMA foreign_key_check`), nil)
	t.Logf("killed %d times under load: %d bodies acknowledged, %d requests sent again, 0 lost, 0 doubled, all written %.1f s after the load, slowest start %d ms; %d of %d answered steps died unrecorded, %d of %d conversations undisturbed",
		kills, len(l.bodies), l.unserved, took.Seconds(), p.slowest.Milliseconds(), missing, len(l.steps), visits, len(l.talks))
}

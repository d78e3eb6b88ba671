package main

import (
	"testing"
	"time"
)

func TestClusterLosesAndDoublesNothingWhenProcessesAreKilled(t *testing.T) {
	t.Parallel()
	kills := verify(10, 60)
	c := newCluster(t, 2)
	l := startLoad(t, c)
	for i := range kills {
		time.Sleep(time.Second)
		p := c.procs[i%2]
		p.kill(t)
		p.start(t)
	}
	items := l.end()
	took := c.settled(t)
	c.stop(t)
	l.look(t, items)
	missing := l.lookSteps(t)
	visits := l.lookVisits(t)
	t.Logf("%d processes killed under load: %d bodies acknowledged, %d requests sent again, 0 lost, 0 doubled, all written %.1f s after the load; %d of %d answered steps died unrecorded with their process, %d of %d conversations undisturbed",
		kills, len(l.bodies), l.unserved, took.Seconds(), missing, len(l.steps), visits, len(l.talks))
}

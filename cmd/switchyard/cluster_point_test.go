package main

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"switchyard/models/modelstest"
)

// points are the places in the transaction of a batch where a process is killed: a trigger makes it stay there.
var points = []struct{ name, when, table string }{
	{"before an effect", "BEFORE INSERT", "statuses"},
	{"after an effect", "AFTER INSERT", "messages"},
	{"in the middle of a response", "AFTER INSERT", "answers"},
	{"before the state is written", "BEFORE UPDATE", "deliveries"},
	{"after the state is written", "AFTER UPDATE", "deliveries"},
}

// Both are B6 of the reliability plan: a worker that is killed in the middle of its job. The long form kills it 200 times.

func TestSingleServerDoesWhatAKilledWorkerBegan(t *testing.T) {
	t.Parallel()
	c := newSingle(t)
	change(t, c, `CREATE VIEW slow AS WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 20000) SELECT max(n) AS n FROM c`)
	c.killAtEachPoint(t, `CREATE TRIGGER linger %s ON %s BEGIN SELECT n FROM slow; END`, func(string) string { return `DROP TRIGGER linger` })
}

func TestClusterDoesWhatAKilledWorkerBegan(t *testing.T) {
	t.Parallel()
	c := newCluster(t, 2)
	change(t, c, `CREATE FUNCTION linger() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(0.005); RETURN NEW; END'`)
	c.killAtEachPoint(t, `CREATE TRIGGER linger %s ON %s FOR EACH ROW EXECUTE FUNCTION linger()`, func(table string) string { return `DROP TRIGGER linger ON ` + table })
}

func (c *cluster) killAtEachPoint(t *testing.T, linger string, drop func(table string) string) {
	t.Helper()
	kills, l := verify(3, 40), newLoad(c)
	for _, point := range points {
		change(t, c, fmt.Sprintf(linger, point.when, point.table))
		l.start(t)
		for i := range kills {
			time.Sleep(time.Duration(100+rand.IntN(300)) * time.Millisecond)
			p := c.procs[i%len(c.procs)]
			p.kill(t)
			p.start(t)
		}
		l.end()
		change(t, c, drop(point.table))
	}
	took := c.settled(t)
	c.stop(t)
	l.look(t, int(l.finish.Load()))
	t.Logf("killed %d times at each of %d points of its job: %d bodies acknowledged, 0 lost, 0 doubled, all written %.1f s after the load", kills, len(points), len(l.bodies), took.Seconds())
}

// change changes the database beside the processes.
func change(t *testing.T, c *cluster, statement string) {
	t.Helper()
	db := c.beside
	if db == nil {
		db = modelstest.SQL(t, c.url)
	}
	for try := 0; ; try++ {
		_, err := db.ExecContext(t.Context(), statement)
		if err == nil {
			return
		}
		if try == 50 {
			t.Fatalf("%s: %v", statement, err)
		}
		time.Sleep(100 * time.Millisecond)
	}
}

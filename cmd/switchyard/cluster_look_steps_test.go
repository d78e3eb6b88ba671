package main

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// durable is how long a customer waits for the step to be durable; who got the answer sooner may rely on it.
const durable = 250 * time.Millisecond

// lookSteps: every answered step is recorded once. It may be missing only when its customer did not wait until it was
// durable, and the process that held it was killed then. It returns how many are.
func (l *load) lookSteps(t *testing.T) (missing int) {
	t.Helper()
	recorded := map[string]int{}
	for _, line := range l.c.rows(t, `SELECT convert_from(data, 'UTF8')::json ->> 'mark' FROM steps WHERE visit_id > 0 OR data IS NOT NULL`) {
		recorded[line]++
	}
	for _, s := range l.steps {
		switch n := recorded[s.mark]; {
		case n > 1:
			t.Errorf("step %s is recorded %d times:\n%s", s.mark, n, strings.Join(l.c.rows(t, `SELECT id, visit_id, at, action, screen, micros, encode(answer, 'escape')
				FROM steps WHERE convert_from(data, 'UTF8')::json ->> 'mark' = $1`, s.mark), "\n"))
		case n == 0 && s.took >= durable && s.by.killedAfter(s.at, 10*time.Second):
			missing++
		case n == 0:
			t.Errorf("step %s, answered after %v by %s, is lost", s.mark, s.took, s.by.name)
		}
	}
	doubled := l.c.rows(t, `SELECT visit_id, at, action, screen FROM steps WHERE visit_id > 0 GROUP BY 1, 2, 3, 4 HAVING count(*) > 1`)
	same(t, "steps recorded twice", doubled, nil)
	return missing
}

// lookVisits: a conversation of which every step was durable when it was answered is one visit, whichever process
// answered, and its response knows it. It returns how many there are.
func (l *load) lookVisits(t *testing.T) int {
	t.Helper()
	other := map[string]bool{}
	for _, s := range l.steps {
		if s.took >= durable {
			other[s.token] = true
		}
	}
	for _, mark := range l.c.rows(t, `SELECT convert_from(data, 'UTF8')::json ->> 'mark' FROM steps WHERE faulty`) {
		token, _, _ := strings.Cut(mark, "/")
		other[token] = true // its visit could not be read in time
	}
	var got, want []string
	for _, token := range l.talks {
		if !other[token] {
			want = append(want, fmt.Sprintf("%s|1|4|finished|visit", token))
		}
	}
	for _, line := range l.c.rows(t, `SELECT v.token, v.run, v.steps, v.outcome, r.attribution FROM visits v LEFT JOIN responses r ON r.visit_id = v.id`) {
		if token, _, _ := strings.Cut(line, "|"); !other[token] {
			got = append(got, line)
		}
	}
	same(t, "visits", got, want)
	return len(want)
}

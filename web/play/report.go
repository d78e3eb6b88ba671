package play

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
)

// A Recorder collects what came back from many goroutines.
type Recorder struct {
	mu      sync.Mutex
	latency []time.Duration
	status  map[int]int // 0 = no answer
	wrong   int
	first   error // the first wrong answer
}

// add counts one request; err says that its answer was not as expected.
func (r *Recorder) add(latency time.Duration, status int, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.latency = append(r.latency, latency)
	r.status[status]++
	if err != nil {
		if r.wrong++; r.wrong == 1 {
			r.first = err
		}
	}
}

// A Report is the outcome of a load. Latencies count from when a request was due.
type Report struct {
	Requests           int
	Took               time.Duration
	P50, P90, P99, Max time.Duration
	ByStatus           map[int]int // 0 = no answer
	Wrong              int
	FirstWrong         error
	Unsent             int // shots that were due and had no turn before the time was over
}

func (r *Recorder) report(took time.Duration, unsent int) Report {
	r.mu.Lock()
	defer r.mu.Unlock()
	slices.Sort(r.latency)
	return Report{
		Requests: len(r.latency), Took: took, ByStatus: r.status, Wrong: r.wrong, FirstWrong: r.first, Unsent: unsent,
		P50: quantile(r.latency, 50), P90: quantile(r.latency, 90), P99: quantile(r.latency, 99), Max: quantile(r.latency, 100),
	}
}

// quantile is the smallest latency that percent of all are not above.
func quantile(sorted []time.Duration, percent int) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[max((len(sorted)*percent+99)/100, 1)-1]
}

func (r Report) write(out io.Writer, asked float64) {
	fmt.Fprintf(out, "requests  %d in %.1f s: %.1f/s, asked %.1f/s\n", r.Requests, r.Took.Seconds(), float64(r.Requests)/r.Took.Seconds(), asked)
	fmt.Fprintf(out, "latency   p50 %s, p90 %s, p99 %s, max %s, from when a request was due\n", ms(r.P50), ms(r.P90), ms(r.P99), ms(r.Max))
	var parts []string
	for _, s := range slices.Sorted(maps.Keys(r.ByStatus)) {
		name := fmt.Sprint(s)
		if s == 0 {
			name = "no answer"
		}
		parts = append(parts, fmt.Sprintf("%s: %d", name, r.ByStatus[s]))
	}
	fmt.Fprintf(out, "status    %s\nwrong     %d\nnot sent  %d\n", strings.Join(parts, ", "), r.Wrong, r.Unsent)
}

// err says in one sentence what went wrong.
func (r Report) err() error {
	switch {
	case r.Wrong > 0:
		return fmt.Errorf("%d of %d answers were wrong; the first: %w", r.Wrong, r.Requests, r.FirstWrong)
	case r.Unsent > 0:
		return fmt.Errorf("the server could not keep up: %d were due and not sent", r.Unsent)
	}
	return nil
}

func ms(d time.Duration) string { return fmt.Sprintf("%.1f ms", float64(d.Microseconds())/1000) }

package play

import (
	"context"
	"fmt"
	"io"
	"sync"
	"time"
)

// A Load is a rate held for a time, open loop: shots start when they are due, whatever became of the earlier ones, and
// latency counts from then, so a server that stalls cannot hide it by slowing the player down.
type Load struct {
	Rate     float64       // shots a second
	For      time.Duration // how long
	InFlight int           // most shots at a time; one that must wait for its turn is late, and that counts
}

// A Shot sends the n-th request or visit, which was due at that time, and records what came.
type Shot func(ctx context.Context, n int, due time.Time, r *Recorder)

// Run fires until the time is over or ctx ends, waits for what is on its way, and reports.
func (l Load) Run(ctx context.Context, shot Shot) Report {
	r := &Recorder{status: map[int]int{}}
	start := time.Now()
	end := start.Add(l.For)
	turns := make(chan struct{}, max(l.InFlight, 1))
	total := max(1, int(l.Rate*l.For.Seconds()))
	var flying sync.WaitGroup
	sent := 0
	for n := range total {
		due := start.Add(time.Duration(float64(n) / l.Rate * float64(time.Second)))
		if !waitUntil(ctx, due) || !takeTurn(ctx, turns, end) {
			break
		}
		sent++
		flying.Go(func() {
			defer func() { <-turns }()
			shot(ctx, n, due, r)
		})
	}
	flying.Wait()
	return r.report(time.Since(start), total-sent)
}

func waitUntil(ctx context.Context, due time.Time) bool {
	d := time.Until(due)
	if d <= 0 {
		return ctx.Err() == nil
	}
	select {
	case <-time.After(d):
		return true
	case <-ctx.Done():
		return false
	}
}

func takeTurn(ctx context.Context, turns chan<- struct{}, end time.Time) bool {
	select {
	case turns <- struct{}{}:
		return true
	default:
	}
	late := time.NewTimer(time.Until(end))
	defer late.Stop()
	select {
	case turns <- struct{}{}:
		return true
	case <-late.C:
		return false
	case <-ctx.Done():
		return false
	}
}

// load runs shots of some requests each, on average, at the rate of the options, which is in requests.
func (o Options) load(ctx context.Context, out io.Writer, requests float64, shot Shot) error {
	report := Load{Rate: o.Rate / requests, For: o.For, InFlight: o.inFlight()}.Run(ctx, shot)
	report.write(out, o.Rate)
	return report.err()
}

// record plays the script and records each request. A later step is due when the answer before it has come, as it is
// for a customer. The first answer that is not as expected ends the visit.
func (v *visit) record(ctx context.Context, s Script, due time.Time, r *Recorder) {
	for i, step := range s.Steps {
		_, status, err := v.do(ctx, s, step)
		if ctx.Err() != nil { // cut off by us
			return
		}
		err = s.fault(fmt.Sprintf("step %d", i+1), err)
		r.add(time.Since(due), status, err)
		if err != nil {
			return
		}
		due = time.Now()
	}
	if s.Complete == nil {
		return
	}
	status, err := v.complete(ctx, s)
	if ctx.Err() != nil {
		return
	}
	r.add(time.Since(due), status, err)
}

// requests is how many a script sends.
func (s Script) requests() int {
	n := len(s.Steps)
	if s.Complete != nil {
		n++
	}
	return n
}

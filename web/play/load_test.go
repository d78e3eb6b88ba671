package play_test

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"switchyard/web/play"
)

func TestLoadPlaysVisitsAtTheRateAndCounts(t *testing.T) {
	s := start(t, true)
	o := play.Options{
		Script: write(t, `{"steps":[{"action":"INIT","expect":{"screen":"FORM"}},{"data":{"age":"34"},"expect":{"screen":"DONE"}}],"complete":{"a":1}}`),
		URL:    s.URL + "/flow-endpoint/booking", Secret: "plain secret", AppSecret: appSecret, Test: true, Token: "x", Rate: 300, For: 400 * time.Millisecond,
	}
	out, err := run(t, o)
	if err != nil || !strings.Contains(out, "requests  120 in") || !strings.Contains(out, "status    200: 120\nwrong     0\nnot sent  0\n") {
		t.Errorf("Main() = %v, wrote\n%s", err, out)
	}
	tokens := s.seen()
	if len(tokens) != 40 || len(s.events) != 40 || !strings.HasPrefix(tokens[0], "test.x-") {
		t.Errorf("%d tokens such as %q, %d responses; want 40 tests each", len(tokens), tokens[0], len(s.events))
	}
}

func TestLoadCountsWrongAnswers(t *testing.T) {
	s := start(t, true)
	o := play.Options{
		Script: write(t, `{"steps":[{"action":"INIT","expect":{"screen":"OTHER"}}]}`),
		URL:    s.URL + "/flow-endpoint/booking", Secret: "plain secret", Rate: 100, For: 100 * time.Millisecond,
	}
	out, err := run(t, o)
	const want = `10 of 10 answers were wrong; the first: step 1: the screen is "FORM"; expected "OTHER"`
	if err == nil || err.Error() != want || !strings.Contains(out, "wrong     10\n") {
		t.Errorf("Main() = %v, wrote\n%s\nwant %s", err, out, want)
	}
	s.Close()
	if out, err = run(t, o); err == nil || !strings.Contains(out, "status    no answer: 10\n") {
		t.Errorf("without a server: Main() = %v, wrote\n%s\nwant 10 without answer", err, out)
	}
}

// A closed loop would see one slow answer here; an open loop sees all that were due while the server stood still.
func TestLatencyCountsFromWhenARequestWasDue(t *testing.T) {
	for _, webhook := range []bool{false, true} {
		s := start(t, true)
		s.delay = func(n int) time.Duration {
			if n == 1 {
				return 200 * time.Millisecond
			}
			return 0
		}
		o := play.Options{Script: write(t, `{"steps":[{"action":"INIT"}]}`), URL: s.URL + "/flow-endpoint/booking", Secret: "plain secret"}
		if webhook {
			o = play.Options{Script: "testdata/bodies", URL: s.URL + "/webhooks/meta", AppSecret: appSecret, Webhook: true}
		}
		o.Rate, o.For, o.InFlight = 100, 300*time.Millisecond, 1
		out, err := run(t, o)
		p90, _ := strconv.ParseFloat(regexp.MustCompile(`p90 ([0-9.]+) ms`).FindStringSubmatch(out)[1], 64)
		if err != nil || p90 < 100 || !strings.Contains(out, "200: 30\n") {
			t.Errorf("webhook %t: Main() = %v, wrote\n%s\nwant 30 answers, p90 at least 100 ms", webhook, err, out)
		}
	}
}

func TestLoadBoundsWhatIsInFlightAndTellsWhatWasNotSent(t *testing.T) {
	var now, most atomic.Int64
	report := play.Load{Rate: 200, For: 100 * time.Millisecond, InFlight: 3}.Run(t.Context(), func(context.Context, int, time.Time, *play.Recorder) {
		most.Store(max(most.Load(), now.Add(1)))
		time.Sleep(60 * time.Millisecond)
		now.Add(-1)
	})
	if most.Load() != 3 || report.Unsent < 10 || report.Unsent > 17 {
		t.Errorf("%d in flight, %d not sent; want 3 and 10 to 17", most.Load(), report.Unsent)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
	defer cancel()
	start := time.Now()
	report = play.Load{Rate: 10, For: time.Minute, InFlight: 1}.Run(ctx, func(context.Context, int, time.Time, *play.Recorder) {})
	if time.Since(start) > 5*time.Second || report.Unsent != 599 {
		t.Errorf("a load whose context ends: %d not sent after %v; want 599 at once", report.Unsent, time.Since(start))
	}
}

func TestBodiesArePostedSignedEachOnce(t *testing.T) {
	s := start(t, false)
	o := play.Options{Script: "testdata/bodies", URL: s.URL + "/webhooks/meta", AppSecret: appSecret, Webhook: true}
	out, err := run(t, o)
	if want := "flow-response.json → 200  (N ms)\nnot-json.txt → 200  (N ms)\nstatus-read.json → 200  (N ms)\n"; err != nil || out != want {
		t.Errorf("Main() = %v, wrote\n%s\nwant\n%s", err, out, want)
	}
	o.Script = "testdata/bodies/status-read.json"
	if out, err = run(t, o); err != nil || out != "status-read.json → 200  (N ms)\n" || !slices.Equal(s.bodies[2], s.bodies[3]) {
		t.Errorf("one file: Main() = %v, wrote %s; want the same bytes again", err, out)
	}
	o.Script, o.AppSecret = "testdata/bodies", "other"
	out, err = run(t, o)
	if err == nil || strings.Count(err.Error(), "answered 401; expected 200") != 3 || strings.Count(out, "→ 401") != 3 {
		t.Errorf("wrong secret: Main() = %v, wrote\n%s\nwant three refusals", err, out)
	}
}

func TestBodiesUnderLoadAreNewEachTime(t *testing.T) {
	s := start(t, false)
	o := play.Options{Script: "testdata/bodies", URL: s.URL + "/webhooks/meta", AppSecret: appSecret, Webhook: true, Rate: 150, For: 200 * time.Millisecond}
	for range 2 {
		if out, err := run(t, o); err != nil || !strings.Contains(out, "200: 30\n") {
			t.Fatalf("Main() = %v, wrote\n%s", err, out)
		}
	}
	ids := map[string]bool{}
	for _, m := range s.events {
		ids[m.ID] = true
	}
	if len(s.events) != 20 || len(ids) != 20 {
		t.Errorf("%d messages with %d ids; want 20 and 20", len(s.events), len(ids))
	}
	different := map[string]bool{}
	for _, b := range s.bodies {
		different[string(b)] = true
	}
	if len(s.bodies) != 60 || len(different) != 41 { // the one that is no JSON has no id to change
		t.Errorf("%d bodies, %d different; want 60 and 41", len(s.bodies), len(different))
	}
}

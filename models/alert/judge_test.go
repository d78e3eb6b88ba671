package alert_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"switchyard/models/alert"
)

// A road is minutes of traffic with what our own monitor makes of them.
type road struct {
	now     time.Time
	minutes []alert.Minute
	active  map[alert.Kind][]float64
	said    []string // "3 +700 ENDPOINT_LATENCY": in the third minute
}

func newRoad() *road { return &road{now: start, active: map[alert.Kind][]float64{}} }

// drive adds a minute and judges it six times, as its traffic comes in.
func (r *road) drive(l alert.Limits, t alert.Tally) {
	r.minutes = append(r.minutes, alert.Minute{At: r.now, Tally: t})
	for range 6 {
		r.judge(l)
		r.now = r.now.Add(10 * time.Second)
	}
}

func (r *road) judge(l alert.Limits) {
	for _, v := range alert.Judge(r.now, l, r.minutes, r.active) {
		sign := "-"
		if v.Activated {
			sign = "+"
		}
		r.said = append(r.said, strings.ReplaceAll(fmt.Sprintf("%g %s%v %s", math.Floor(r.now.Sub(start).Minutes()), sign, v.Thresholds, v.Kind), "ENDPOINT_", ""))
		r.active[v.Kind] = v.Active
	}
}

// answers is a tally of answers that took that long each.
func answers(n int64, took time.Duration) (t alert.Tally) {
	t.Answered = n
	t.Latency[alert.BucketOf(took)] = n
	return t
}

func and(all ...alert.Tally) (sum alert.Tally) {
	for i := range all {
		sum.Add(&all[i])
	}
	return sum
}

const fast, slow = 80 * time.Millisecond, 2 * time.Second

func TestOurMonitorSpeaksAndFallsSilent(t *testing.T) {
	good := answers(40, fast)
	for _, c := range []struct {
		name string
		road func(drive func(minutes int, t alert.Tally))
		want string
	}{
		{"nothing", func(drive func(int, alert.Tally)) { drive(90, alert.Tally{}) }, "[]"},
		{"well", func(drive func(int, alert.Tally)) { drive(90, good) }, "[]"},
		{"30 % take 2 s, and recover", func(drive func(int, alert.Tally)) {
			drive(10, good)
			drive(3, and(answers(28, fast), answers(12, slow)))
			drive(30, good)
		}, "[10 +[700 1000] LATENCY 22 -[700] LATENCY]"},
		{"from slow to very slow and back", func(drive func(int, alert.Tally)) {
			drive(5, and(good, answers(20, slow)))
			drive(5, and(good, answers(20, 9*time.Second)))
			drive(15, and(good, answers(20, slow)))
		}, "[0 +[700 1000] LATENCY 5 +[5000 7000] LATENCY 19 -[5000] LATENCY]"},
		{"too few to tell", func(drive func(int, alert.Tally)) { drive(1, answers(19, slow)) }, "[]"},
		{"few, but over half an hour", func(drive func(int, alert.Tally)) { drive(25, answers(1, slow)) }, "[19 +[700 1000] LATENCY]"},
		{"a few slow ones are no accident only from five on", func(drive func(int, alert.Tally)) { drive(1, and(answers(16, fast), answers(4, slow))) }, "[]"},
		{"what is unknown changes nothing", func(drive func(int, alert.Tally)) {
			drive(2, answers(40, slow))
			drive(90, alert.Tally{})
		}, "[0 +[700 1000] LATENCY]"},
		{"after a silence one good answer is enough", func(drive func(int, alert.Tally)) {
			drive(2, answers(40, slow))
			drive(60, alert.Tally{})
			drive(2, answers(1, fast))
		}, "[0 +[700 1000] LATENCY 62 -[700] LATENCY]"},
		{"just better than the limit is not yet over", func(drive func(int, alert.Tally)) {
			drive(5, answers(40, 750*time.Millisecond))
			drive(30, answers(40, 690*time.Millisecond))
			drive(12, answers(40, 550*time.Millisecond))
		}, "[0 +[700] LATENCY 44 -[700] LATENCY]"},
		{"fallbacks", func(drive func(int, alert.Tally)) {
			bad := good
			bad.Fallbacks = 5
			drive(3, bad)
		}, "[0 +[3 5 10] ERROR_RATE]"},
		{"no key opens the requests", func(drive func(int, alert.Tally)) { drive(1, alert.Tally{Unopened: 40, Pings: 1}) },
			"[0 +[3 5 10 50] ERROR_RATE 0 +[95 90] AVAILABILITY]"},
		{"only pings, and then none is opened", func(drive func(int, alert.Tally)) {
			drive(30, alert.Tally{Pings: 1})
			drive(8, alert.Tally{Unopened: 1})
		}, "[32 +[95 90] AVAILABILITY]"},
		{"strangers who are refused", func(drive func(int, alert.Tally)) { drive(30, and(answers(1, fast), alert.Tally{Refused: 500})) }, "[]"},
		{"everybody is refused", func(drive func(int, alert.Tally)) { drive(1, alert.Tally{Refused: 500}) },
			"[0 +[3 5 10 50] ERROR_RATE 0 +[95 90] AVAILABILITY]"},
		{"phones that cannot show our answers", func(drive func(int, alert.Tally)) {
			bad := good
			bad.Notices = 2
			drive(8, bad)
		}, "[2 +[3 5] CLIENT_ERROR_RATE]"},
	} {
		r := newRoad()
		c.road(func(minutes int, t alert.Tally) {
			for range minutes {
				r.drive(alert.DefaultLimits, t)
			}
		})
		if got := fmt.Sprint(r.said); got != c.want {
			t.Errorf("%s: said %s; want %s", c.name, got, c.want)
		}
	}
}

func TestLimitsThatChangeAreMetAtOnce(t *testing.T) {
	r, tally := newRoad(), answers(40, 750*time.Millisecond)
	l := alert.DefaultLimits
	r.drive(l, tally)
	for _, limit := range []float64{500, 2000, 0, 500, 0} {
		l.Latency = limit
		r.drive(l, tally)
	}
	want := "[0 +[700] LATENCY 1 +[500] LATENCY 2 -[500] LATENCY 4 +[500] LATENCY 5 -[500] LATENCY]"
	if got := fmt.Sprint(r.said); got != want {
		t.Errorf("said %s; want %s", got, want)
	}
}

// An hour of healthy traffic at three rates: most answers take some 80 ms, one in a hundred takes above a second, one
// request in five hundred fails, one answer in five hundred cannot be shown, and strangers knock. Nothing is said.
func TestAnHourOfHealthyTrafficIsNoAlert(t *testing.T) {
	for _, perMinute := range []int{3, 60, 1500} {
		for seed := range uint64(20) {
			random := rand.New(rand.NewPCG(seed, 9))
			r := newRoad()
			for range 60 {
				tally := alert.Tally{Pings: 1, Refused: int64(random.IntN(3))}
				for range perMinute*3/4 + random.IntN(perMinute/2+1) {
					took := time.Duration(80 * math.Exp(random.NormFloat64()/2) * float64(time.Millisecond))
					if random.IntN(100) == 0 {
						took = time.Duration(1000+random.IntN(1000)) * time.Millisecond
					}
					tally.Add(new(answers(1, took)))
					switch random.IntN(500) {
					case 0:
						tally.Fallbacks++
					case 1:
						tally.Notices++
					}
				}
				r.drive(alert.DefaultLimits, tally)
			}
			if len(r.said) > 0 {
				t.Errorf("%d requests a minute, seed %d: said %v; want nothing", perMinute, seed, r.said)
			}
		}
	}
}

func TestAVerdictSaysWhatWasMeasured(t *testing.T) {
	tally := and(answers(28, fast), answers(12, slow), alert.Tally{Unopened: 10, Pings: 2, Notices: 6})
	verdicts := alert.Judge(start, alert.DefaultLimits, []alert.Minute{{At: start, Tally: tally}}, nil)
	var said []string
	for _, v := range verdicts {
		said = append(said, v.Message())
	}
	want := []string{
		"Switchyard measured: nine of ten answers took up to 1.8 s in the last minute (40 requests).",
		"Switchyard measured: 10 of 50 requests failed in the last minute.",
		"Switchyard measured: phones could not show 6 of 34 answers in the last 5 minutes.",
		"Switchyard measured: 42 of 52 requests and pings were answered in time in the last 2 minutes.",
	}
	if !slices.Equal(said, want) {
		t.Errorf("said\n%s\nwant\n%s", strings.Join(said, "\n"), strings.Join(want, "\n"))
	}
	if got := fmt.Sprint(tally.Causes()); got != "[{BUSINESS_DECRYPTION_ERROR 10}]" {
		t.Errorf("Causes() = %s", got)
	}
}

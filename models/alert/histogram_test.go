package alert_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"switchyard/models/alert"
)

func measured(durations ...time.Duration) (h alert.Histogram) {
	for _, d := range durations {
		h[alert.BucketOf(d)]++
	}
	return h
}

func TestQuantilesLieInTheBucketOfTheExactOnes(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	for range 50 {
		var all []time.Duration
		for range 1 + random.IntN(500) {
			all = append(all, time.Duration(random.ExpFloat64()*float64(200*time.Millisecond)))
		}
		h := measured(all...)
		slices.Sort(all)
		for _, q := range []float64{.5, .9, .99} {
			exact := all[max(0, (len(all)*int(q*100)+99)/100-1)]
			ms, ok := h.Quantile(q)
			got := alert.BucketOf(time.Duration(ms * float64(time.Millisecond)))
			if want := alert.BucketOf(exact); !ok || got != want {
				t.Errorf("p%g of %d = %g ms, %v; want the bucket of %v", q*100, len(all), ms, ok, exact)
			}
		}
	}
}

func TestQuantilesAtTheEnds(t *testing.T) {
	if ms, ok := new(alert.Histogram).Quantile(.9); ok {
		t.Errorf("Quantile of nothing = %g; want unknown", ms)
	}
	late := measured(time.Minute)
	if ms, ok := late.Quantile(.9); !ok || ms != 10_000 {
		t.Errorf("Quantile of a minute = %g, %v; want 10 s", ms, ok)
	}
	for _, at := range []time.Duration{700, 1000, 5000, 7000} { // a threshold ends a bucket
		if at *= time.Millisecond; alert.BucketOf(at)+1 != alert.BucketOf(at+time.Microsecond) {
			t.Errorf("%v is inside a bucket", at)
		}
	}
}

func TestHistogramsComeBackAndAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := func() (h alert.Histogram) {
			for range rapid.IntRange(0, 9).Draw(t, "n") {
				h[rapid.IntRange(0, alert.Buckets-1).Draw(t, "bucket")] += rapid.Int64Range(0, 1<<40).Draw(t, "count")
			}
			return h
		}
		a, b := draw(), draw()
		got, err := alert.ParseHistogram(a.Bytes())
		if err != nil || got != a {
			t.Fatalf("ParseHistogram(Bytes()) = %v, %v; want %v", got, err, a)
		}
		sum := a
		if sum.Add(b); sum.Count() != a.Count()+b.Count() {
			t.Fatalf("sum counts %d; want %d and %d", sum.Count(), a.Count(), b.Count())
		}
	})
}

func FuzzParseHistogram(f *testing.F) {
	f.Add([]byte{1, 3, 200, 1})
	f.Add([]byte{1, 255, 1})
	f.Add([]byte{1, 3, 255})
	f.Add([]byte{2})
	f.Fuzz(func(t *testing.T, b []byte) {
		h, err := alert.ParseHistogram(b)
		if again, bad := alert.ParseHistogram(h.Bytes()); err == nil && h.Count() >= 0 && (bad != nil || again != h) {
			t.Errorf("ParseHistogram(%x) = %v, which comes back as %v, %v", b, h, again, bad)
		}
	})
}

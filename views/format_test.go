package views_test

import (
	"math"
	"testing"
	"time"

	"switchyard/views"
)

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

func TestAgoSaysHowLongAgo(t *testing.T) {
	for _, c := range []struct {
		before time.Duration
		want   string
	}{
		{0, "just now"},
		{44 * time.Second, "just now"},
		{-44 * time.Second, "just now"},
		{45 * time.Second, "1 min ago"},
		{89 * time.Second, "1 min ago"},
		{91 * time.Second, "2 min ago"},
		{59*time.Minute + 29*time.Second, "59 min ago"},
		{59*time.Minute + 31*time.Second, "1 h ago"},
		{23*time.Hour + 29*time.Minute, "23 h ago"},
		{23*time.Hour + 31*time.Minute, "1 day ago"},
		{36 * time.Hour, "2 days ago"},
		{29 * 24 * time.Hour, "29 days ago"},
		{30 * 24 * time.Hour, "21 Oct 2026"},
		{-5 * time.Minute, "in 5 min"},
		{-26 * time.Hour, "in 1 day"},
		{-40 * 24 * time.Hour, "30 Dec 2026"},
	} {
		if got := views.Ago(noon, noon.Add(-c.before)); got != c.want {
			t.Errorf("Ago(%s before) = %q; want %q", c.before, got, c.want)
		}
	}
}

func TestTimesAreShownInThePersonsZone(t *testing.T) {
	kolkata, err := time.LoadLocation("Asia/Kolkata")
	if err != nil {
		t.Fatal(err)
	}
	if got, want := views.DateTime(noon, nil), "20 Nov 2026, 12:00:00 UTC"; got != want {
		t.Errorf("DateTime(noon, nil) = %q; want %q", got, want)
	}
	if got, want := views.DateTime(noon, kolkata), "20 Nov 2026, 17:30:00 IST"; got != want {
		t.Errorf("DateTime(noon, Kolkata) = %q; want %q", got, want)
	}
}

func TestNumbersAreGroupedByThousands(t *testing.T) {
	for n, want := range map[int64]string{
		0: "0", 7: "7", 999: "999", 1000: "1,000", 1284: "1,284", 123456: "123,456", 1234567: "1,234,567",
		-1: "-1", -999: "-999", -1000: "-1,000", math.MinInt64: "-9,223,372,036,854,775,808",
	} {
		if got := views.Number(n); got != want {
			t.Errorf("Number(%d) = %q; want %q", n, got, want)
		}
	}
}

func TestSharesAndDurationsAreShort(t *testing.T) {
	for share, want := range map[float64]string{0: "0%", .125: "12.5%", .1: "10%", 1: "100%", .0004: "0%", .33333: "33.3%", math.Inf(1): "–"} {
		if got := views.Percent(share); got != want {
			t.Errorf("Percent(%v) = %q; want %q", share, got, want)
		}
	}
	if got := views.Percent(math.NaN()); got != "–" {
		t.Errorf("Percent(NaN) = %q; want –", got)
	}
	for d, want := range map[time.Duration]string{
		0: "0 ms", 340 * time.Millisecond: "340 ms", 999400 * time.Microsecond: "999 ms", 999600 * time.Microsecond: "1 s",
		1240 * time.Millisecond: "1.2 s", time.Minute: "60 s",
	} {
		if got := views.Milliseconds(d); got != want {
			t.Errorf("Milliseconds(%s) = %q; want %q", d, got, want)
		}
	}
}

package admin

import (
	"math/rand/v2"
	"testing"
	"time"
)

// TestADayOfTheFilterHoldsExactlyItsInstants in zones whose days have 23, 24 and 25 hours, begin at one in the morning, or
// never were.
func TestADayOfTheFilterHoldsExactlyItsInstants(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 29))
	for name, days := range map[string][]string{
		"UTC":                 {"2026-02-28", "2024-02-29", "2026-12-31"},
		"Europe/Berlin":       {"2026-03-29", "2026-10-25"},
		"America/Sao_Paulo":   {"2018-11-04", "2019-02-16", "2026-11-20"}, // midnight did not come; came twice
		"Australia/Lord_Howe": {"2026-04-05", "2026-10-04"},
		"Asia/Kathmandu":      {"2026-11-20"},
		"Pacific/Apia":        {"2011-12-29", "2011-12-30", "2011-12-31"}, // the 30th never was
		"America/Havana":      {"2026-11-01", "2026-03-08"},               // two midnights; none
		"Asia/Beirut":         {"2024-03-31", "2022-03-27"},
		"Pacific/Kiritimati":  {"2026-01-01"},
	} {
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range days {
			from, _, errs := day(d, "from", 0, zone, nil)
			to, _, more := day(d, "to", 1, zone, nil)
			if len(errs)+len(more) > 0 {
				t.Fatalf("day(%s, %s) = %v, %v", d, name, errs, more)
			}
			noon, _ := time.Parse(time.DateOnly+" 15", d+" 12")
			for range 2000 {
				at := noon.Add(time.Duration(random.Int64N(int64(72*time.Hour))) - 36*time.Hour).Truncate(15 * time.Minute)
				got, want := !at.Before(from) && at.Before(to), at.In(zone).Format(time.DateOnly) == d
				if got != want {
					t.Fatalf("the filter of %s in %s is %s to %s; takes %s (%s there): %v, want %v", d, name, from, to, at, at.In(zone), got, want)
				}
			}
		}
	}
}

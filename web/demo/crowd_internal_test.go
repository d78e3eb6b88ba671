package demo

import (
	"math/rand/v2"
	"regexp"
	"slices"
	"testing"
	"time"
)

func TestCustomersHaveNumbersThatNobodyHas(t *testing.T) {
	free := map[string]*regexp.Regexp{
		"BR": regexp.MustCompile(`^551190000\d{4}$`), "GB": regexp.MustCompile(`^447700900\d{3}$`), "US": regexp.MustCompile(`^1\d{3}55501\d{2}$`),
		"FR": regexp.MustCompile(`^3363998\d{4}$`), "DE": regexp.MustCompile(`^4917139200\d{2}$`), "IE": regexp.MustCompile(`^3532091\d{5}$`),
		"IN": regexp.MustCompile(`^9155555\d{5}$`), "SE": regexp.MustCompile(`^46701740(60[5-9]|6[1-9]\d)$`), "AU": regexp.MustCompile(`^6149157\d{4}$`),
	}
	email := regexp.MustCompile(`^[a-z]+\.[a-z]+@example\.(com|org|net)$`)
	all := crowd(rand.New(rand.NewPCG(1, 1)), 2000)
	seen, countries := map[string]bool{}, map[string]int{}
	for _, c := range all {
		if !free[c.country].MatchString(c.phone) || seen[c.phone] || !email.MatchString(c.email) || c.age < 18 {
			t.Errorf("a customer of %s: %s %s, %d; want a free number of one's own, a plain address, a grown-up", c.country, c.phone, c.email, c.age)
		}
		seen[c.phone] = true
		countries[c.country]++
	}
	if len(all) < 1300 || len(countries) != len(free) {
		t.Errorf("crowd(2000) = %d people of %v; want most, of every country", len(all), countries)
	}
}

func TestRhythmIsThatOfABusiness(t *testing.T) {
	end := time.Date(2026, 11, 20, 10, 30, 0, 0, time.UTC)
	times := rhythm(rand.New(rand.NewPCG(1, 1)), end, 5000)
	if len(times) != 5000 || !slices.IsSortedFunc(times, time.Time.Compare) || times[0].Before(end.Add(-past-hour)) || times[4999].After(end) {
		t.Fatalf("rhythm = %d times from %v to %v; want 5000 in order within the past", len(times), times[0], times[len(times)-1])
	}
	byDay, night, noon := map[time.Weekday]int{}, 0, 0
	for _, at := range times {
		byDay[at.Weekday()]++
		switch at.Hour() {
		case 2, 3, 4:
			night++
		case 10, 11, 12:
			noon++
		}
	}
	if byDay[time.Sunday]*2 > byDay[time.Monday] || night*10 > noon {
		t.Errorf("by day %v, at night %d, at noon %d; want quiet Sundays and nights", byDay, night, noon)
	}
}

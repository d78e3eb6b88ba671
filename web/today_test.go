package web_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"switchyard/models"
)

// TestTodayIsTheSameDayAllOverAPage keeps a response that came today in one zone and yesterday in the other.
func TestTodayIsTheSameDayAllOverAPage(t *testing.T) {
	s := openSite(t).addUsers(t)
	s.addSamples(t)
	const farEast = "Pacific/Kiritimati" // 14 hours before UTC
	zone, err := time.LoadLocation(farEast)
	must(t, err)
	now := time.Now()
	midnight := func(z *time.Location) time.Time {
		y, m, d := now.In(z).Date()
		return time.Date(y, m, d, 0, 0, 0, 0, z)
	}
	here, there := midnight(time.UTC), midnight(zone)
	between, want := here.Add(time.Minute), map[string]int{"UTC": 2, farEast: 1}
	if there.Before(here) {
		between, want = there.Add(time.Minute), map[string]int{"UTC": 1, farEast: 2}
	}
	for i, at := range []time.Time{between, now} {
		body := reply(strconv.Itoa(i), "551198765001"+strconv.Itoa(i), "Ana", map[string]any{"flow_token": "appointment.1"})
		must(t, s.DB().StoreDeliveries(t.Context(), []models.Delivery{{Source: "meta", ReceivedAt: models.Time{Time: at}, Body: body}}))
	}
	eventually(t, "decoded", func() bool {
		n, err := s.DB().CountResponses(t.Context(), models.ResponseFilter{})
		return err == nil && n == 2
	})
	for _, name := range []string{"UTC", farEast} {
		s.send(t, scenario{as: "viewer", method: "POST", path: "/profile", form: map[string][]string{"name": {"Vi"}, "zone": {name}}})
		overview := parsed(t, s.send(t, scenario{as: "viewer", path: "/"}).body)
		tile := overview.Find(".stat").FilterFunction(func(_ int, e *goquery.Selection) bool {
			return strings.Contains(e.Find(".stat-label").Text(), "Responses today")
		}).Find(".stat-value").Text()
		if tile != strconv.Itoa(want[name]) {
			t.Errorf("in %s the figure of today is %q; want %d", name, tile, want[name])
		}
		for path, page := range map[string]*goquery.Document{"/": overview, "/flows": parsed(t, s.send(t, scenario{as: "viewer", path: "/flows"}).body)} {
			if got := columnSum(t, page, "Responses today"); got != want[name] {
				t.Errorf("in %s the table of %s says %d responses today; want %d", name, path, got, want[name])
			}
		}
	}
}

// columnSum adds up the column with that head.
func columnSum(t *testing.T, page *goquery.Document, head string) (sum int) {
	t.Helper()
	heads := page.Find("th").FilterFunction(func(_ int, e *goquery.Selection) bool { return strings.TrimSpace(e.Text()) == head })
	if heads.Length() != 1 {
		t.Fatalf("%d columns are headed %q; want one", heads.Length(), head)
	}
	at := heads.PrevAll().Length()
	heads.Closest("table").Find("tbody tr").Each(func(_ int, row *goquery.Selection) {
		n, err := strconv.Atoi(strings.TrimSpace(row.Children().Eq(at).Text()))
		must(t, err)
		sum += n
	})
	return sum
}

package web_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"switchyard/views"
)

func TestAPeriodOfTheListMovesOnWithTheDays(t *testing.T) {
	const home = "America/St_Johns"
	s, all := zoned(t, rand.New(rand.NewPCG(1, 2)), home)
	zone, err := time.LoadLocation(home)
	must(t, err)
	for _, days := range []int{1, 7, 30, 12} {
		first, n := time.Now().In(zone).AddDate(0, 0, 1-days).Format(time.DateOnly), 0
		for _, r := range all {
			if r.ReceivedAt.In(zone).Format(time.DateOnly) >= first {
				n++
			}
		}
		path := fmt.Sprintf("/responses?last=%dd", days)
		doc := parsed(t, s.send(t, scenario{as: "support", path: path}).body)
		if want := views.Number(n) + " response"; !strings.Contains(doc.Find("#responses-head").Text(), want) || n > 0 && doc.Find("#results tbody tr").Length() != min(n, 50) {
			t.Errorf("%s shows %s; want %s", path, doc.Find("#responses-head").Text(), want)
		}
		if chosen := doc.Find(".periods [aria-current]"); chosen.Length() != 1 || chosen.AttrOr("href", "") != "/responses" || doc.Find(`#filters-kept [name="last"]`).AttrOr("value", "") != fmt.Sprint(days)+"d" {
			t.Errorf("%s: the choice %q leads to %q; want the one, back to all days", path, chosen.Text(), chosen.AttrOr("href", ""))
		}
	}
	s.run(t, []scenario{
		{name: "dates win", as: "support", path: "/responses?last=7d&from=2026-01-01", status: 200, contains: []string{fmt.Sprint(len(all), " responses")}, absent: []string{`name="last"`}},
		{name: "no period", as: "support", path: "/responses?last=<b>", status: 422, contains: []string{"There is no period “&lt;b&gt;”"}},
		{name: "too long a period", as: "support", path: "/responses?last=99999d", status: 422},
		{name: "kept as it is", as: "support", method: "POST", path: "/views", form: map[string][]string{"query": {"last=7d"}, "name": {"This week"}}, status: 303, to: "/responses?last=7d"},
	})
}

package web_test

import (
	"fmt"
	"strings"
	"testing"

	"switchyard/models"
)

// TestBrowserFindsAVisitByEachFilter: as somebody at the telephone does it, and nothing of a token or a number stands in
// an address or in what a viewer is sent.
func TestBrowserFindsAVisitByEachFilter(t *testing.T) {
	t.Parallel()
	s := openSite(t).addUsers(t)
	left, finished := s.wander(t)
	one, other := fmt.Sprintf("/visits/%d", left.ID), fmt.Sprintf("/visits/%d", finished.ID)
	b := openTab(t, s.server.URL, look{})
	b.signIn("support")
	rows := func(what string, want ...string) {
		t.Helper()
		b.until(fmt.Sprintf("%s shows %v", what, want), fmt.Sprintf(`[...document.querySelectorAll("#results tbody tr td:first-child a")].map(a => a.pathname).join() === %s`, js(strings.Join(want, ","))))
	}
	b.open("/flows/appointment/visits")
	b.choose("#outcome", string(models.VisitFinished))
	rows("finished", other)
	b.choose("#outcome", string(models.VisitOpen))
	rows("not finished", one)
	b.choose("#outcome", "")
	b.choose("#screen", "DETAILS")
	rows("a screen", one)
	b.at("/flows/appointment/visits?screen=DETAILS")
	b.leave("Clear filters")
	b.fill("#name", "joao")
	rows("a name", other)
	b.leave("Clear filters")
	b.fill("#find-what", "+55 11 99988-7766")
	b.leave("Find")
	rows("a number", other)
	b.seesIn("#main", "Visits of João Silva")
	b.open("/visits")
	b.fill("#find-what", wandering)
	b.leave("Find")
	b.at(one)
	b.sees("after 2 of", "Dental care", wandering)
	b.open("/visits")
	b.fill("#name", "5511999887766")
	b.until("the number is in no address", `!location.href.includes("99988") && document.querySelector("#results tbody tr") !== null`)

	viewer := openTab(t, s.server.URL, look{})
	viewer.signIn("viewer")
	for _, path := range []string{one, other, "/visits?tests=1"} {
		viewer.open(path)
		source := ask[string](viewer, "document.documentElement.outerHTML")
		for _, secret := range []string{"7f3c2a90", "appointment.done", "5511999887766", "99988"} {
			if strings.Contains(source, secret) {
				t.Errorf("the source of %s holds %q for a viewer", path, secret)
			}
		}
	}
}

package views_test

import (
	"strings"
	"testing"
	"time"

	"switchyard/models"
	"switchyard/views"
)

var targetsNow = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

func before(d time.Duration) models.Time { return models.Time{Time: targetsNow.Add(-d)} }

func TestTheOverviewTellsOfTargetsThatNeedSomebody(t *testing.T) {
	for _, test := range []struct {
		name   string
		off    bool
		health models.TargetHealth
		want   string // of the title; "" is no line
	}{
		{"well", false, models.TargetHealth{LastSuccess: before(time.Minute)}, ""},
		{"failing for a while", false, models.TargetHealth{Failures: 9, Waiting: 3, Oldest: before(59 * time.Minute), LastSuccess: before(2 * time.Hour)}, ""},
		{"failing for an hour", false, models.TargetHealth{Failures: 9, Waiting: 3, Oldest: before(61 * time.Minute), LastSuccess: before(2 * time.Hour)}, "CRM does not take what is forwarded"},
		{"failing, but took something since", false, models.TargetHealth{Failures: 1, Waiting: 3, Oldest: before(5 * time.Hour), LastSuccess: before(time.Minute)}, ""},
		{"one body that is not taken", false, models.TargetHealth{Waiting: 1, Oldest: before(5 * time.Hour), LastSuccess: before(2 * time.Hour)}, ""},
		{"off", true, models.TargetHealth{Failures: 9, Waiting: 3, Oldest: before(5 * time.Hour)}, ""},
		{"off with dead letters", true, models.TargetHealth{Dead: 1}, "CRM: 1 dead letter"},
		{"dead letters", false, models.TargetHealth{Dead: 1200}, "CRM: 1,200 dead letters"},
	} {
		got := views.TargetNotices([]models.Target{{ID: 7, Name: "CRM", Off: test.off}}, map[int64]models.TargetHealth{7: test.health}, targetsNow)
		title := ""
		if len(got) > 0 {
			title = got[0].Title
		}
		if title != test.want || len(got) > 1 {
			t.Errorf("TargetNotices of one that is %s = %+v; want %q", test.name, got, test.want)
		}
	}
}

func TestTheListSaysHowItGoesWithEachTarget(t *testing.T) {
	for want, h := range map[string]models.TargetHealth{
		"Well":             {LastSuccess: before(time.Minute), Day: models.TargetFigures{Tries: 200, Failed: 1, P90: 340 * time.Millisecond}},
		"Failing":          {LastSuccess: before(time.Minute), Failures: 1},
		"Paused":           {Failures: 9, PausedUntil: models.Time{Time: targetsNow.Add(time.Minute)}},
		"Nothing sent yet": {},
	} {
		p := views.TargetsPage{Page: views.Page{Now: targetsNow, Zone: time.UTC}, Flows: map[int64]string{3: "Booking"}, Health: map[int64]models.TargetHealth{7: h},
			Targets: []models.Target{{ID: 7, Name: "CRM", URL: "https://crm.example/secret-path?key=sesame", Fields: []string{"messages"}, Flows: []int64{3, 4}, Tests: true}}}
		row := page(t, views.Targets(p)).Find("#target-7").Text()
		for _, text := range []string{want, "crm.example…", "Only messages about Booking, a flow that is gone, test traffic too"} {
			if !strings.Contains(row, text) {
				t.Errorf("the row of a target that is %s = %q; want %q in it", want, row, text)
			}
		}
		if strings.Contains(row, "sesame") || strings.Contains(row, "secret-path") {
			t.Errorf("the row shows a viewer %q", row)
		}
		if want == "Well" && (!strings.Contains(row, "99.5%") || !strings.Contains(row, "340 ms")) {
			t.Errorf("the row of a target that is well = %q; want 99.5%% and 340 ms", row)
		}
	}
}

package views

import (
	"fmt"
	"math"
	"testing"
	"time"

	"switchyard/models"
	"switchyard/models/alert"
)

// What came after the end of the chart of a long alert is not drawn at its end.
func TestTheChartOfALongAlertEndsWhereItIsCut(t *testing.T) {
	start := time.Date(2026, 9, 1, 10, 0, 0, 0, time.UTC)
	day := func(n int) models.Time { return models.Time{Time: start.AddDate(0, 0, n)} }
	notice := func(n int, p90 float64) models.AlertEvent {
		return models.AlertEvent{Activated: true, At: day(n), P90: &p90}
	}
	a := models.Alert{Kind: alert.EndpointLatency, SinceAt: day(0), AckAt: day(2), ResolvedAt: day(40), Events: []models.AlertEvent{notice(0, 1500), notice(40, 9000)}}
	for _, c := range []struct {
		days int
		cut  bool
		want string
	}{
		{30, true, "[1500] [Activated Acknowledged]"},
		{41, false, "[1500 9000] [Activated Acknowledged Resolved]"},
	} {
		e := AlertEvidence{From: start.Add(-time.Hour), To: start.AddDate(0, 0, c.days), Cut: c.cut, Step: 12 * time.Hour}
		chart, ok := alertChart(a, e, time.UTC)
		var told []float64
		for _, v := range chart.Told {
			if !math.IsNaN(v) {
				told = append(told, v)
			}
		}
		var marks []string
		for _, m := range chart.Marks {
			marks = append(marks, m.Label)
		}
		if got := fmt.Sprint(told, marks); !ok || got != c.want {
			t.Errorf("chart of %d days, cut %v: %s, %v; want %s", c.days, c.cut, got, ok, c.want)
		}
	}
}

package web

import (
	"context"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"switchyard/models"
)

var (
	forwardStates = prometheus.NewDesc("switchyard_forwards", "Forwards that wait or are dead, by the target's id.", []string{"target", "state"}, nil)
	oldestForward = prometheus.NewDesc("switchyard_oldest_forward_seconds", "Age of the oldest delivery that waits to be passed on, by the target's id; 0 when none does.", []string{"target"}, nil)
)

// forwards counts at each scrape what waits for targets. What was tried is counted as it happens.
type forwards struct{ db *models.DB }

// Describe names what Collect gives.
func (f *forwards) Describe(ch chan<- *prometheus.Desc) {
	ch <- forwardStates
	ch <- oldestForward
}

// Collect asks the database; when it does not answer in time the figures are left out.
func (f *forwards) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	all, err := f.db.TargetsHealth(ctx)
	if err != nil {
		return
	}
	for id, h := range all {
		target, age := strconv.FormatInt(id, 10), 0.0
		if !h.Oldest.IsZero() {
			age = max(0, f.db.Now().Sub(h.Oldest.Time).Seconds())
		}
		ch <- prometheus.MustNewConstMetric(forwardStates, prometheus.GaugeValue, float64(h.Waiting), target, string(models.ForwardWaiting))
		ch <- prometheus.MustNewConstMetric(forwardStates, prometheus.GaugeValue, float64(h.Dead), target, string(models.ForwardDead))
		ch <- prometheus.MustNewConstMetric(oldestForward, prometheus.GaugeValue, age, target)
	}
}

package web

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"switchyard/models"
)

var (
	deliveryStates = prometheus.NewDesc("switchyard_deliveries", "Deliveries that wait (pending) or need a person (unmatched, failed).", []string{"state"}, nil)
	oldestPending  = prometheus.NewDesc("switchyard_oldest_pending_seconds", "Age of the oldest delivery that waits to be decoded; 0 when none does.", nil, nil)
)

// deliveries counts at each scrape what waits or needs a person. What is done only grows: see the webhook requests.
type deliveries struct{ db *models.DB }

// Describe names what Collect gives.
func (d *deliveries) Describe(ch chan<- *prometheus.Desc) {
	ch <- deliveryStates
	ch <- oldestPending
}

// Collect asks the database; when it does not answer in time the figures are left out.
func (d *deliveries) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	counts, oldest, err := d.db.DeliveryCounts(ctx)
	if err != nil {
		return
	}
	for _, s := range []models.DeliveryState{models.Pending, models.Unmatched, models.Failed} {
		ch <- prometheus.MustNewConstMetric(deliveryStates, prometheus.GaugeValue, float64(counts[s]), string(s))
	}
	age := 0.0
	if !oldest.IsZero() {
		age = max(0, d.db.Now().Sub(oldest.Time).Seconds())
	}
	ch <- prometheus.MustNewConstMetric(oldestPending, prometheus.GaugeValue, age)
}

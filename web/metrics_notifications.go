package web

import (
	"context"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"switchyard/models"
)

var (
	waitingPosts = prometheus.NewDesc("switchyard_notification_posts", "Messages to people that wait or are dead, by the receiver's id.", []string{"receiver", "state"}, nil)
	gathered     = prometheus.NewDesc("switchyard_notifications_gathered", "Notifications that wait for the receiver's hours or for its next message.", []string{"receiver"}, nil)
)

// backlogs counts at each scrape what waits for receivers. What was tried is counted as it happens.
type backlogs struct{ db *models.DB }

// Describe names what Collect gives.
func (b *backlogs) Describe(ch chan<- *prometheus.Desc) {
	ch <- waitingPosts
	ch <- gathered
}

// Collect asks the database; when it does not answer in time the figures are left out.
func (b *backlogs) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	receivers, err := b.db.Receivers(ctx)
	if err != nil {
		return
	}
	all, err := b.db.Backlogs(ctx)
	if err != nil {
		return
	}
	for _, r := range receivers {
		id, waits := strconv.FormatInt(r.ID, 10), all[r.ID]
		ch <- prometheus.MustNewConstMetric(waitingPosts, prometheus.GaugeValue, float64(waits.Waiting), id, string(models.PostWaiting))
		ch <- prometheus.MustNewConstMetric(waitingPosts, prometheus.GaugeValue, float64(waits.Dead), id, string(models.PostDead))
		ch <- prometheus.MustNewConstMetric(gathered, prometheus.GaugeValue, float64(waits.Gathered), id)
	}
}

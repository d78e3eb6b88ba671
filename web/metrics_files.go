package web

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"switchyard/models"
)

var fileStates = prometheus.NewDesc("switchyard_files", "Attached files that wait to be fetched (pending) or could not be (failed, gone).", []string{"state"}, nil)

// filesWaiting counts at each scrape.
type filesWaiting struct{ db *models.DB }

// Describe names what Collect gives.
func (f *filesWaiting) Describe(ch chan<- *prometheus.Desc) { ch <- fileStates }

// Collect asks the database; when it does not answer in time the figures are left out.
func (f *filesWaiting) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	c, err := f.db.FileCounts(ctx)
	if err != nil {
		return
	}
	for state, n := range map[models.FileState]int64{models.FilePending: c.Pending, models.FileFailed: c.Failed, models.FileGone: c.Gone} {
		ch <- prometheus.MustNewConstMetric(fileStates, prometheus.GaugeValue, float64(n), string(state))
	}
}

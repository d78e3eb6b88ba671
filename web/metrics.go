package web

import (
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"switchyard/handlers/whatsapp"
	"switchyard/models"
)

// seconds suits Meta's limits: a median of 250 ms, alerts from 1 s, an end at 10 s.
var seconds = []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10}

// metrics is what the second listener tells. Labels hold routes, slugs and words, never what a sender chose.
type metrics struct {
	registry  *prometheus.Registry
	requests  *prometheus.CounterVec
	durations *prometheus.HistogramVec
	webhooks  *prometheus.CounterVec
	exchanges *prometheus.CounterVec
	answers   *prometheus.HistogramVec
	reports   prometheus.Counter
	forwards  *prometheus.CounterVec
	posts     *prometheus.CounterVec
}

func newMetrics() *metrics {
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
	}
	histogram := func(name, help string, labels ...string) *prometheus.HistogramVec {
		return prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: name, Help: help, Buckets: seconds}, labels)
	}
	m := &metrics{
		registry:  prometheus.NewRegistry(),
		requests:  counter("switchyard_http_requests_total", "Requests by route and status.", "route", "status"),
		durations: histogram("switchyard_http_request_seconds", "Time to answer by route.", "route"),
		webhooks:  counter("switchyard_webhook_requests_total", "Webhook bodies by how they were answered; bad_signature among them.", "result"),
		exchanges: counter("switchyard_endpoint_requests_total", "Flow endpoint requests by flow and result.", "flow", "result"),
		forwards:  counter("switchyard_forward_tries_total", "Tries to pass a delivery on, by the target's id and how they ended.", "target", "result"),
		posts:     counter("switchyard_notification_tries_total", "Tries to send a notification, by channel and how they ended.", "channel", "result"),
		answers:   histogram("switchyard_endpoint_request_seconds", "Time to answer a Flow endpoint request by flow, pings and tests left out.", "flow"),
		reports: prometheus.NewCounter(prometheus.CounterOpts{Name: "switchyard_csp_reports_total",
			Help: "Reports of browsers that a page broke its policy."}),
	}
	m.registry.MustRegister(m.requests, m.durations, m.webhooks, m.exchanges, m.answers, m.reports, m.forwards, m.posts,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// watch adds what is looked up at each scrape.
func (m *metrics) watch(db *models.DB, inbox, steps func() int, wal func() int64, emptied func() time.Time) {
	gauge := func(name, help string, value func() float64) {
		m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, value))
	}
	gauge("switchyard_inbox_depth", "Deliveries that wait to be stored.", func() float64 { return float64(inbox()) })
	gauge("switchyard_steps_depth", "Steps that wait to be stored.", func() float64 { return float64(steps()) })
	gauge("switchyard_wal_bytes", "Size of the write-ahead log.", func() float64 { return float64(wal()) })
	gauge("switchyard_inbox_empty_timestamp_seconds", "When the worker last found nothing left to decode; long ago: it hangs or cannot keep up.", func() float64 {
		return float64(max(0, emptied().UnixMicro())) / 1e6
	})
	m.registry.MustRegister(&deliveries{db: db}, &forwards{db: db}, &backlogs{db: db}, &filesWaiting{db: db})
}

func (m *metrics) request(route string, status int, d time.Duration) {
	m.requests.WithLabelValues(route, strconv.Itoa(status)).Inc()
	m.durations.WithLabelValues(route).Observe(d.Seconds())
}

func (m *metrics) webhook(result string) { m.webhooks.WithLabelValues(result).Inc() }

func (m *metrics) forward(target int64, result string) {
	m.forwards.WithLabelValues(strconv.FormatInt(target, 10), result).Inc()
}

func (m *metrics) notification(channel models.Channel, end models.PostEnd) {
	m.posts.WithLabelValues(string(channel), string(end)).Inc()
}

// exchange counts every request to the endpoint by its result; times are those of customers only.
func (m *metrics) exchange(flow, result string, d time.Duration) {
	m.exchanges.WithLabelValues(flow, result).Inc()
	if result != whatsapp.ResultPing && result != whatsapp.ResultTest {
		m.answers.WithLabelValues(flow).Observe(d.Seconds())
	}
}

// handler is all of the second listener.
func (m *metrics) handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{Timeout: 10 * time.Second}))
	return mux
}

package web

import (
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"switchyard/handlers/whatsapp"
	"switchyard/models"
	"switchyard/models/alert"
	"switchyard/models/modelstest"
)

func TestFiguresOfTheEndpointLeaveOutPingsAndTests(t *testing.T) {
	m := newMetrics()
	for _, result := range []string{"go", "stay", whatsapp.ResultPing, whatsapp.ResultTest} {
		m.exchange("claim", result, time.Millisecond)
	}
	out := httptest.NewRecorder()
	m.handler().ServeHTTP(out, httptest.NewRequest("GET", "/metrics", nil))
	for _, line := range []string{`switchyard_endpoint_request_seconds_count{flow="claim"} 2`, `switchyard_endpoint_requests_total{flow="claim",result="test"} 1`,
		`switchyard_endpoint_requests_total{flow="claim",result="ping"} 1`} {
		if !strings.Contains(out.Body.String(), line+"\n") {
			t.Errorf("metrics have no %s:\n%s", line, out.Body)
		}
	}
}

func TestFiguresOfNotificationsTellWhatWaits(t *testing.T) {
	db := modelstest.Open(t)
	db.NewReceiver("crew")
	db.NewAlert("1", alert.EndpointErrorRate, 10)
	m := newMetrics()
	m.registry.MustRegister(&backlogs{db: db.DB})
	m.notification(models.Email, models.PostFailed)
	has := func(lines ...string) {
		t.Helper()
		out := httptest.NewRecorder()
		m.handler().ServeHTTP(out, httptest.NewRequest("GET", "/metrics", nil))
		for _, line := range lines {
			if !strings.Contains(out.Body.String(), line+"\n") {
				t.Errorf("metrics have no %s:\n%s", line, out.Body)
			}
		}
	}
	has(`switchyard_notifications_gathered{receiver="1"} 1`, `switchyard_notification_posts{receiver="1",state="waiting"} 0`,
		`switchyard_notification_tries_total{channel="email",result="failed"} 1`)
	db.Advance(time.Minute)
	db.Gather()
	has(`switchyard_notifications_gathered{receiver="1"} 0`, `switchyard_notification_posts{receiver="1",state="waiting"} 1`, `switchyard_notification_posts{receiver="1",state="dead"} 0`)
}

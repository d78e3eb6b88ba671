package web

import (
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"switchyard/handlers/whatsapp"
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

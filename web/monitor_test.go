package web_test

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"switchyard/models"
	"switchyard/models/alert"
	"switchyard/web"
	"switchyard/web/play"
)

// TestTrafficThatSlowsDownIsAmberWithinAMinute plays customers as the command play does; three in ten requests are slowed to 2 s.
func TestTrafficThatSlowsDownIsAmberWithinAMinute(t *testing.T) {
	start := time.Now().Truncate(time.Minute)
	var ahead atomic.Int64
	now := func() time.Time { return start.Add(time.Duration(ahead.Load())) }
	s := openSite(t, func(c *web.Config) { c.Now = now })
	s.addUsers(t)
	f := s.addFlow(t, "appointment", "691244242662581")
	f.Mode = models.Plain
	if _, err := s.DB().UpdateFlow(t.Context(), f, tester); err != nil {
		t.Fatal(err)
	}
	script := filepath.Join(t.TempDir(), "visit.json")
	if err := os.WriteFile(script, []byte(`{"steps":[{"screen":"APPOINTMENT","data":{"department":"dental","date":"2030-12-02","time":"10:30"},"expect":{"screen":"DETAILS"}}]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	traffic := func(slow float64) {
		t.Helper()
		o := play.Options{Script: script, URL: s.server.URL + "/flow-endpoint/appointment", Token: "appointment.played",
			Rate: 200, For: 200 * time.Millisecond, Slow: slow, SlowBy: 2 * time.Second}
		if err := play.Main(t.Context(), o, io.Discard); err != nil {
			t.Errorf("play = %v", err)
		}
	}
	turn := func(d time.Duration) []models.Alert {
		t.Helper()
		ahead.Add(int64(d))
		if err := web.Watch(t.Context(), s.App); err != nil {
			t.Fatalf("watch = %v", err)
		}
		rows, _, err := s.DB().Alerts(t.Context(), models.AlertFilter{})
		if err != nil {
			t.Fatal(err)
		}
		return rows
	}
	eventually(t, "the flow is served in plain JSON", func() bool {
		res, err := http.Post(s.server.URL+"/flow-endpoint/appointment", "application/json", strings.NewReader(`{"version":"3.0","action":"ping"}`))
		if err != nil {
			return false
		}
		defer res.Body.Close()
		return res.StatusCode == http.StatusOK
	})
	traffic(0)
	if rows := turn(10 * time.Second); len(rows) != 0 {
		t.Fatalf("healthy traffic = %+v; want no alert", rows)
	}
	turn(2 * time.Minute)
	began := now()
	traffic(.3)
	rows := turn(10 * time.Second)
	if len(rows) != 1 || rows[0].Kind != alert.EndpointLatency || !rows[0].Last.Own() || rows[0].Severity.Word() != "low" || rows[0].SinceAt.Sub(began) > time.Minute {
		t.Fatalf("alerts = %+v; want one of latency within a minute", rows)
	}
	s.deliverAll(t, []string{"alert-endpoint-latency-activated.json"})
	rows, _, err := s.DB().Alerts(t.Context(), models.AlertFilter{})
	if err != nil || len(rows) != 1 {
		t.Fatalf("after Meta's notice: %d alerts, %v; want one", len(rows), err)
	}
	a, err := s.DB().Alert(t.Context(), rows[0].ID)
	if err != nil || len(a.Events) < 2 {
		t.Errorf("alert = %d events, %v; want ours and Meta's", len(a.Events), err)
	}
}

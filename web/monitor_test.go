package web_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"switchyard/models"
	"switchyard/models/alert"
	"switchyard/web"
)

// A late body comes when some time is over, as from a slow network.
type lateBody struct {
	io.Reader
	after time.Duration
	once  sync.Once
}

func (b *lateBody) Read(p []byte) (int, error) {
	b.once.Do(func() { time.Sleep(b.after) })
	return b.Reader.Read(p)
}

// plainCustomer sends one request to the flow appointment in plain JSON.
func (s *site) plainCustomer(t *testing.T, n int64, slow time.Duration) {
	body := fmt.Appendf(nil, `{"version":"3.0","action":"data_exchange","screen":"APPOINTMENT","flow_token":"appointment.%d","data":{"department":"dental","date":"2030-12-02","time":"10:30"}}`, n)
	res, err := s.server.Client().Post(s.server.URL+"/flow-endpoint/appointment", "application/json", &lateBody{Reader: bytes.NewReader(body), after: slow})
	if err != nil {
		t.Errorf("request %d = %v", n, err)
		return
	}
	defer res.Body.Close()
	if answer, err := io.ReadAll(res.Body); err != nil || res.StatusCode != http.StatusOK || !strings.Contains(string(answer), "DETAILS") {
		t.Errorf("request %d = %d %s, %v; want the next screen", n, res.StatusCode, answer, err)
	}
}

// TestTrafficThatSlowsDownIsAmberWithinAMinute plays customers by real HTTP, of whom three in ten are slowed to 2 s.
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
	var token atomic.Int64
	traffic := func(requests int, slow time.Duration) {
		t.Helper()
		var all sync.WaitGroup
		for i := range requests {
			all.Go(func() {
				if i%10 < 3 {
					s.plainCustomer(t, token.Add(1), slow)
					return
				}
				s.plainCustomer(t, token.Add(1), 0)
			})
		}
		all.Wait()
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
	traffic(40, 0)
	if rows := turn(10 * time.Second); len(rows) != 0 {
		t.Fatalf("healthy traffic = %+v; want no alert", rows)
	}
	turn(2 * time.Minute)
	began := now()
	traffic(40, 2*time.Second)
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

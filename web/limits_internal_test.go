package web

import (
	"errors"
	"io"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"
)

// post calls h with a body of n bytes, its length told unless chunked.
func post(h echo.HandlerFunc, n int, chunked bool) error {
	r := httptest.NewRequest("POST", "/", strings.NewReader(strings.Repeat("x", n)))
	if chunked {
		r.ContentLength = -1
	}
	return h(echo.New().NewContext(r, httptest.NewRecorder()))
}

func TestInFlightBoundsRequestsAndBytes(t *testing.T) {
	cases := []struct {
		name                     string
		requests, bytes, unknown int64
		held, next               int
		chunked, busy            bool
	}{
		{"room", 2, 100, 50, 10, 10, false, false},
		{"too many requests", 1, 100, 50, 10, 10, false, true},
		{"too many bytes", 9, 100, 50, 60, 60, false, true},
		{"unknown lengths count in full", 9, 100, 95, 10, 1, true, true},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			limit := inFlight(tc.requests, tc.bytes, tc.unknown)
			var got error
			outer := limit(func(c echo.Context) error {
				got = post(limit(func(echo.Context) error { return nil }), tc.next, tc.chunked)
				return nil
			})
			for range 2 { // what ended leaves its room to the next
				if err := post(outer, tc.held, false); err != nil {
					t.Fatalf("first request = %v; want it let in", err)
				}
			}
			if errors.Is(got, errBusy) != tc.busy {
				t.Errorf("second request = %v; want busy: %v", got, tc.busy)
			}
		})
	}
}

func TestPasswordHashesAreRefusedWhenAllTurnsAreTaken(t *testing.T) {
	two := oneOf(2)
	depth := 0
	var h echo.HandlerFunc
	h = two(func(c echo.Context) error {
		if depth++; depth > 5 {
			return nil
		}
		return h(c)
	})
	if err := post(h, 0, false); !errors.Is(err, errBusy) || depth != 2 {
		t.Errorf("third hash at a time = %v after %d; want busy after 2", err, depth)
	}
}

func TestNetworkIsTheHouseNotTheRoom(t *testing.T) {
	for ip, want := range map[string]string{
		"192.0.2.7": "192.0.2.7", "::ffff:192.0.2.7": "192.0.2.7", "2001:db8:1:2:3:4:5:6": "2001:db8:1:2::/64",
		"fe80::1%eth0": "fe80::/64", "": "unknown", "nonsense": "unknown",
	} {
		if got := network(ip); got != want {
			t.Errorf("network(%q) = %q; want %q", ip, got, want)
		}
	}
}

func TestReportsOfOneAddressAreLimited(t *testing.T) {
	a := &App{metrics: newMetrics()}
	report := a.cspReport()
	for i := range 11 {
		err := post(report, 100, false)
		if limited := err != nil; limited != (i == 10) {
			t.Errorf("report %d = %v; want refused: %v", i+1, err, i == 10)
		}
	}
	out := httptest.NewRecorder()
	a.metrics.handler().ServeHTTP(out, httptest.NewRequest("GET", "/metrics", nil))
	if body, _ := io.ReadAll(out.Body); !strings.Contains(string(body), "switchyard_csp_reports_total 10") {
		t.Error("metrics do not count 10 reports")
	}
}

package alert_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"switchyard/models/alert"
)

// notice is what of a webhook makes an event.
type notice struct {
	Event     alert.Kind
	Flow      string   `json:"flow_id"`
	State     string   `json:"alert_state"`
	Threshold *float64 `json:"threshold"`
}

// notices reads every event of the fixtures, by flow and kind. The file's place is its arrival.
func notices(t *testing.T, files []string) map[string][]alert.Event {
	t.Helper()
	found := map[string][]alert.Event{}
	for i, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var body struct {
			Entry []struct {
				Time    int64
				Changes []struct {
					Field string
					Value json.RawMessage
				}
			}
		}
		if err := json.Unmarshal(raw, &body); err != nil {
			t.Fatal(file, err)
		}
		for _, entry := range body.Entry {
			for _, change := range entry.Changes {
				if change.Field != "flows" {
					continue
				}
				var n notice
				var value any
				if json.Unmarshal(change.Value, &n) != nil || json.Unmarshal(change.Value, &value) != nil {
					t.Fatal(file)
				}
				key := n.Flow + " " + string(n.Event)
				found[key] = append(found[key], alert.Event{
					Key: fmt.Sprint(entry.Time, value), Activated: n.State == "ACTIVATED", Threshold: n.Threshold,
					At: time.Unix(entry.Time, 0).UTC(), Arrived: time.Unix(1700000000, 0).UTC().Add(time.Duration(i) * time.Second),
				})
			}
		}
	}
	return found
}

func TestFixturesEndAsTheyMust(t *testing.T) {
	files, err := filepath.Glob("testdata/*.json")
	if err != nil || len(files) < 10 {
		t.Fatalf("fixtures %q, %v; want at least 10", files, err)
	}
	reverse := slices.Clone(files)
	slices.Reverse(reverse)
	want := []string{
		"12345678 ENDPOINT_AVAILABILITY: 1 resolved of 3 events, 0 orphans",
		"691244242662581 CLIENT_ERROR_RATE: 1 active of 1 events, 0 orphans",
		"691244242662581 ENDPOINT_ERROR_RATE: 1 resolved of 3 events, 0 orphans",
		"691244242662581 ENDPOINT_LATENCY: 1 resolved of 2 events, 0 orphans",
	}
	for name, order := range map[string][]string{
		"once": files, "in reverse": reverse, "twice": append(slices.Clone(files), reverse...),
	} {
		var got []string
		found := notices(t, order)
		for _, key := range slices.Sorted(maps.Keys(found)) {
			_, kind, _ := strings.Cut(key, " ")
			stretches, orphans := alert.Fold(alert.Kind(kind), found[key], nil)
			last := stretches[len(stretches)-1]
			got = append(got, fmt.Sprintf("%s: %d %s of %d events, %d orphans", key, len(stretches), last.Status, len(last.Events), len(orphans)))
		}
		if !slices.Equal(got, want) {
			t.Errorf("fixtures %s end as\n%q; want\n%q", name, got, want)
		}
	}
}

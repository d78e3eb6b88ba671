package views_test

import (
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"switchyard/models"
	"switchyard/models/alert"
	"switchyard/views"
)

func TestHandoverCountsFromTheFirstNoticeToTheFirstAcknowledgementThatHolds(t *testing.T) {
	start := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	at := func(minute int) time.Time { return start.Add(time.Duration(minute) * time.Minute) }
	ack, back := alert.Acknowledge, alert.Unacknowledge
	for _, c := range []struct {
		name    string
		arrived []int // of the notices, in the order of their own times
		acts    []alert.Act
		want    string
	}{
		{"nobody", []int{1}, nil, " "},
		{"at once", []int{1}, []alert.Act{{Verb: ack, Name: "Ada", At: at(4)}}, "Ada 3.0"},
		{"taken back", []int{1}, []alert.Act{{Verb: ack, Name: "Ada", At: at(4)}, {Verb: back, Name: "Ada", At: at(5)}}, " "},
		{"taken back, then another", []int{1}, []alert.Act{{Verb: ack, Name: "Ada", At: at(4)}, {Verb: back, Name: "Ada", At: at(5)}, {Verb: ack, Name: "Bob", At: at(8)}}, "Bob 7.0"},
		{"worse, another, who takes it back", []int{1}, []alert.Act{{Verb: ack, Name: "Ada", At: at(4)}, {Verb: ack, Name: "Bob", At: at(6)}, {Verb: back, Name: "Bob", At: at(7)}}, "Ada 3.0"},
		{"an earlier notice came late", []int{9, 1}, []alert.Act{{Verb: ack, Name: "Ada", At: at(4)}}, "Ada 3.0"},
	} {
		a := models.Alert{Kind: alert.EndpointLatency, Acts: c.acts}
		for i, minute := range c.arrived {
			a.Events = append(a.Events, models.AlertEvent{Activated: true, At: models.Time{Time: at(i)}, ArrivedAt: models.Time{Time: at(minute)}})
		}
		var b strings.Builder
		if _, err := (views.Export{W: &b}).HandoverCSV(func(yield func(models.Alert, error) bool) { yield(a, nil) }); err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(strings.NewReader(b.String())).ReadAll()
		if err != nil || len(rows) != 2 {
			t.Fatalf("%s: %d rows, %v", c.name, len(rows), err)
		}
		cell := func(column string) string { return rows[1][slices.Index(rows[0], column)] }
		if got := fmt.Sprint(cell("acknowledged_by"), " ", cell("minutes_to_acknowledge")); got != c.want {
			t.Errorf("%s: acknowledged %q; want %q", c.name, got, c.want)
		}
	}
}

package alert_test

import (
	"errors"
	"strings"
	"testing"

	"switchyard/models/alert"
)

func TestApply(t *testing.T) {
	for _, c := range []struct {
		story    string
		by       int64
		verb     alert.Verb
		changed  bool
		conflict string
	}{
		{"+10@0", 2, alert.Acknowledge, true, ""},
		{"+10@0", 2, alert.Unacknowledge, false, ""},
		{"+10@0 ada@1", 1, alert.Acknowledge, false, ""},
		{"+10@0 ada@1", 2, alert.Acknowledge, false, "ada"},
		{"+10@0 ada@1", 1, alert.Unacknowledge, true, ""},
		{"+10@0 ada@1", 2, alert.Unacknowledge, true, ""},
		{"+10@0 ada@1 +50@2", 2, alert.Acknowledge, true, ""},
		{"+10@0 ada@1 +50@2", 1, alert.Unacknowledge, false, ""},
		{"+10@0 ada@1 -10@2", 2, alert.Acknowledge, false, ""},
		{"+10@0 ada@1 -10@2", 1, alert.Unacknowledge, false, ""},
		{"+10@0", 1, "shout", false, ""},
	} {
		events, acts := story(c.story)
		stretches, _ := alert.Fold(alert.EndpointErrorRate, events, acts)
		changed, err := stretches[0].Apply(alert.Act{Verb: c.verb, By: c.by, At: minute("9")})
		var conflict *alert.Conflict
		if changed != c.changed || errors.As(err, &conflict) != (c.conflict != "") {
			t.Errorf("%s: Apply(%s by %d) = %v, %v; want %v, conflict with %q", c.story, c.verb, c.by, changed, err, c.changed, c.conflict)
		}
		if conflict != nil && (conflict.Name != c.conflict || conflict.By != 1 || !conflict.At.Equal(minute("1")) || !strings.Contains(err.Error(), "ada")) {
			t.Errorf("%s: conflict = %+v (%v); want ada of minute 1", c.story, conflict, err)
		}
	}
}

func TestUndoAsksWhatAndWhose(t *testing.T) {
	for _, c := range []struct {
		story   string
		by, of  int64
		changed bool
		err     error
	}{
		{`+10@0 ada"+10=0@1`, 1, 1, true, nil},
		{`+10@0 ada"+10=0@1`, 2, 1, false, alert.ErrNotYours},
		{`+10@0 ada"+10=0@1 ada^1@2`, 1, 1, false, nil},
		{"+10@0 adaz60@1", 2, 1, true, nil},
		{"+10@0 ada!@1", 2, 1, true, nil},
		{"+10@0 ada>bob@1", 2, 1, true, nil},
		{"+10@0 ada@1", 1, 1, false, nil}, // there is Unacknowledge
		{"+10@0 ada@1", 1, 7, false, nil},
	} {
		events, acts := story(c.story)
		stretches, _ := alert.Fold(alert.EndpointErrorRate, events, acts)
		changed, err := stretches[0].Apply(alert.Act{Verb: alert.Undo, By: c.by, Of: c.of, At: minute("9")})
		if changed != c.changed || !errors.Is(err, c.err) {
			t.Errorf("%s: Apply(undo %d by %d) = %v, %v; want %v, %v", c.story, c.of, c.by, changed, err, c.changed, c.err)
		}
	}
}

func TestSeverity(t *testing.T) {
	for _, c := range []struct {
		kind      alert.Kind
		threshold float64
		want      string
	}{
		{alert.ClientErrorRate, 5, "low"}, {alert.ClientErrorRate, 10, "medium"}, {alert.ClientErrorRate, 50, "high"},
		{alert.EndpointErrorRate, 1, "low"}, {alert.EndpointErrorRate, 20, "medium"}, {alert.EndpointErrorRate, 80, "high"},
		{alert.EndpointLatency, 1000, "low"}, {alert.EndpointLatency, 5000, "medium"}, {alert.EndpointLatency, 7000, "high"}, {alert.EndpointLatency, 6999, "medium"},
		{alert.EndpointAvailability, 90, "high"}, {alert.EndpointAvailability, 50, "high"}, {alert.EndpointAvailability, 99, "medium"},
		{"BATTERY", 1e9, "low"},
	} {
		if got := alert.SeverityOf(c.kind, &c.threshold).Word(); got != c.want {
			t.Errorf("SeverityOf(%s, %g) = %s; want %s", c.kind, c.threshold, got, c.want)
		}
	}
	if got := alert.SeverityOf(alert.EndpointAvailability, nil); got != 1 {
		t.Errorf("SeverityOf(nil) = %d; want 1", got)
	}
}

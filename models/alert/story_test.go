package alert_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"switchyard/models/alert"
)

var start = time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)

func minute(text string) time.Time {
	n, err := strconv.Atoi(text)
	if err != nil {
		panic(err)
	}
	return start.Add(time.Duration(n) * time.Minute)
}

var people = map[string]int64{"ada": 1, "bob": 2}

// story reads a sequence: "+10@5/7" is ACTIVATED 10 of minute 5 that arrived in minute 7 (/7 may be missing),
// "-10@5" DEACTIVATED, "+?@5" one without a threshold, "*+10@5" one of our own monitor. "ada@6" acknowledges, "ada~@6"
// takes it back, "ada!@6" resolves, "adaz20@6" snoozes until minute 20, "ada>bob@6" assigns, `ada"+10=0@6` comments on the
// alert of event +10@0, "ada^2@6" undoes the second act.
func story(text string) (events []alert.Event, acts []alert.Act) {
	for _, word := range strings.Fields(text) {
		what, when, _ := strings.Cut(word, "@")
		if a, ok := act(what); ok {
			a.ID, a.At = int64(len(acts)+1), minute(when)
			acts = append(acts, a)
			continue
		}
		sign, ours := strings.CutPrefix(what, "*")
		own, arrived, late := strings.Cut(when, "/")
		if !late {
			arrived = own
		}
		e := alert.Event{Key: what + "@" + own, Own: ours, Activated: sign[0] == '+', At: minute(own), Arrived: minute(arrived)}
		if t, err := strconv.ParseFloat(sign[1:], 64); err == nil {
			e.Threshold = &t
		}
		events = append(events, e)
	}
	return events, acts
}

// act reads what a person does.
func act(what string) (a alert.Act, ok bool) {
	if len(what) < 3 || people[what[:3]] == 0 {
		return a, false
	}
	a.Name, a.By = what[:3], people[what[:3]]
	rest := what[3:]
	switch {
	case rest == "":
		a.Verb = alert.Acknowledge
	case rest == "~":
		a.Verb = alert.Unacknowledge
	case rest == "!":
		a.Verb = alert.Resolve
	case rest[0] == 'z':
		a.Verb, a.Until = alert.Snooze, minute(rest[1:])
	case rest[0] == '>':
		a.Verb, a.To, a.ToName = alert.Assign, people[rest[1:]], rest[1:]
	case rest[0] == '"':
		a.Verb, a.On = alert.Comment, strings.ReplaceAll(rest[1:], "=", "@")
	case rest[0] == '^':
		n, err := strconv.ParseInt(rest[1:], 10, 64)
		if err != nil {
			panic(err)
		}
		a.Verb, a.Of = alert.Undo, n
	}
	return a, true
}

// ending writes stretches and orphans in short.
func ending(stretches []alert.Stretch, orphans []alert.Event) string {
	var all []string
	for _, s := range stretches {
		text := fmt.Sprintf("%s %s %s %v", s.Key, s.Status, s.Severity.Word(), s.Thresholds)
		if s.Ack != nil {
			text += fmt.Sprintf(" ack %s@%g", s.Ack.Name, s.Ack.At.Sub(start).Minutes())
		}
		if !s.ReopenedAt.IsZero() {
			text += fmt.Sprintf(" reopened@%g", s.ReopenedAt.Sub(start).Minutes())
		}
		if !s.ResolvedAt.IsZero() {
			text += fmt.Sprintf(" resolved@%g", s.ResolvedAt.Sub(start).Minutes())
		}
		if s.Closed != nil {
			text += " by " + s.Closed.Name
		}
		if !s.SnoozedUntil.IsZero() {
			text += fmt.Sprintf(" snoozed@%g", s.SnoozedUntil.Sub(start).Minutes())
		}
		if s.Assigned != nil {
			text += " for " + s.Assigned.ToName
		}
		for _, a := range s.Acts {
			if a.Verb == alert.Comment {
				text += " said " + a.Name
			}
		}
		all = append(all, text)
	}
	for _, e := range orphans {
		all = append(all, "orphan "+e.Key)
	}
	return strings.Join(all, "; ")
}

func TestTransitions(t *testing.T) {
	for _, c := range []struct {
		name  string
		kind  alert.Kind
		story string
		want  string
	}{
		{"nothing", alert.EndpointErrorRate, "", ""},
		{"one threshold", alert.EndpointErrorRate, "+10@0", "+10@0 active medium [10]"},
		{"rises", alert.EndpointErrorRate, "+10@0 +50@5", "+10@0 active high [10 50]"},
		{"falls", alert.EndpointErrorRate, "+10@0 +50@5 -50@9", "+10@0 active medium [10]"},
		{"a deactivation takes the worse ones too", alert.EndpointErrorRate, "+10@0 +50@5 -10@9", "+10@0 resolved high [] resolved@9"},
		{"a milder one stays", alert.EndpointErrorRate, "+5@0 +10@5 -10@9", "+5@0 active low [5]"},
		{"a deactivation between the thresholds", alert.EndpointErrorRate, "+5@0 +50@5 -10@9", "+5@0 active low [5]"},
		{"resolved and again", alert.EndpointErrorRate, "+10@0 -10@5 +10@9", "+10@0 resolved medium [] resolved@5; +10@9 active medium [10]"},
		{"deactivated with nothing open", alert.EndpointErrorRate, "-10@0 +10@5 -10@6 -50@7", "+10@5 resolved medium [] resolved@6; orphan -10@0; orphan -50@7"},
		{"at the same time the deactivation is later", alert.EndpointErrorRate, "-10@0 +10@0", "+10@0 resolved medium [] resolved@0"},
		{"at the same time worse is later", alert.EndpointErrorRate, "+50@0 +10@0", "+10@0 active high [10 50]"},
		{"latency", alert.EndpointLatency, "+1000@0 +7000@1 -7000@2", "+1000@0 active low [1000]"},
		{"availability is worse when lower", alert.EndpointAvailability, "+90@0 +50@1 -50@2", "+90@0 active high [90]"},
		{"availability recovers from all", alert.EndpointAvailability, "+90@0 +50@1 -90@2", "+90@0 resolved high [] resolved@2"},
		{"no figure is the mildest", alert.EndpointErrorRate, "+?@0 +5@1 -5@2", "+?@0 active low []"},
		{"no figure ends everything", alert.EndpointErrorRate, "+5@0 +50@1 -?@2", "+5@0 resolved high [] resolved@2"},
		{"an unknown kind", "BATTERY", "+3@0 +4@1 -4@2", "+3@0 active low [3]"},

		{"acknowledged", alert.EndpointErrorRate, "+10@0 ada@1", "+10@0 acknowledged medium [10] ack ada@1"},
		{"the same person again", alert.EndpointErrorRate, "+10@0 ada@1 ada@2", "+10@0 acknowledged medium [10] ack ada@1"},
		{"another person", alert.EndpointErrorRate, "+10@0 ada@1 bob@2", "+10@0 acknowledged medium [10] ack ada@1"},
		{"undone", alert.EndpointErrorRate, "+10@0 ada@1 ada~@2", "+10@0 active medium [10]"},
		{"undone, then another", alert.EndpointErrorRate, "+10@0 ada@1 ada~@2 bob@3", "+10@0 acknowledged medium [10] ack bob@3"},
		{"nothing to undo", alert.EndpointErrorRate, "+10@0 ada~@1", "+10@0 active medium [10]"},
		{"worse after the acknowledgement", alert.EndpointErrorRate, "+10@0 ada@1 +50@2", "+10@0 active high [10 50] ack ada@1 reopened@2"},
		{"worse before the acknowledgement", alert.EndpointErrorRate, "+10@0 +50@1 ada@2", "+10@0 acknowledged high [10 50] ack ada@2"},
		{"equal after the acknowledgement", alert.EndpointErrorRate, "+10@0 ada@1 +12@2", "+10@0 acknowledged medium [10 12] ack ada@1"},
		{"milder after the acknowledgement", alert.EndpointErrorRate, "+10@0 ada@1 +5@2", "+10@0 acknowledged medium [5 10] ack ada@1"},
		{"falls and rises to what was acknowledged", alert.EndpointErrorRate, "+5@0 +10@1 ada@2 -10@3 +10@4", "+5@0 acknowledged medium [5 10] ack ada@2"},
		{"rises over what was acknowledged after a fall", alert.EndpointErrorRate, "+10@0 +50@1 -50@2 ada@3 +50@4", "+10@0 active high [10 50] ack ada@3 reopened@4"},
		{"reopened, then it falls", alert.EndpointErrorRate, "+10@0 ada@1 +50@2 -50@3", "+10@0 active medium [10] ack ada@1 reopened@2"},
		{"reopened, acknowledged by another", alert.EndpointErrorRate, "+10@0 ada@1 +50@2 bob@3", "+10@0 acknowledged high [10 50] ack bob@3"},
		{"reopened, acknowledged, undone", alert.EndpointErrorRate, "+10@0 ada@1 +50@2 bob@3 bob~@4", "+10@0 active high [10 50] ack ada@1 reopened@2"},
		{"reopened twice", alert.EndpointErrorRate, "+5@0 ada@1 +10@2 bob@3 +50@4", "+5@0 active high [5 10 50] ack bob@3 reopened@4"},
		{"resolved while acknowledged", alert.EndpointErrorRate, "+10@0 ada@1 -10@2", "+10@0 resolved medium [] ack ada@1 resolved@2"},
		{"again after it was resolved", alert.EndpointErrorRate, "+10@0 ada@1 -10@2 +10@3", "+10@0 resolved medium [] ack ada@1 resolved@2; +10@3 active medium [10]"},

		{"worse by its own time before, arrived after the acknowledgement", alert.EndpointErrorRate, "+10@0 +50@1/5 ada@3", "+10@0 active high [10 50] ack ada@3 reopened@5"},
		{"worse by its own time after, arrived before the acknowledgement", alert.EndpointErrorRate, "+10@0 +50@9/2 ada@3", "+10@0 acknowledged high [10 50] ack ada@3"},
		{"arrived in the minute of the acknowledgement", alert.EndpointErrorRate, "+10@0 +50@3 ada@3", "+10@0 acknowledged high [10 50] ack ada@3"},
		{"acknowledged after a recovery that had not arrived", alert.EndpointErrorRate, "+10@0 -10@2/6 ada@4", "+10@0 resolved medium [] ack ada@4 resolved@2"},
		{"a late recovery cuts, the act stays with its time", alert.EndpointErrorRate, "+10@0 +50@10 ada@12 -10@5/20", "+10@0 resolved medium [] resolved@5; +50@10 acknowledged high [50] ack ada@12"},
		{"a late recovery cuts, the act was before", alert.EndpointErrorRate, "+10@0 ada@2 +50@10 -10@5/20", "+10@0 resolved medium [] ack ada@2 resolved@5; +50@10 active high [50]"},
		{"a late activation joins", alert.EndpointErrorRate, "+10@0 -10@5 +10@8 ada@9 +5@3/12", "+10@0 acknowledged medium [5 10] ack ada@9"},
		{"late and first names the alert", alert.EndpointErrorRate, "+10@5 ada@6 +5@1/9", "+5@1 acknowledged medium [5 10] ack ada@6"},
		{"our own is milder than Meta's first", alert.EndpointLatency, "*+700@0", "*+700@0 active low [700]"},
		{"Meta joins", alert.EndpointLatency, "*+700@0 +1000@2", "*+700@0 active low [700 1000]"},
		{"the same threshold of both", alert.EndpointLatency, "*+700@0 *+1000@1 +1000@2", "*+700@0 active low [700 1000]"},
		{"we recover, Meta has not said so", alert.EndpointLatency, "*+700@0 +1000@2 *-700@9", "*+700@0 active low [1000]"},
		{"Meta recovers, we have not", alert.EndpointLatency, "+1000@0 *+700@2 -1000@9", "+1000@0 active low [700]"},
		{"both recover", alert.EndpointLatency, "*+700@0 +1000@2 -1000@8 *-700@9", "*+700@0 resolved low [] resolved@9"},
		{"the other's recovery is none", alert.EndpointLatency, "+1000@0 *-700@5", "+1000@0 active low [1000]"},
		{"availability of both", alert.EndpointAvailability, "*+95@0 +90@1 *-95@2", "*+95@0 active high [90]"},

		{"resolved by hand", alert.EndpointErrorRate, "+10@0 ada!@3", "+10@0 resolved medium [] resolved@3 by ada"},
		{"resolved by hand, then undone", alert.EndpointErrorRate, "+10@0 ada!@3 bob^1@4", "+10@0 active medium [10]"},
		{"resolved by hand, recovery later", alert.EndpointErrorRate, "+10@0 ada!@3 -10@9", "+10@0 resolved medium [] resolved@3 by ada; orphan -10@9"},
		{"resolved by hand, again later", alert.EndpointErrorRate, "+10@0 ada!@3 +10@9", "+10@0 resolved medium [] resolved@3 by ada; +10@9 active medium [10]"},
		{"resolved by hand, again, undone: one alert", alert.EndpointErrorRate, "+10@0 ada!@3 +50@9 ada^1@12", "+10@0 active high [10 50]"},
		{"resolved by hand keeps the worst that was", alert.EndpointErrorRate, "+10@0 +50@1 -50@2 ada!@3", "+10@0 resolved high [] resolved@3 by ada"},
		{"worse of before, arrived after it was resolved by hand", alert.EndpointErrorRate, "+10@0 +50@2/5 ada!@3", "+10@0 active high [10 50]"},
		{"as bad of before, arrived after it was resolved by hand", alert.EndpointErrorRate, "+10@0 +12@2/5 ada!@3", "+10@0 resolved medium [] resolved@3 by ada"},
		{"resolved by hand, of a time to come, had arrived", alert.EndpointErrorRate, "+10@5/2 ada!@3", "+10@5 resolved medium [] resolved@3 by ada"},
		{"resolved by hand before anything had arrived", alert.EndpointErrorRate, "+10@1/5 ada!@3", "+10@1 active medium [10]"},
		{"resolved by hand when it had recovered", alert.EndpointErrorRate, "+10@0 -10@2/6 ada!@4", "+10@0 resolved medium [] resolved@2"},

		{"snoozed", alert.EndpointErrorRate, "+10@0 adaz60@3", "+10@0 active medium [10] snoozed@60"},
		{"snoozed anew", alert.EndpointErrorRate, "+10@0 adaz60@3 bobz20@4", "+10@0 active medium [10] snoozed@20"},
		{"snoozed, undone", alert.EndpointErrorRate, "+10@0 adaz60@3 bobz20@4 ada^2@5", "+10@0 active medium [10] snoozed@60"},
		{"snoozed, worse", alert.EndpointErrorRate, "+10@0 adaz60@3 +50@5", "+10@0 active high [10 50]"},
		{"snoozed, as bad", alert.EndpointErrorRate, "+10@0 adaz60@3 +12@5", "+10@0 active medium [10 12] snoozed@60"},
		{"snoozed and acknowledged", alert.EndpointErrorRate, "+10@0 ada@2 adaz60@3", "+10@0 acknowledged medium [10] ack ada@2 snoozed@60"},
		{"our own worsens what is snoozed", alert.EndpointLatency, "+1000@0 adaz60@3 *+5000@5", "+1000@0 active medium [1000 5000]"},

		{"assigned", alert.EndpointErrorRate, "+10@0 ada>bob@1", "+10@0 active medium [10] for bob"},
		{"assigned to another", alert.EndpointErrorRate, "+10@0 ada>bob@1 bob>ada@2", "+10@0 active medium [10] for ada"},
		{"assigned, undone", alert.EndpointErrorRate, "+10@0 ada>bob@1 bob>ada@2 ada^2@3", "+10@0 active medium [10] for bob"},
		{"a comment stays with its alert", alert.EndpointErrorRate, `+10@0 -10@5 +10@9 ada"+10=0@12`, "+10@0 resolved medium [] resolved@5 said ada; +10@9 active medium [10]"},
		{"a comment on what a late recovery cut", alert.EndpointErrorRate, `+10@0 +50@10 ada"+50=10@12 -10@5/20`, "+10@0 resolved medium [] resolved@5; +50@10 active high [50] said ada"},
		{"undoing nothing", alert.EndpointErrorRate, "+10@0 ada@1 bob^1@2 bob^9@3", "+10@0 acknowledged medium [10] ack ada@1"},

		{"nothing had arrived", alert.EndpointErrorRate, "ada@0 +5@1", "+5@1 active low [5] ack ada@0 reopened@1"},
	} {
		events, acts := story(c.story)
		if got := ending(alert.Fold(c.kind, events, acts)); got != c.want {
			t.Errorf("%s: Fold(%s) = %s; want %s", c.name, c.story, got, c.want)
		}
	}
}

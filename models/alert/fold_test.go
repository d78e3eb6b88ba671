package alert_test

import (
	"math/rand"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"switchyard/models/alert"
)

// drawEvents makes events that meet: few keys' worth of times and thresholds, some arriving late.
func drawEvents(t *rapid.T) []alert.Event {
	number := 0
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) alert.Event {
		number++
		e := alert.Event{
			Key: string(rune('A'+rapid.IntRange(0, 25).Draw(t, "hash"))) + time.Duration(number).String(), Activated: rapid.Bool().Draw(t, "activated"),
			Own: rapid.Bool().Draw(t, "own"),
			At:  start.Add(time.Duration(rapid.IntRange(0, 12).Draw(t, "minute")) * time.Minute),
		}
		if threshold := rapid.SampledFrom([]float64{0, 5, 10, 12, 50, 90, 1000, 7000}).Draw(t, "threshold"); threshold > 0 {
			e.Threshold = &threshold
		}
		e.Arrived = e.At.Add(time.Duration(rapid.IntRange(0, 6).Draw(t, "delay")) * time.Minute)
		return e
	}), 0, 12).Draw(t, "events")
}

func drawActs(t *rapid.T) []alert.Act {
	acts := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) alert.Act {
		by := rapid.Int64Range(1, 3).Draw(t, "by")
		return alert.Act{
			Verb: verbs.Draw(t, "verb"),
			By:   by, Name: string(rune('a' + by)), At: start.Add(time.Duration(rapid.IntRange(0, 20).Draw(t, "minute")) * time.Minute),
			Of: rapid.Int64Range(0, 6).Draw(t, "of"), To: rapid.Int64Range(0, 3).Draw(t, "to"),
			Until: start.Add(time.Duration(rapid.IntRange(20, 30).Draw(t, "until")) * time.Minute),
		}
	}), 0, 6).Draw(t, "acts")
	for i := range acts {
		acts[i].ID = int64(i + 1)
	}
	return acts
}

var verbs = rapid.SampledFrom([]alert.Verb{
	alert.Acknowledge, alert.Acknowledge, alert.Unacknowledge, alert.Snooze, alert.Resolve, alert.Assign, alert.Comment, alert.Undo,
})

var kinds = rapid.SampledFrom([]alert.Kind{
	alert.ClientErrorRate, alert.EndpointErrorRate, alert.EndpointLatency, alert.EndpointAvailability, "OTHER",
})

func TestEveryOrderAndRepetitionGivesTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		kind, events, acts := kinds.Draw(t, "kind"), drawEvents(t), drawActs(t)
		stretches, orphans := alert.Fold(kind, events, acts)
		again := slices.Clone(events)
		for _, e := range events {
			for range rapid.IntRange(0, 2).Draw(t, "repeats") {
				e.Arrived = e.Arrived.Add(time.Duration(rapid.IntRange(0, 9).Draw(t, "later")) * time.Minute)
				again = append(again, e)
			}
		}
		actsAgain := append(slices.Clone(acts), acts...)
		shuffle := rand.New(rand.NewSource(rapid.Int64().Draw(t, "seed")))
		shuffle.Shuffle(len(again), func(i, j int) { again[i], again[j] = again[j], again[i] })
		shuffle.Shuffle(len(actsAgain), func(i, j int) { actsAgain[i], actsAgain[j] = actsAgain[j], actsAgain[i] })
		got, gotOrphans := alert.Fold(kind, again, actsAgain)
		if !reflect.DeepEqual(got, stretches) || !reflect.DeepEqual(gotOrphans, orphans) {
			t.Fatalf("Fold in another order = %s; want %s", ending(got, gotOrphans), ending(stretches, orphans))
		}
	})
}

// The states that a stretch can have follow from its own parts.
func TestStretchesHoldTogether(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		kind, events, acts := kinds.Draw(t, "kind"), drawEvents(t), drawActs(t)
		stretches, orphans := alert.Fold(kind, events, acts)
		heard, done := len(orphans), 0
		for i, s := range stretches {
			heard, done = heard+len(s.Events), done+len(s.Acts)
			open := s.Status != alert.Resolved
			if open && i < len(stretches)-1 {
				t.Fatalf("stretch %d of %d is open: %s", i, len(stretches), ending(stretches, nil))
			}
			if open != s.ResolvedAt.IsZero() || s.Key != s.Events[0].Key || !s.Events[0].Activated || s.Last.Key != s.Events[len(s.Events)-1].Key {
				t.Fatalf("stretch does not fit its events: %+v", s)
			}
			if s.Closed != nil && (open || !s.ResolvedAt.Equal(s.Closed.At) || alert.Undone(acts)[s.Closed.ID]) {
				t.Fatalf("closed by %+v, resolved at %v, %s", s.Closed, s.ResolvedAt, s.Status)
			}
			if inForce := s.Ack != nil && s.ReopenedAt.IsZero(); open && inForce != (s.Status == alert.Acknowledged) {
				t.Fatalf("status %s, acknowledgement %+v, reopened %v", s.Status, s.Ack, s.ReopenedAt)
			}
			if s.Severity < 1 || s.Severity > 3 {
				t.Fatalf("severity %d; want 1 to 3", s.Severity)
			}
		}
		if heard != len(events) || len(stretches) > 0 && done != len(acts) {
			t.Fatalf("%d of %d events and %d of %d acts are kept", heard, len(events), done, len(acts))
		}
	})
}

// What Apply lets through changes the fold, and what it refuses would not.
func TestApplyAgreesWithFold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		kind, events, acts := kinds.Draw(t, "kind"), drawEvents(t), drawActs(t)
		stretches, _ := alert.Fold(kind, events, acts)
		if len(stretches) == 0 {
			return
		}
		before := stretches[len(stretches)-1]
		act := alert.Act{ID: 99, By: rapid.Int64Range(1, 3).Draw(t, "by"), Verb: verbs.Draw(t, "verb"), At: start.Add(time.Hour),
			To: rapid.Int64Range(0, 3).Draw(t, "to"), Until: start.Add(time.Duration(rapid.IntRange(50, 70).Draw(t, "until")) * time.Minute)}
		if act.Verb == alert.Undo {
			return // TestUndoIsAsIfItNeverHappened
		}
		changed, err := before.Apply(act)
		stretches, _ = alert.Fold(kind, events, append(acts, act))
		after := stretches[len(stretches)-1]
		same := before.Status == after.Status && before.SnoozedUntil.Equal(after.SnoozedUntil) && assignee(before) == assignee(after)
		switch {
		case act.Verb == alert.Comment:
			same = false // it is there
		case act.Verb == alert.Snooze && !act.Until.After(act.At):
			same = true // over before it began
		}
		if (before.Status != alert.Resolved || act.Verb == alert.Comment) && changed == same {
			t.Fatalf("Apply(%+v) of %s says changed %v, but it became %s", act, ending([]alert.Stretch{before}, nil), changed, ending([]alert.Stretch{after}, nil))
		}
		if err != nil && (before.Status != alert.Acknowledged || before.Ack.By == act.By) {
			t.Fatalf("Apply(%s by %d) = %v on %s; want no conflict", act.Verb, act.By, err, ending([]alert.Stretch{before}, nil))
		}
	})
}

func assignee(s alert.Stretch) int64 {
	if s.Assigned == nil {
		return 0
	}
	return s.Assigned.To
}

// An act that is undone leaves nothing but itself and its undoing on the timeline.
func TestUndoIsAsIfItNeverHappened(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		kind, events, acts := kinds.Draw(t, "kind"), drawEvents(t), drawActs(t)
		acts = slices.DeleteFunc(acts, func(a alert.Act) bool { return a.Verb == alert.Undo })
		if len(acts) == 0 {
			return
		}
		gone := rapid.IntRange(0, len(acts)-1).Draw(t, "gone")
		if !acts[gone].Verb.Undoable() {
			return
		}
		without, _ := alert.Fold(kind, events, slices.Delete(slices.Clone(acts), gone, gone+1))
		undone, _ := alert.Fold(kind, events, append(acts, alert.Act{ID: 99, Verb: alert.Undo, Of: acts[gone].ID, At: start.Add(time.Hour)}))
		for _, all := range [][]alert.Stretch{without, undone} {
			for i := range all {
				all[i].Acts = nil
			}
		}
		if !reflect.DeepEqual(without, undone) {
			t.Fatalf("%s undone = %s; want as without it %s", acts[gone].Verb, ending(undone, nil), ending(without, nil))
		}
	})
}

func TestFoldLeavesItsArgumentsAlone(t *testing.T) {
	events, acts := story("+50@3 +10@0 -10@2 bob@5 ada@1")
	eventsBefore, actsBefore := slices.Clone(events), slices.Clone(acts)
	alert.Fold(alert.EndpointErrorRate, events, acts)
	if !reflect.DeepEqual(events, eventsBefore) || !reflect.DeepEqual(acts, actsBefore) {
		t.Error("Fold changed the order of its arguments")
	}
}

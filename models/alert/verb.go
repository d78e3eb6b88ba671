package alert

import (
	"cmp"
	"slices"
	"time"
)

// An Act is what a person did.
type Act struct {
	ID     int64 // equal ids are the same act
	Verb   Verb
	By     int64 // user
	Name   string
	Note   string
	At     time.Time // by our clock
	Until  time.Time // of Snooze: when it ends by itself
	To     int64     // of Assign: user; 0 is nobody
	ToName string
	Of     int64  // of Undo: the act that it takes back
	On     string // of Comment: key of an event of the alert that it is about
}

// Verb of an act.
type Verb string

// The verbs. Acknowledge is taken back by Unacknowledge, which anybody may do at any time; the others by Undo.
const (
	Acknowledge   Verb = "acknowledge"
	Unacknowledge Verb = "unacknowledge"
	Snooze        Verb = "snooze"
	Resolve       Verb = "resolve"
	Assign        Verb = "assign"
	Comment       Verb = "comment"
	Undo          Verb = "undo"
)

// Undoable tells whether Undo takes back acts of this verb.
func (v Verb) Undoable() bool {
	return v == Snooze || v == Resolve || v == Assign || v == Comment
}

// Open tells whether the verb is about an open alert only.
func (v Verb) Open() bool { return v != Comment && v != Undo }

// Undone tells which of the acts, by id, were taken back by another of them.
func Undone(acts []Act) map[int64]bool {
	undone := map[int64]bool{}
	for _, a := range acts {
		of := slices.IndexFunc(acts, func(b Act) bool { return b.ID == a.Of })
		if a.Verb == Undo && of >= 0 && acts[of].Verb.Undoable() {
			undone[a.Of] = true
		}
	}
	return undone
}

// inForce are the acts that were not taken back.
func inForce(acts []Act) []Act {
	undone := Undone(acts)
	return slices.DeleteFunc(slices.Clone(acts), func(a Act) bool { return undone[a.ID] })
}

// actsInOrder returns the acts each once, by our clock.
func actsInOrder(acts []Act) []Act {
	ordered := slices.Clone(acts)
	slices.SortFunc(ordered, func(a, b Act) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID), cmp.Compare(a.Verb, b.Verb))
	})
	seen := make(map[int64]bool, len(acts))
	return slices.DeleteFunc(ordered, func(a Act) bool {
		twice := seen[a.ID]
		seen[a.ID] = true
		return twice
	})
}

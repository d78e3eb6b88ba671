package models

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// takes is the plain reading of a FollowUp, without mentions.
func (f FollowUp) takes(r Response) bool {
	for _, tag := range f.Tags {
		if !slices.ContainsFunc(r.Tags, func(t Tag) bool { return t.ID == tag }) {
			return false
		}
	}
	return (len(f.Statuses) == 0 || slices.Contains(f.Statuses, r.Status)) && (len(f.Assignees) == 0 || slices.Contains(f.Assignees, r.AssigneeID)) && (!f.Unread || r.Unread)
}

func someFollowUp(random *rand.Rand) (f FollowUp) {
	switch random.IntN(3) {
	case 0:
		f.Statuses = []string{StatusNew, "called", StatusDone}[:1+random.IntN(3)]
	case 1:
		f.Statuses = []string{"called"}
	}
	if random.IntN(3) == 0 {
		f.Assignees = []int64{int64(random.IntN(3)), 1}[:1+random.IntN(2)]
	}
	f.Unread = random.IntN(3) == 0
	for tag := range int64(3) {
		if random.IntN(6) == 0 {
			f.Tags = append(f.Tags, tag+1)
		}
	}
	return f
}

// checkBeside holds what stands before and after some responses of a list against the list.
func checkBeside(t *testing.T, db *DB, f ResponseFilter, list []int64) {
	t.Helper()
	f.Before, f.After = 0, 0
	for _, i := range []int{0, len(list) / 2, len(list) - 1} {
		r, err := db.Response(t.Context(), list[i])
		if err != nil {
			t.Fatal(err)
		}
		var before, after int64
		if i > 0 {
			before = list[i-1]
		}
		if i+1 < len(list) {
			after = list[i+1]
		}
		if b, a, err := db.ResponsesBeside(t.Context(), f, r); err != nil || b != before || a != after {
			t.Fatalf("ResponsesBeside(%+v, %d) = %d, %d, %v; want %d, %d of %v", f, list[i], b, a, err, before, after, list)
		}
	}
}

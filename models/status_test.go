package models_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"switchyard/models"
	"switchyard/models/modelstest"
)

func TestStatusesInAnyOrderEndInTheSameState(t *testing.T) {
	db := modelstest.Open(t)
	at := modelstest.Start
	type said struct {
		state string
		after time.Duration
	}
	for _, c := range []struct {
		name string
		said []said
		want string
	}{
		{"all at the same time", []said{{"sent", 0}, {"delivered", 0}, {"read", 0}, {"failed", 0}}, "read"},
		{"one after the other", []said{{"sent", 0}, {"delivered", 1}, {"read", 2}, {"played", 3}}, "played"},
		{"failed", []said{{"sent", 0}, {"failed", 1}}, "failed"},
		{"failed after it was delivered", []said{{"delivered", 0}, {"failed", 5}}, "delivered"},
		{"unknown ones come first", []said{{"sent", 0}, {"warning", 0}}, "sent"},
		{"the same state twice counts when it was first", []said{{"sent", 9}, {"sent", 1}, {"delivered", 2}}, "delivered"},
	} {
		for _, order := range permutations(len(c.said)) {
			wamid := fmt.Sprint(c.name, order)
			for _, i := range order {
				s := c.said[i]
				db.Deliver(models.Delivery{}, models.Decoded{Statuses: []models.InStatus{{WAMID: wamid, State: s.state,
					Contact: models.InContact{Phone: "+44 7700 900123"}, At: models.Time{Time: at.Add(s.after * time.Second)}}}})
			}
			if got := lines(t, db, "SELECT m.direction || ' ' || m.status || ' ' || c.phone FROM messages m JOIN contacts c ON c.id = m.contact_id WHERE wamid = ?", wamid); !slices.Equal(got, []string{"out " + c.want + " 447700900123"}) {
				t.Errorf("%s, order %v: messages = %q; want one, out, %s", c.name, order, got, c.want)
			}
		}
	}
}

// permutations lists some orders of n things: as they are, reversed, and rotated.
func permutations(n int) [][]int {
	var all [][]int
	for shift := range n {
		order := make([]int, n)
		for i := range order {
			order[i] = (i + shift) % n
		}
		reversed := slices.Clone(order)
		slices.Reverse(reversed)
		all = append(all, order, reversed)
	}
	return all
}

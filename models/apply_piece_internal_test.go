package models

import (
	"fmt"
	"testing"
)

func TestPiecesHoldAThousandUpdatesEachAndTogetherAll(t *testing.T) {
	for _, c := range []struct{ messages, statuses, people, responses, heads int }{
		{messages: 0}, {messages: 300, statuses: 700}, {statuses: 1000}, {statuses: 1001, heads: 2}, {messages: 2500, responses: 7, heads: 3},
		{messages: 900, statuses: 900, people: 1100, responses: 1, heads: 4},
	} {
		d := Decoded{ID: 7, Reason: "why", Flows: []InFlowEvent{{}}, Others: []InOther{{Field: "history"}}}
		for n := range c.messages {
			d.Messages = append(d.Messages, InMessage{WAMID: fmt.Sprint("m", n), Type: "text"})
		}
		for n := range c.responses {
			d.Messages = append(d.Messages, InMessage{WAMID: fmt.Sprint("r", n), Flow: &InResponse{}})
		}
		d.Statuses, d.People = make([]InStatus, c.statuses), make([]InPerson, c.people)
		heads, rest := pieces(d)
		seen := map[string]int{}
		statuses, people := len(rest.Statuses), len(rest.People)
		for _, p := range append(heads, rest) {
			if n := len(p.Messages) + len(p.Statuses) + len(p.People); n > maxUpdates || p.ID != 7 {
				t.Errorf("%+v: a piece of %d updates of delivery %d; want at most %d of 7", c, n, p.ID, maxUpdates)
			}
			for _, m := range p.Messages {
				seen[m.WAMID]++
			}
		}
		for _, h := range heads {
			statuses, people = statuses+len(h.Statuses), people+len(h.People)
			if h.Reason != "" || len(h.Flows)+len(h.Others) > 0 {
				t.Errorf("%+v: a head has what belongs to the rest: %+v", c, h)
			}
		}
		// A round-up: a piece of one kind is begun for what is left of it.
		if len(heads) > c.heads+1 || len(heads) < c.heads-1 || len(seen) != c.messages+c.responses || statuses != c.statuses || people != c.people {
			t.Errorf("%+v: %d heads with %d messages, %d statuses, %d people in all", c, len(heads), len(seen), statuses, people)
		}
		for wamid, n := range seen {
			if n != 1 {
				t.Errorf("%+v: %s is in %d pieces", c, wamid, n)
			}
		}
		if kinds(rest) != kinds(d) {
			t.Errorf("%+v: kinds of the rest = %q; want %q", c, kinds(rest), kinds(d))
		}
	}
}

package models

import (
	"slices"
	"strings"
)

const (
	// maxID bounds in bytes what others call their things and what stands in an index here: PostgreSQL refuses a row that
	// makes an index entry of some 2,700 bytes, and the NUL of a text takes three there. Real ids have a tenth of it.
	maxID = 500
	// maxWord bounds what stands beside an id in an index: states, kinds of alerts.
	maxWord = 200
)

// bounded is an id as it is kept, and as it comes back from both engines: itself, with U+FFFD for what is no UTF-8, or of
// a longer one the hash, which tells it apart as well. What platforms sent stands whole in the delivery's body.
func bounded(id string) string { return atMost(id, maxID) }

func atMost(id string, size int) string {
	if len(id) <= size {
		return asUTF8(id)
	}
	return "sha256:" + hashText(id)
}

// asUTF8 is a text as both engines keep it: SQLite keeps any bytes.
func asUTF8(s string) string { return strings.ToValidUTF8(s, "\uFFFD") }

// boundedDecoded bounds what a delivery names. It changes nothing that the caller has.
func boundedDecoded(d Decoded) Decoded {
	d.Messages, d.Statuses = slices.Clone(d.Messages), slices.Clone(d.Statuses)
	d.Flows, d.Others, d.People = slices.Clone(d.Flows), slices.Clone(d.Others), slices.Clone(d.People)
	for i := range d.People {
		p := &d.People[i]
		p.Was, p.Is = p.Was.bounded(), p.Is.bounded()
	}
	d.Fields = each(d.Fields, func(f string) string { return atMost(f, maxWord) })
	for i := range d.Messages {
		m := &d.Messages[i]
		m.WAMID, m.ContextID, m.Contact = bounded(m.WAMID), bounded(m.ContextID), m.Contact.bounded()
	}
	for i := range d.Statuses {
		s := &d.Statuses[i]
		s.WAMID, s.State, s.Contact = bounded(s.WAMID), atMost(s.State, maxWord), s.Contact.bounded()
	}
	for i := range d.Flows {
		e := &d.Flows[i]
		e.Key, e.MetaID, e.Event = bounded(e.Key), bounded(e.MetaID), atMost(e.Event, maxWord)
	}
	for i := range d.Others {
		o := &d.Others[i]
		o.Key, o.Kind, o.Channel = bounded(o.Key), atMost(o.Kind, maxWord), bounded(o.Channel)
	}
	return d
}

// bounded is a customer whose number is none when no number is that long.
func (c InContact) bounded() InContact {
	if len(digits(c.Phone)) > maxWord {
		c.Phone = ""
	}
	c.UserID = bounded(c.UserID)
	return c
}

// bounded is a step with the visit that it belongs to.
func (r StepRecord) bounded() StepRecord {
	r.Visit.Token, r.Visit.Screen, r.Visit.Routed, r.Step.RuleID = bounded(r.Visit.Token), bounded(r.Visit.Screen), atMost(r.Visit.Routed, maxID+len(finishedBy)+1), bounded(r.Step.RuleID)
	return r
}

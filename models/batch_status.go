package models

import (
	"bytes"
	"cmp"
	"maps"
	"slices"
)

const (
	postgresStatuses = `INSERT INTO statuses (wamid, state, at, delivery_id, errors, pricing, conversation)
		SELECT * FROM unnest(?::text[], ?::text[], ?::bigint[], ?::bigint[], ?::text[], ?::text[], ?::text[])
		` + onStatusConflict + ` RETURNING wamid`
	postgresOutbound = `INSERT INTO messages (wamid, direction, delivery_id, account, phone_id, received_at)
		SELECT wamid, 'out', delivery_id, account, phone_id, received_at
		FROM unnest(?::text[], ?::bigint[], ?::text[], ?::text[], ?::bigint[]) AS s (wamid, delivery_id, account, phone_id, received_at)
		ON CONFLICT (wamid) DO NOTHING`
	postgresStatusesOf      = `SELECT wamid, state, at FROM unnest(?::text[]) AS w JOIN statuses ON wamid = w`
	postgresMessageStatuses = `UPDATE messages SET status = s.status, status_at = s.at
		FROM unnest(?::text[], ?::text[], ?::bigint[]) AS s (wamid, status, at) WHERE messages.wamid = s.wamid`
	postgresMessagesTo = `UPDATE messages SET contact_id = s.contact_id FROM unnest(?::text[], ?::bigint[]) AS s (wamid, contact_id)
		WHERE messages.wamid = s.wamid AND messages.contact_id = 0`
)

// writeStatuses does for all what inboxTx.status does for one.
func (x *inboxTx) writeStatuses(all []toldStatus) error {
	if len(all) == 0 {
		return nil
	}
	people, err := x.recipients(all)
	if err != nil {
		return err
	}
	changed, err := x.insertStatuses(firstOfEach(all))
	if err != nil {
		return err
	}
	if len(changed) > 0 {
		if err := x.insertOutbound(changed); err != nil {
			return err
		}
		if err := x.setStatuses(changed); err != nil {
			return err
		}
	}
	return x.messagesTo(people)
}

// recipients are the customers that statuses name, by message; the first counts.
func (x *inboxTx) recipients(all []toldStatus) (map[string]int64, error) {
	people := map[string]int64{}
	for _, st := range all {
		contact, err := x.contact(st.Contact, cmp.Or(st.At, st.received))
		if err != nil {
			return nil, err
		}
		if people[st.WAMID] == 0 && contact > 0 {
			people[st.WAMID] = contact
		}
	}
	return people, nil
}

// messagesTo tells messages of nobody who they went to.
func (x *inboxTx) messagesTo(people map[string]int64) error {
	var wamids []string
	var contacts []int64
	for _, wamid := range slices.Sorted(maps.Keys(people)) {
		wamids, contacts = append(wamids, wamid), append(contacts, x.batch.mergedInto(people[wamid]))
	}
	if len(wamids) == 0 {
		return nil
	}
	_, err := x.exec(postgresMessagesTo, wamids, contacts)
	return err
}

func (x *inboxTx) setStatuses(changed []toldStatus) error {
	last, err := x.lastStatuses(changed)
	if err != nil {
		return err
	}
	var wamids, states []string
	var at []int64
	for _, st := range changed {
		m := finalStatus(last[st.WAMID])
		wamids, states, at = append(wamids, st.WAMID), append(states, m.state), append(at, m.at.Micros())
	}
	_, err = x.exec(postgresMessageStatuses, wamids, states, at)
	return err
}

// firstOfEach is the earliest notice of each state of each message, in their order.
func firstOfEach(all []toldStatus) (first []toldStatus) {
	type key struct{ wamid, state string }
	where := map[key]int{}
	for _, st := range all {
		st.At = cmp.Or(st.At, st.received)
		k := key{st.WAMID, st.State}
		i, known := where[k]
		switch {
		case !known:
			where[k] = len(first)
			first = append(first, st)
		case st.before(first[i]):
			first[i] = st
		}
	}
	return first
}

// before is what onStatusConflict says.
func (st toldStatus) before(o toldStatus) bool {
	if !st.At.Equal(o.At.Time) {
		return st.At.Before(o.At.Time)
	}
	return cmp.Or(bytes.Compare(st.Errors, o.Errors), bytes.Compare(st.Pricing, o.Pricing), bytes.Compare(st.Conversation, o.Conversation)) > 0
}

// insertStatuses returns one notice of each message of which something is new.
func (x *inboxTx) insertStatuses(all []toldStatus) (changed []toldStatus, err error) {
	var wamids, states, errs, pricing, conversations []string
	var at, deliveries []int64
	for _, st := range all {
		wamids, states, errs = append(wamids, st.WAMID), append(states, st.State), append(errs, string(st.Errors))
		at, deliveries = append(at, st.At.Micros()), append(deliveries, st.id)
		pricing, conversations = append(pricing, string(st.Pricing)), append(conversations, string(st.Conversation))
	}
	fresh, err := x.wamids(postgresStatuses, wamids, states, at, deliveries, errs, pricing, conversations)
	for _, st := range all {
		if fresh[st.WAMID] {
			changed = append(changed, st)
			delete(fresh, st.WAMID)
		}
	}
	return changed, err
}

// insertOutbound makes the rows of messages that were never seen.
func (x *inboxTx) insertOutbound(all []toldStatus) error {
	var wamids, accounts, phones []string
	var deliveries, received []int64
	for _, st := range all {
		wamids, accounts, phones = append(wamids, st.WAMID), append(accounts, st.Account), append(phones, st.PhoneID)
		deliveries, received = append(deliveries, st.id), append(received, st.received.Micros())
	}
	_, err := x.exec(postgresOutbound, wamids, deliveries, accounts, phones, received)
	return err
}

// wamids runs a statement that returns some.
func (x *inboxTx) wamids(text string, args ...any) (map[string]bool, error) {
	rows, err := x.rows(text, args...)
	all, err := collect(rows, err, func(w *string, s scanner) error { return s.Scan(w) })
	set := make(map[string]bool, len(all))
	for _, w := range all {
		set[w] = true
	}
	return set, err
}

func (x *inboxTx) lastStatuses(of []toldStatus) (map[string][]messageStatus, error) {
	wamids := each(of, func(st toldStatus) string { return st.WAMID })
	last := make(map[string][]messageStatus, len(of))
	rows, err := x.rows(postgresStatusesOf, wamids)
	_, err = collect(rows, err, func(w *string, s scanner) error {
		var m messageStatus
		err := s.Scan(w, &m.state, &m.at)
		last[*w] = append(last[*w], m)
		return err
	})
	return last, err
}

package models

import "cmp"

const (
	postgresStatuses = `INSERT INTO statuses (wamid, state, at, delivery_id, errors)
		SELECT * FROM unnest(?::text[], ?::text[], ?::bigint[], ?::bigint[], ?::text[])
		` + onStatusConflict + ` RETURNING wamid`
	postgresOutbound = `INSERT INTO messages (wamid, direction, delivery_id, account, phone_id, received_at)
		SELECT wamid, 'out', delivery_id, account, phone_id, received_at
		FROM unnest(?::text[], ?::bigint[], ?::text[], ?::text[], ?::bigint[]) AS s (wamid, delivery_id, account, phone_id, received_at)
		ON CONFLICT (wamid) DO NOTHING RETURNING wamid`
	postgresStatusesOf      = `SELECT wamid, state, at FROM unnest(?::text[]) AS w JOIN statuses ON wamid = w`
	postgresMessageStatuses = `UPDATE messages SET status = s.status, status_at = s.at, contact_id = CASE WHEN s.made THEN s.contact_id ELSE messages.contact_id END
		FROM unnest(?::text[], ?::text[], ?::bigint[], ?::boolean[], ?::bigint[]) AS s (wamid, status, at, made, contact_id)
		WHERE messages.wamid = s.wamid`
)

// writeStatuses does for all what inboxTx.status does for one.
func (x *inboxTx) writeStatuses(all []toldStatus) error {
	first := firstOfEach(all)
	if len(first) == 0 {
		return nil
	}
	changed, err := x.insertStatuses(first)
	if err != nil || len(changed) == 0 {
		return err
	}
	made, err := x.insertOutbound(changed)
	if err != nil {
		return err
	}
	last, err := x.lastStatuses(changed)
	if err != nil {
		return err
	}
	var wamids, states []string
	var at []int64
	var fresh []bool
	for _, st := range changed {
		contact := int64(0)
		if made[st.WAMID] {
			if contact, err = x.contact(st.Contact, st.At); err != nil {
				return err
			}
		}
		m := finalStatus(last[st.WAMID])
		wamids, states, at = append(wamids, st.WAMID), append(states, m.state), append(at, m.at.Micros())
		fresh, x.batch.given = append(fresh, made[st.WAMID]), append(x.batch.given, contact)
	}
	_, err = x.exec(postgresMessageStatuses, wamids, states, at, fresh, x.batch.given)
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
		case st.At.Before(first[i].At.Time):
			first[i] = st
		}
	}
	return first
}

// insertStatuses returns one notice of each message of which something is new.
func (x *inboxTx) insertStatuses(all []toldStatus) (changed []toldStatus, err error) {
	var wamids, states, errs []string
	var at, deliveries []int64
	for _, st := range all {
		wamids, states, errs = append(wamids, st.WAMID), append(states, st.State), append(errs, string(st.Errors))
		at, deliveries = append(at, st.At.Micros()), append(deliveries, st.id)
	}
	fresh, err := x.wamids(postgresStatuses, wamids, states, at, deliveries, errs)
	for _, st := range all {
		if fresh[st.WAMID] {
			changed = append(changed, st)
			delete(fresh, st.WAMID)
		}
	}
	return changed, err
}

// insertOutbound makes the rows of messages that were never seen.
func (x *inboxTx) insertOutbound(all []toldStatus) (made map[string]bool, err error) {
	var wamids, accounts, phones []string
	var deliveries, received []int64
	for _, st := range all {
		wamids, accounts, phones = append(wamids, st.WAMID), append(accounts, st.Account), append(phones, st.PhoneID)
		deliveries, received = append(deliveries, st.id), append(received, st.received.Micros())
	}
	return x.wamids(postgresOutbound, wamids, deliveries, accounts, phones, received)
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

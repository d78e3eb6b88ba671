package models

import "errors"

// A messageStatus is one state that a message was told to be in.
type messageStatus struct {
	state string
	at    Time
}

// status writes one status.
func (x *inboxTx) status(st InStatus, s stored) error {
	if st.WAMID == "" {
		return nil // nothing to keep it by; the delivery holds it
	}
	if st.At.IsZero() {
		st.At = s.received
	}
	if x.batch != nil {
		x.batch.statuses = append(x.batch.statuses, toldStatus{st, s})
		return nil
	}
	contact, err := x.contact(st.Contact, st.At)
	if err != nil {
		return err
	}
	changed, err := x.exec(sqlStatus, st.WAMID, st.State, st.At, s.id, string(st.Errors), string(st.Pricing), string(st.Conversation))
	if err != nil {
		return err
	}
	if changed > 0 {
		if err := x.setStatus(st, s); err != nil {
			return err
		}
	}
	if contact > 0 {
		_, err = x.exec(sqlMessageTo, contact, st.WAMID)
	}
	return err
}

// setStatus says of the message what is the last now. Of one that was never seen it makes the outbound row.
func (x *inboxTx) setStatus(st InStatus, s stored) error {
	if _, err := x.exec(sqlOutbound, st.WAMID, s.id, st.Account, st.PhoneID, s.received); err != nil {
		return err
	}
	last, err := x.lastStatus(st.WAMID)
	if err != nil {
		return err
	}
	_, err = x.exec(sqlMessageStatus, last.state, last.at, st.WAMID)
	return err
}

func (x *inboxTx) lastStatus(wamid string) (last messageStatus, err error) {
	rows, err := x.rows(sqlStatusesOf, wamid)
	all, err := collect(rows, err, func(m *messageStatus, s scanner) error { return s.Scan(&m.state, &m.at) })
	if err == nil && len(all) == 0 {
		err = errors.New("a status that was just written is not there")
	}
	return finalStatus(all), err
}

// statusRank orders statuses of the same time; unknown ones come first.
var statusRank = map[string]int{"sent": 1, "delivered": 2, "read": 3, "played": 4, "failed": 5}

// finalStatus is the newest; failed only when the message reached nobody (design/decisions.md 38).
func finalStatus(all []messageStatus) (last messageStatus) {
	reached := false
	for _, m := range all {
		rank := statusRank[m.state]
		reached = reached || rank >= 2 && rank <= 4
	}
	for _, m := range all {
		if m.state == "failed" && reached {
			continue
		}
		later := m.at.Compare(last.at.Time)
		if last.state == "" || later > 0 || later == 0 && (statusRank[m.state] > statusRank[last.state] ||
			statusRank[m.state] == statusRank[last.state] && m.state > last.state) {
			last = m
		}
	}
	return last
}

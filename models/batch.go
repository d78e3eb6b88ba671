package models

import (
	"maps"
	"slices"
	"strings"
)

// A batch is what the deliveries of one transaction do together on PostgreSQL, where each statement is a way to the
// server and back: what most of them read is read at the beginning, and what most of them write is written at the end,
// each in one statement. Only the order within the transaction differs from writing one by one. All its methods may be
// called on nil, which knows nothing.
type batch struct {
	stored   map[int64]stored
	contacts map[int64]*contactRow   // every row that a customer of the batch can have
	called   map[contactName][]int64 // by what they are or were called
	dirty    map[int64]bool          // of contacts: to be saved
	former   map[contactName][]formerID
	merged   map[int64]int64 // rows that turned out to be another one's customer
	messages messageRows
	statuses []toldStatus
	settled  settledRows
	forwards forwardRows
}

// A contactName is a business-scoped id or a number, by the statement that looks for it.
type contactName struct{ text, value string }

// A toldStatus is one status with the delivery that told it.
type toldStatus struct {
	InStatus
	stored
}

// settledRows are the ends of deliveries by column, as unnest takes them.
type settledRows struct {
	ids, received          []int64
	states, reasons, kinds []string
	whole                  []bool
}

func (r *settledRows) add(s stored, state DeliveryState, reason string, whole bool, kinds string) {
	r.ids, r.received, r.states = append(r.ids, s.id), append(r.received, s.received.Micros()), append(r.states, string(state))
	r.reasons, r.kinds, r.whole = append(r.reasons, reason), append(r.kinds, kinds), append(r.whole, whole)
}

const (
	postgresStored = `SELECT id, source, d.received_at, attempts, test FROM unnest(?::bigint[], ?::bigint[]) AS k (key, received_at)
		JOIN deliveries d ON d.id = k.key AND d.received_at = k.received_at FOR UPDATE OF d`
	// Rows that are found by another name than somebody else locked are locked themselves.
	postgresContacts = `SELECT ` + contactColumns + ` FROM contacts WHERE id IN (
			SELECT id FROM unnest(?::text[]) AS u JOIN contacts ON user_id = u WHERE user_id <> ''
			UNION SELECT id FROM unnest(?::text[]) AS p JOIN contacts ON phone = p WHERE phone <> ''
			UNION SELECT unnest(?::bigint[]))
		ORDER BY id FOR UPDATE`
	postgresSaveContacts = `UPDATE contacts SET phone = s.phone, user_id = s.user_id, name = s.name, username = s.username, search = s.search,
			phone_at = s.phone_at, name_at = s.name_at, username_at = s.username_at, saved_name = s.saved_name, saved_at = s.saved_at, user_at = s.user_at
		FROM unnest(?::bigint[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::bigint[], ?::bigint[], ?::bigint[], ?::text[], ?::bigint[], ?::bigint[])
			AS s (id, phone, user_id, name, username, search, phone_at, name_at, username_at, saved_name, saved_at, user_at)
		WHERE contacts.id = s.id`
	postgresSettle = `UPDATE deliveries d SET state = s.state, reason = s.reason, whole = s.whole, kinds = s.kinds, next_at = 0
		FROM unnest(?::bigint[], ?::bigint[], ?::text[], ?::text[], ?::boolean[], ?::text[]) AS s (id, received_at, state, reason, whole, kinds)
		WHERE d.id = s.id AND d.received_at = s.received_at`
)

// gather begins a batch.
func (x *inboxTx) gather(ds []Decoded) error {
	b := &batch{stored: make(map[int64]stored, len(ds)), contacts: map[int64]*contactRow{}, called: map[contactName][]int64{},
		former: map[contactName][]formerID{}, dirty: map[int64]bool{}, merged: map[int64]int64{}}
	var ids, received []int64
	var alone []Decoded // nobody knows in which month
	for _, d := range ds {
		if d.ReceivedAt.IsZero() {
			alone = append(alone, d)
			continue
		}
		ids, received = append(ids, d.ID), append(received, d.ReceivedAt.Micros())
	}
	rows, err := x.rows(postgresStored, ids, received)
	all, err := collect(rows, err, func(s *stored, row scanner) error {
		return row.Scan(&s.id, &s.source, &s.received, &s.attempts, &s.test)
	})
	if err != nil {
		return err
	}
	for _, d := range alone {
		s, found, err := x.stored(d)
		if err != nil {
			return err
		}
		if found {
			all = append(all, s)
		}
	}
	for _, s := range all {
		b.stored[s.id] = s
	}
	if err := x.gatherContacts(b, ds); err != nil {
		return err
	}
	x.batch = b
	return nil
}

// gatherContacts reads every row that the batch may look for. about has locked who they are about.
func (x *inboxTx) gatherContacts(b *batch, ds []Decoded) error {
	var phones, users []string
	add := func(c InContact) {
		phones, users = append(phones, digits(c.Phone)), append(users, strings.TrimSpace(c.UserID))
	}
	for _, d := range ds {
		for _, p := range d.People {
			add(p.Was)
			add(p.Is)
		}
		for _, m := range d.Messages {
			add(m.Contact)
		}
		for _, st := range d.Statuses {
			add(st.Contact)
		}
	}
	slices.Sort(phones)
	slices.Sort(users)
	phones, users = slices.Compact(phones), slices.Compact(users)
	moved, err := x.gatherFormer(b, phones, users)
	if err != nil {
		return err
	}
	rows, err := x.rows(postgresContacts, users, phones, moved)
	all, err := collect(rows, err, func(c *contactRow, row scanner) error { return row.Scan(c.fields()...) })
	for _, c := range all {
		b.keepContact(c, false)
	}
	return err
}

// contactBy does what sqlContactByUser and sqlContactByPhone do.
func (b *batch) contactBy(text, value string, into *contactRow) (found bool) {
	if value == "" {
		return false
	}
	var best *contactRow
	for _, id := range b.called[contactName{text, value}] {
		c := b.contacts[id]
		switch {
		case c == nil, text == sqlContactByUser && c.UserID != value, text == sqlContactByPhone && c.Phone != value: // not any more
		case best == nil, c.before(best):
			best = c
		}
	}
	if best == nil {
		return false
	}
	*into = *best
	return true
}

// before is the order of sqlContactByPhone.
func (c *contactRow) before(o *contactRow) bool {
	switch {
	case (c.UserID == "") != (o.UserID == ""):
		return c.UserID == ""
	case !c.PhoneAt.Equal(o.PhoneAt.Time):
		return c.PhoneAt.After(o.PhoneAt.Time)
	}
	return c.ID < o.ID
}

func (b *batch) keepContact(c contactRow, dirty bool) {
	if b == nil {
		return
	}
	c.facts() // sets the text to search in
	b.contacts[c.ID] = &c
	for _, name := range []contactName{{sqlContactByUser, c.UserID}, {sqlContactByPhone, c.Phone}} {
		if name.value != "" && !slices.Contains(b.called[name], c.ID) {
			b.called[name] = append(b.called[name], c.ID)
		}
	}
	if dirty {
		b.dirty[c.ID] = true
	}
}

// dropContact forgets a row whose customer is another one's.
func (b *batch) dropContact(id, into int64) {
	if b == nil {
		return
	}
	for i := range b.messages.rows {
		if m := &b.messages.rows[i]; m.contact == id {
			m.contact = into
		}
	}
	for name, was := range b.former {
		for i := range was {
			if was[i].contact == id {
				b.former[name][i].contact = into
			}
		}
	}
	delete(b.contacts, id)
	delete(b.dirty, id)
	b.merged[id] = into
}

// mergedInto is the row that holds the customer of a row now.
func (b *batch) mergedInto(id int64) int64 {
	for b.merged[id] > 0 {
		id = b.merged[id]
	}
	return id
}

func (b *batch) contactByID(id int64) (contactRow, bool) {
	if b == nil || b.contacts[id] == nil {
		return contactRow{}, false
	}
	return *b.contacts[id], true
}

// writeBatch writes what was put off: customers last, because statuses may bring some.
func (x *inboxTx) writeBatch() error {
	if x.batch == nil {
		return nil
	}
	if err := x.writeMessages(&x.batch.messages); err != nil {
		return err
	}
	if err := x.writeStatuses(x.batch.statuses); err != nil {
		return err
	}
	if err := x.saveContacts(); err != nil {
		return err
	}
	r := &x.batch.settled
	if len(r.ids) > 0 {
		if _, err := x.exec(postgresSettle, r.ids, r.received, r.states, r.reasons, r.whole, r.kinds); err != nil {
			return err
		}
	}
	if err := x.echoed(); err != nil {
		return err
	}
	return x.writeForwards(&x.batch.forwards)
}

func (x *inboxTx) saveContacts() error {
	if len(x.batch.dirty) == 0 {
		return nil
	}
	var ids, phoneAt, nameAt, usernameAt, savedAt, userAt []int64
	var phones, users, names, usernames, searches, saved []string
	for _, id := range slices.Sorted(maps.Keys(x.batch.dirty)) {
		c := x.batch.contacts[id]
		ids, phones, users = append(ids, id), append(phones, c.Phone), append(users, c.UserID)
		names, usernames, searches = append(names, c.Name), append(usernames, c.Username), append(searches, c.Search)
		phoneAt, nameAt = append(phoneAt, c.PhoneAt.Micros()), append(nameAt, c.NameAt.Micros())
		usernameAt = append(usernameAt, c.UsernameAt.Micros())
		saved, savedAt, userAt = append(saved, c.SavedName), append(savedAt, c.SavedAt.Micros()), append(userAt, c.UserAt.Micros())
	}
	_, err := x.exec(postgresSaveContacts, ids, phones, users, names, usernames, searches, phoneAt, nameAt, usernameAt, saved, savedAt, userAt)
	return err
}

package models

import (
	"strings"
	"time"
)

// A formerID is a number or a business-scoped id that a customer had until a time.
type formerID struct {
	until   Time
	contact int64
}

// forEver is until when a business-scoped id is its customer's: nobody else gets it.
var forEver = Time{time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)}

// formerKind is how the table calls what a statement looks for.
var formerKind = map[string]string{sqlContactByPhone: "phone", sqlContactByUser: "user"}

// person takes over what is said of a customer apart from messages.
func (x *inboxTx) person(p InPerson, s stored) error {
	if p.At.IsZero() {
		p.At = s.received
	}
	was, err := x.contact(p.Was, p.At)
	if err != nil || was == 0 {
		return err
	}
	if p.Saved != nil {
		if err := x.saved(was, *p.Saved, p.At); err != nil {
			return err
		}
	}
	is, err := x.contact(p.Is, p.At)
	if err != nil || is == 0 {
		return err
	}
	return x.moved(was, is, p)
}

// saved is how the business calls a customer since a time; "" when it does no more.
func (x *inboxTx) saved(id int64, name string, when Time) error {
	c, err := x.contactRow(id)
	if err != nil {
		return err
	}
	_, err = x.learn(c, contactRow{SavedName: name, SavedAt: when})
	return err
}

// moved makes one row of a customer as was and as is. What the customer was called before leads here for what was sent
// then; a number may be another one's later.
func (x *inboxTx) moved(was, is int64, p InPerson) error {
	old, err := x.contactRow(was)
	if err != nil {
		return err
	}
	c, err := x.contactRow(is)
	if err != nil {
		return err
	}
	said := contactRow{Contact: Contact{Phone: digits(p.Is.Phone), UserID: strings.TrimSpace(p.Is.UserID)}, PhoneAt: p.At, UserAt: p.At}
	numbers := []contactRow{old, c, said}
	users := []string{strings.TrimSpace(p.Was.UserID), old.UserID, c.UserID, said.UserID}
	if was != is {
		c.learn(old)
		if err := x.dropContact(was, is); err != nil {
			return err
		}
	}
	c.learn(said)
	if err := x.save(c); err != nil {
		return err
	}
	if phone := digits(p.Was.Phone); phone != "" && said.Phone != "" && phone != said.Phone {
		if err := x.keepFormer(contactName{sqlContactByPhone, phone}, formerID{p.At, is}); err != nil {
			return err
		}
	}
	if err := x.gaveUp(c, numbers...); err != nil {
		return err
	}
	for _, user := range users {
		if user != "" && user != c.UserID {
			if err := x.keepFormer(contactName{sqlContactByUser, user}, formerID{forEver, is}); err != nil {
				return err
			}
		}
	}
	return x.refreshSearch(c.shown())
}

// gaveUp keeps the numbers that are not the customer's any more: they were until the present one was heard of.
func (x *inboxTx) gaveUp(c contactRow, numbers ...contactRow) error {
	for _, n := range numbers {
		if n.Phone == "" || n.Phone == c.Phone {
			continue
		}
		name := contactName{sqlContactByPhone, n.Phone}
		known, err := x.formerly(name, n.PhoneAt)
		if err == nil && known != c.ID {
			err = x.keepFormer(name, formerID{c.PhoneAt, c.ID})
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// save writes a row at once: the next insert of this batch may take the number that it had.
func (x *inboxTx) save(c contactRow) error {
	x.batch.keepContact(c, false)
	if x.batch != nil {
		delete(x.batch.dirty, c.ID)
	}
	_, err := x.exec(sqlContactSave, append(c.facts(), c.ID)...)
	return err
}

// contactRow is the row of an id that is there.
func (x *inboxTx) contactRow(id int64) (contactRow, error) {
	if c, ok := x.batch.contactByID(id); ok {
		return c, nil
	}
	var c contactRow
	_, err := x.findForUpdate(sqlContactByID, []any{id}, c.fields()...)
	return c, err
}

// formerly is the row of the customer who was called so at a time and is called otherwise since; 0 when there is none.
func (x *inboxTx) formerly(name contactName, when Time) (id int64, err error) {
	if x.batch != nil {
		var best formerID
		for _, f := range x.batch.former[name] {
			if !f.until.Before(when.Time) && (best.contact == 0 || f.until.Before(best.until.Time)) {
				best = f
			}
		}
		return best.contact, nil
	}
	if x.anyMoved == nil {
		var any bool
		if _, err := x.find(sqlMoved, nil, &any); err != nil {
			return 0, err
		}
		x.anyMoved = &any
	}
	if !*x.anyMoved {
		return 0, nil
	}
	_, err = x.find(sqlFormer, []any{formerKind[name.text], name.value, when}, &id)
	return id, err
}

func (x *inboxTx) keepFormer(name contactName, f formerID) error {
	if x.batch != nil {
		x.batch.former[name] = append(x.batch.former[name], f)
	}
	some := true
	x.anyMoved = &some
	_, err := x.exec(sqlFormerKeep, formerKind[name.text], name.value, f.until, f.contact)
	return err
}

const postgresFormer = `SELECT kind, value, until_at, contact_id FROM former_ids
	JOIN (SELECT 'user' AS k, unnest(?::text[]) AS v UNION ALL SELECT 'phone', unnest(?::text[])) AS asked ON kind = k AND value = v`

// gatherFormer reads who of a batch is called otherwise now, and returns their rows' ids.
func (x *inboxTx) gatherFormer(b *batch, phones, users []string) (ids []int64, err error) {
	ids = []int64{}
	rows, err := x.rows(postgresFormer, users, phones)
	_, err = collect(rows, err, func(_ *struct{}, row scanner) error {
		var kind, value string
		var f formerID
		if err := row.Scan(&kind, &value, &f.until, &f.contact); err != nil {
			return err
		}
		name := contactName{sqlContactByPhone, value}
		if kind == "user" {
			name.text = sqlContactByUser
		}
		b.former[name] = append(b.former[name], f)
		ids = append(ids, f.contact)
		return nil
	})
	return ids, err
}

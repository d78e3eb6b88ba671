package models

import (
	"cmp"
	"strings"
)

// A Contact is one customer.
type Contact struct {
	ID       int64
	Phone    string // digits, wa_id form; may be empty
	UserID   string // business-scoped id; may be empty
	Name     string
	Username string
}

// A contactRow also knows how old each fact is, so that notices in any order end in the same row.
type contactRow struct {
	Contact
	Search                      string
	PhoneAt, NameAt, UsernameAt Time
}

func (contactRow) TableName() string { return "contacts" }

const contactColumns = `id, phone, user_id, name, username, search, phone_at, name_at, username_at`

func (c *contactRow) fields() []any {
	return []any{&c.ID, &c.Phone, &c.UserID, &c.Name, &c.Username, &c.Search, &c.PhoneAt, &c.NameAt, &c.UsernameAt}
}

// contact finds or makes the row of a customer and returns its id; 0 when nothing names one. A notice that holds
// both number and business-scoped id shows that two rows are one customer.
func (x *inboxTx) contact(in InContact, when Time) (int64, error) {
	phone, user := digits(in.Phone), strings.TrimSpace(in.UserID)
	if phone == "" && user == "" {
		return 0, nil
	}
	var byUser, byPhone contactRow
	hasUser, err := x.contactBy(sqlContactByUser, user, &byUser)
	if err != nil {
		return 0, err
	}
	hasPhone, err := x.contactBy(sqlContactByPhone, phone, &byPhone)
	if err != nil {
		return 0, err
	}
	said := contactRow{Contact: Contact{Phone: phone, UserID: user, Name: in.Name, Username: in.Username},
		PhoneAt: when, NameAt: when, UsernameAt: when}
	switch {
	case hasUser && hasPhone && byPhone.UserID == "":
		said.learn(byPhone)
		if err := x.dropContact(byPhone.ID, byUser.ID); err != nil {
			return 0, err
		}
		if _, err := x.learn(byUser, said); err != nil {
			return 0, err
		}
		byUser.learn(said)
		return byUser.ID, x.refreshSearch(byUser.Contact) // what moved says who it was of, also when nothing was learned
	case hasUser:
		return x.learn(byUser, said)
	case hasPhone && (user == "" || byPhone.UserID == ""):
		return x.learn(byPhone, said)
	}
	said.ID, err = x.insert(sqlContactNew, said.facts()...)
	x.batch.keepContact(said, false)
	return said.ID, err
}

// contactBy finds the row of a customer by sqlContactByUser or sqlContactByPhone.
func (x *inboxTx) contactBy(text, value string, c *contactRow) (found bool, err error) {
	if x.batch != nil {
		return x.batch.contactBy(text, value, c), nil
	}
	return x.findForUpdate(text, []any{value}, c.fields()...)
}

// learn saves what a newer notice says, and the search texts that hold it.
func (x *inboxTx) learn(c, said contactRow) (int64, error) {
	before := c
	c.learn(said)
	if c == before {
		return c.ID, nil
	}
	if x.batch != nil {
		x.batch.keepContact(c, true)
	} else if _, err := x.exec(sqlContactSave, append(c.facts(), c.ID)...); err != nil {
		return 0, err
	}
	if c.Contact == before.Contact {
		return c.ID, nil
	}
	return c.ID, x.refreshSearch(c.Contact)
}

func (x *inboxTx) dropContact(id, into int64) error {
	for _, text := range []string{sqlMoveMessages, sqlMoveResponses} {
		if _, err := x.exec(text, into, id); err != nil {
			return err
		}
	}
	if err := x.moveMappings(id, into); err != nil {
		return err
	}
	x.batch.dropContact(id, into)
	_, err := x.exec(sqlContactDrop, id)
	return err
}

// learn takes over every fact that is newer, or as new and later in the alphabet: the order of arrival is no matter.
func (c *contactRow) learn(said contactRow) {
	newer(&c.Phone, &c.PhoneAt, said.Phone, said.PhoneAt)
	newer(&c.Name, &c.NameAt, said.Name, said.NameAt)
	newer(&c.Username, &c.UsernameAt, said.Username, said.UsernameAt)
	c.UserID = cmp.Or(c.UserID, said.UserID)
}

func newer(have *string, haveAt *Time, said string, saidAt Time) {
	if said == "" {
		return
	}
	if *have == "" || cmp.Or(saidAt.Compare(haveAt.Time), cmp.Compare(said, *have)) > 0 {
		*have, *haveAt = said, saidAt
	}
}

// contactByID is the zero Contact for 0.
func (x *inboxTx) contactByID(id int64) (Contact, error) {
	if c, ok := x.batch.contactByID(id); ok {
		return c.Contact, nil
	}
	var c contactRow
	_, err := x.find(sqlContactByID, []any{id}, c.fields()...)
	return c.Contact, err
}

// facts are the columns of sqlContactNew and sqlContactSave.
func (c *contactRow) facts() []any {
	c.Search = nameSearch(c.Contact)
	return []any{c.Phone, c.UserID, c.Name, c.Username, c.Search, c.PhoneAt, c.NameAt, c.UsernameAt}
}

// digits are those of a number: "+55 11…" and the wa_id form name the same customer.
func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}

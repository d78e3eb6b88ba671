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
	Name     string // of the profile, else as the business saved it in its address book
	Username string
}

// A contactRow also knows how old each fact is, so that notices in any order end in the same row.
type contactRow struct {
	Contact
	Search                      string
	PhoneAt, NameAt, UsernameAt Time
	SavedName                   string // in the business's address book
	SavedAt, UserAt             Time
}

func (contactRow) TableName() string { return "contacts" }

const contactColumns = `id, phone, user_id, name, username, search, phone_at, name_at, username_at, saved_name, saved_at, user_at`

func (c *contactRow) fields() []any {
	return []any{&c.ID, &c.Phone, &c.UserID, &c.Name, &c.Username, &c.Search, &c.PhoneAt, &c.NameAt, &c.UsernameAt,
		&c.SavedName, &c.SavedAt, &c.UserAt}
}

// contact finds or makes the row of a customer and returns its id; 0 when nothing names one. A notice that holds
// both number and business-scoped id shows that two rows are one customer.
func (x *inboxTx) contact(in InContact, when Time) (int64, error) {
	phone, user := digits(in.Phone), strings.TrimSpace(in.UserID)
	if phone == "" && user == "" {
		return 0, nil
	}
	var byUser, byPhone contactRow
	hasUser, err := x.contactBy(sqlContactByUser, user, when, &byUser)
	if err != nil {
		return 0, err
	}
	hasPhone, err := x.contactBy(sqlContactByPhone, phone, when, &byPhone)
	if err != nil {
		return 0, err
	}
	said := contactRow{Contact: Contact{Phone: phone, UserID: user, Name: in.Name, Username: in.Username},
		PhoneAt: when, NameAt: when, UsernameAt: when}
	switch {
	case hasUser && hasPhone && byPhone.UserID == "" && byPhone.ID != byUser.ID:
		said.learn(byPhone)
		if err := x.dropContact(byPhone.ID, byUser.ID); err != nil {
			return 0, err
		}
		if _, err := x.learn(byUser, said); err != nil {
			return 0, err
		}
		byUser.learn(said)
		return byUser.ID, x.refreshSearch(byUser.shown()) // what moved says who it was of, also when nothing was learned
	case hasUser:
		return x.learn(byUser, said)
	case hasPhone && (user == "" || byPhone.UserID == ""):
		return x.learn(byPhone, said)
	}
	said.ID, err = x.insert(sqlContactNew, said.facts()...)
	x.batch.keepContact(said, false)
	return said.ID, err
}

// contactBy finds the row of the customer who was called so at a time, by sqlContactByUser or sqlContactByPhone.
func (x *inboxTx) contactBy(text, value string, when Time, c *contactRow) (found bool, err error) {
	if value == "" {
		return false, nil
	}
	id, err := x.formerly(contactName{text, value}, when)
	if err != nil {
		return false, err
	}
	if x.batch != nil {
		if known, ok := x.batch.contactByID(id); ok {
			*c = known
			return true, nil
		}
		return x.batch.contactBy(text, value, c), nil
	}
	if id > 0 {
		return x.findForUpdate(sqlContactByID, []any{id}, c.fields()...)
	}
	return x.findForUpdate(text, []any{value}, c.fields()...)
}

// learn saves what a newer notice says, and the search texts that hold it.
func (x *inboxTx) learn(c, said contactRow) (int64, error) {
	before := c
	c.learn(said)
	if err := x.gaveUp(c, before, said); err != nil {
		return 0, err
	}
	if c == before {
		return c.ID, nil
	}
	if x.batch != nil {
		x.batch.keepContact(c, true)
	} else if _, err := x.exec(sqlContactSave, append(c.facts(), c.ID)...); err != nil {
		return 0, err
	}
	if c.shown() == before.shown() {
		return c.ID, nil
	}
	return c.ID, x.refreshSearch(c.shown())
}

// shown is the customer as pages show it.
func (c contactRow) shown() Contact {
	c.Contact.Name = cmp.Or(c.Name, c.SavedName)
	return c.Contact
}

func (x *inboxTx) dropContact(id, into int64) error {
	for _, text := range []string{sqlMoveMessages, sqlMoveResponses, sqlFormerMove} {
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
	if c.UserID == "" || said.UserID != "" && said.UserAt.After(c.UserAt.Time) {
		c.UserID, c.UserAt = said.UserID, said.UserAt
	}
	if later := said.SavedAt.Compare(c.SavedAt.Time); later > 0 || later == 0 && said.SavedName > c.SavedName {
		c.SavedName, c.SavedAt = said.SavedName, said.SavedAt
	}
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
		return c.shown(), nil
	}
	var c contactRow
	_, err := x.find(sqlContactByID, []any{id}, c.fields()...)
	return c.shown(), err
}

// facts are the columns of sqlContactNew and sqlContactSave.
func (c *contactRow) facts() []any {
	c.Search = nameSearch(c.shown())
	return []any{c.Phone, c.UserID, c.Name, c.Username, c.Search, c.PhoneAt, c.NameAt, c.UsernameAt, c.SavedName, c.SavedAt, c.UserAt}
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

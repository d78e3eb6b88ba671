package wire

import (
	"strings"
	"time"
)

// A Person is what a body says of a customer apart from messages: the name in the address book of the WhatsApp Business
// app, or that a number or business-scoped id became another one.
type Person struct {
	From, FromUser string // as the customer was known until At; one may be empty
	To, ToUser     string // as the customer is known since; empty: as before
	Username       string
	Saved          *string   // name in the address book, "" when it was removed from there; nil: nothing was said
	At             time.Time // zero when missing
}

// stateSync decodes the address book of the WhatsApp Business app.
func (d *decoder) stateSync(c change) {
	for raw := range d.listed(objectOf(c.value), "state_sync") {
		o := objectOf(raw)
		contact := objectOf(o["contact"])
		if kind := plain(o.text("type")); kind != "contact" && kind != "" {
			continue // the account event keeps it
		}
		p := Person{
			From: contact.text("phone_number"), FromUser: contact.text("user_id"), Username: contact.text("username"),
			At: objectOf(o["metadata"]).epoch("timestamp"),
		}
		if p.At.IsZero() {
			p.At = c.at
		}
		if p.From == "" && p.FromUser == "" {
			d.unread("an entry of state_sync names no contact")
			continue
		}
		name := or(contact.text("full_name"), contact.text("first_name"))
		if plain(o.text("action")) == "remove" {
			name = ""
		}
		p.Saved = &name
		d.events.People = append(d.events.People, p)
	}
}

// userIDs decodes changes of business-scoped ids.
func (d *decoder) userIDs(c change) {
	for raw := range d.listed(objectOf(c.value), "user_id_update") {
		o := objectOf(raw)
		ids := objectOf(o["user_id"])
		p := Person{From: o.text("wa_id"), FromUser: ids.text("previous"), ToUser: ids.text("current"), At: o.epoch("timestamp")}
		if p.FromUser == "" && p.From == "" || p.ToUser == "" {
			d.unread("an entry of user_id_update does not say what became what")
			continue
		}
		d.events.People = append(d.events.People, p)
	}
}

// moved decodes a system message that tells of a new number or id. Older ones name the number wa_id, the oldest
// new_wa_id.
func (d *decoder) moved(message object, m Message) {
	system := objectOf(message["system"])
	kind := plain(system.text("type"))
	p := Person{From: or(m.From, system.text("customer")), FromUser: m.FromUser, At: m.At}
	switch {
	case strings.HasSuffix(kind, "changed number"):
		p.To, p.ToUser = or(system.text("wa_id"), system.text("new_wa_id")), system.text("user_id")
	case strings.HasSuffix(kind, "changed user id"):
		p.ToUser = system.text("user_id")
	}
	if p.From == "" && p.FromUser == "" || p.To == "" && p.ToUser == "" {
		return
	}
	d.events.People = append(d.events.People, p)
}

package wire

import (
	"encoding/json"
	"strings"
)

// history decodes the chats of the WhatsApp Business app that a business shared, of both sides, in chunks of up to
// thousands of messages; and the media of them, which come apart as messages[]. How far it is, and that nothing is
// shared, is an account event, which leaves the chats themselves out.
func (d *decoder) history(c change) {
	value := objectOf(c.value)
	if value == nil {
		d.other("history", c, c.value)
		return
	}
	d.chats(c)
	d.keep("history", c, withoutChats(value), metaSaid("history", c))
}

// chats decodes the messages of all chats.
func (d *decoder) chats(c change) {
	value := objectOf(c.value)
	number, people := objectOf(value["metadata"]), contactsOf(value["contacts"])
	for raw := range d.listed(value, "history") {
		for thread := range d.listed(objectOf(raw), "threads") {
			d.thread(c, number, people, objectOf(thread))
		}
	}
	for raw := range d.listed(value, "messages") {
		d.chatMessage(c, number, people, object{}, raw)
	}
}

func (d *decoder) thread(c change, number object, people contacts, thread object) {
	if thread == nil {
		d.unread("an entry of threads is not an object")
	}
	for raw := range d.listed(thread, "messages") {
		d.chatMessage(c, number, people, thread, raw)
	}
}

// chatMessage decodes one message of a chat with a customer, whom the thread names.
func (d *decoder) chatMessage(c change, number object, people contacts, thread object, raw json.RawMessage) {
	m, ok := d.read("history", c, number, raw)
	if !ok {
		return
	}
	m.History = true
	who := objectOf(thread["context"])
	customer := Message{From: or(who.text("wa_id"), numberOf(thread.text("id"))), FromUser: or(who.text("user_id"), userOf(thread.text("id"))), Username: who.text("username")}
	o := objectOf(raw)
	m.Out = sameNumber(m.From, m.PhoneNumber) || o.has("to") || o.has("to_user_id") ||
		customer.From != "" && m.From != "" && !sameNumber(m.From, customer.From)
	if m.Out {
		m.From, m.FromUser = or(o.text("to"), customer.From), or(o.text("to_user_id"), customer.FromUser)
		d.reached(m, objectOf(o["history_context"]).text("status"))
	} else {
		m.From, m.FromUser = or(m.From, customer.From), or(m.FromUser, customer.FromUser)
	}
	m.Username = customer.Username
	people.name(&m)
	d.events.Messages = append(d.events.Messages, m)
}

// reached is the status that a message of ours had when its chat was shared. It has no time but the message's own.
func (d *decoder) reached(m Message, state string) {
	switch state = strings.ToLower(state); state {
	case "", "pending":
		return
	case "error":
		state = "failed"
	}
	d.events.Statuses = append(d.events.Statuses, Status{
		MessageID: m.ID, Account: m.Account, PhoneID: m.PhoneID, Recipient: m.From, RecipientUser: m.FromUser, State: state, At: m.At, Raw: m.Raw,
	})
}

// numberOf and userOf are what an id of a chat is: a number, or a business-scoped id such as "US.1349…". A group's is
// neither.
func numberOf(id string) string {
	if strings.Trim(id, "+0123456789 ") == "" {
		return id
	}
	return ""
}

func userOf(id string) string {
	if country, rest, ok := strings.Cut(id, "."); ok && len(country) == 2 && rest != "" {
		return id
	}
	return ""
}

func sameNumber(a, b string) bool { return a != "" && digitsOf(a) == digitsOf(b) }

func digitsOf(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}

// withoutChats is the value of a change of history without its messages: they are kept as messages.
func withoutChats(value object) json.RawMessage {
	short := map[string]any{}
	for k, v := range value {
		if k != "messages" && k != "contacts" && k != "history" {
			short[k] = v
		}
	}
	var parts []any
	for raw := range elements(value["history"]) {
		part := map[string]any{}
		for k, v := range objectOf(raw) {
			if k != "threads" {
				part[k] = v
			}
		}
		parts = append(parts, part)
	}
	if parts != nil {
		short["history"] = parts
	}
	return encode(short)
}

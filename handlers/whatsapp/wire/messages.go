package wire

import (
	"encoding/json"
	"time"
)

// A Message is one entry of messages[], or of message_echoes[].
type Message struct {
	Out         bool   // the business wrote it, and From, FromUser, Name and Username are its recipient's
	History     bool   // of a chat that was shared later
	ID          string // wamid; never empty: "sha256:" and the hash of the entry when it has none
	Account     string // WABA id (entry.id)
	PhoneID     string // metadata.phone_number_id
	PhoneNumber string // metadata.display_phone_number
	From        string // wa_id; may be empty
	FromUser    string // business-scoped user id; may be empty
	Name        string // contact profile name
	Username    string
	Type        string
	At          time.Time       // zero when missing
	ContextID   string          // the message that this one answers, reacts to, edits or takes back
	Raw         json.RawMessage // the entry as it came
	Flow        *FlowReply      // of an nfm_reply
}

// A Status is one entry of statuses[]; MessageID and State are never empty (an entry without them is an Other).
type Status struct {
	MessageID, Account, PhoneID, Recipient, RecipientUser string
	Name, Username                                        string // of the recipient's profile
	State                                                 string // sent, delivered, read, played, failed, or as it came
	At                                                    time.Time
	Errors                                                []Fault
	Pricing, Conversation                                 json.RawMessage // objects, as they came; nil without
	Raw                                                   json.RawMessage
}

// A Fault is an error object of Meta's.
type Fault struct {
	Code           int
	Title, Details string
}

// messages decodes the value of a "messages" change; what is not where it belongs is kept as an Other.
func (d *decoder) messages(c change) {
	value := objectOf(c.value)
	number, people := objectOf(value["metadata"]), contactsOf(value["contacts"])
	d.listed(value, "contacts")
	before := d.events.count()
	for raw := range d.listed(value, "messages") {
		d.message(c, number, people, raw)
	}
	for raw := range d.listed(value, "statuses") {
		d.status(c, number, people, raw)
	}
	if d.listed(value, "errors"); isArray(value["errors"]) {
		d.other("messages.errors", c, value["errors"])
	}
	if d.events.count() == before {
		d.other("messages", c, c.value)
	}
}

func (e *Events) count() int { return len(e.Messages) + len(e.Statuses) + len(e.Others) }

func (d *decoder) message(c change, number object, people contacts, raw json.RawMessage) {
	m, ok := d.read("messages", c, number, raw)
	if !ok {
		return
	}
	people.name(&m)
	d.events.Messages = append(d.events.Messages, m)
	if m.Type == "system" {
		d.moved(objectOf(raw), m)
	}
}

// read decodes an entry of messages[] of a field; who is named beside it is not known yet.
func (d *decoder) read(field string, c change, number object, raw json.RawMessage) (m Message, ok bool) {
	o := objectOf(raw)
	part := c
	part.value = raw
	if o == nil {
		d.unread("an entry of messages is not an object")
		d.other(field, part, raw)
		return m, false
	}
	m = Message{
		ID: o.text("id"), Account: c.account, Type: o.text("type"), At: o.epoch("timestamp"), Raw: raw,
		PhoneID: number.text("phone_number_id"), PhoneNumber: number.text("display_phone_number"),
		From: o.text("from"), FromUser: o.text("from_user_id"),
		ContextID: about(o), Flow: flowReply(o),
	}
	if m.ID == "" {
		m.ID = "sha256:" + d.key("messages", part)
	}
	if m.Flow == nil {
		d.interactive(o)
	}
	return m, true
}

// about is the id of the message that a message is about.
func about(message object) string {
	for _, at := range [][2]string{{"context", "id"}, {"reaction", "message_id"}, {"edit", "original_message_id"}, {"revoke", "original_message_id"}} {
		if id := objectOf(message[at[0]]).text(at[1]); id != "" {
			return id
		}
	}
	return ""
}

// interactive notes an answer that may complete a flow and cannot be read as one.
func (d *decoder) interactive(message object) {
	interactive := objectOf(message["interactive"])
	switch {
	case interactive == nil && (message.has("interactive") || message.text("type") == "interactive"):
		d.unread("interactive of a message is not an object")
	case interactive.has("nfm_reply") && objectOf(interactive["nfm_reply"]) == nil:
		d.unread("nfm_reply of a message is not an object")
	}
}

func (d *decoder) status(c change, number object, people contacts, raw json.RawMessage) {
	o := objectOf(raw)
	s := Status{
		MessageID: o.text("id"), State: o.text("status"), At: o.epoch("timestamp"), Account: c.account, Raw: raw,
		PhoneID:   number.text("phone_number_id"),
		Recipient: o.text("recipient_id"), RecipientUser: o.text("recipient_user_id"),
	}
	if s.MessageID == "" || s.State == "" {
		d.unread("an entry of statuses has no id or no status")
		c.value = raw
		d.other("messages", c, raw)
		return
	}
	if o.text("recipient_type") == "group" {
		s.Recipient = "" // a group's id is nobody's number
	}
	for e := range elements(o["errors"]) {
		s.Errors = append(s.Errors, fault(objectOf(e)))
	}
	s.Pricing, s.Conversation = o.object("pricing"), o.object("conversation")
	people.nameOf(&s)
	d.events.Statuses = append(d.events.Statuses, s)
}

// fault reads both shapes: before v16.0 message and error_data are absent.
func fault(o object) Fault {
	return Fault{
		Code: o.integer("code"), Title: or(o.text("title"), o.text("message")),
		Details: or(objectOf(o["error_data"]).text("details"), o.text("details")),
	}
}

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

package wire

import (
	"encoding/json"
	"errors"
	"iter"
	"slices"
	"time"
)

// Source is the family of platform that a body came from.
type Source string

// The sources.
const (
	Meta      Source = "meta"
	Dialog360 Source = "360dialog"
)

// ErrNotJSON and ErrUnknownShape are the reasons why a body as a whole needs a person.
var (
	ErrNotJSON      = errors.New("the body is not JSON")
	ErrUnknownShape = errors.New("the body has a shape that is not known")
)

// Events are what one webhook body says, in its order. Every Raw is a part of the body itself, not a copy.
type Events struct {
	Messages []Message
	Statuses []Status
	Flows    []FlowEvent
	People   []Person
	Others   []Other // every other field, value-level errors, unknown fields
	// Unread says in plain sentences what a known part is not; each once, in the order in which they were met. What
	// it is about is kept where it fits: an Other, or the message that it belongs to.
	Unread []string
}

// An Other is one change of any other field, the value-level errors of "messages" (Field "messages.errors"), or a
// part of a body that is not what its place should hold (Field is then that place, "" for an entry without changes).
type Other struct {
	Key, Account, Field string
	Said
	At  time.Time
	Raw json.RawMessage
}

// ParseWebhook decodes a body by its shape, whatever route it came by: Meta's envelope, one change of it without the
// envelope, 360dialog's partner events, YCloud's, or the deprecated On-Premise one (contacts, messages, statuses at
// the root). It tolerates missing and unknown fields, and numbers as text or text as numbers (protocol.md §2).
// Bodies of another shape: ErrUnknownShape; no JSON: ErrNotJSON.
func ParseWebhook(body []byte, source Source) (Events, error) {
	if !json.Valid(body) {
		return Events{}, ErrNotJSON
	}
	d := decoder{source: source}
	root := objectOf(body)
	switch {
	case isArray(root["entry"]) && (root["object"] == nil || root.text("object") == metaObject):
		for e := range elements(root["entry"]) {
			d.entry(e)
		}
	case root["entry"] != nil:
		return Events{}, ErrUnknownShape
	case isArray(root["messages"]) || isArray(root["statuses"]):
		d.messages(change{value: body})
	case isFlattened(root):
		d.flattened(root, body)
	case isPartner(root):
		d.partner(root, body)
	case isYCloud(root):
		d.yCloud(root, body)
	default:
		return Events{}, ErrUnknownShape
	}
	return d.events, nil
}

const metaObject = "whatsapp_business_account"

// A decoder collects the events of one body.
type decoder struct {
	source Source
	events Events
}

// A change is one thing that happened, with what its entry says of it.
type change struct {
	account string
	time    string // the entry's time as written, for the key
	at      time.Time
	value   json.RawMessage
	keyed   json.RawMessage // what the key is made of when that is not value
}

func (d *decoder) entry(raw json.RawMessage) {
	entry := objectOf(raw)
	if entry == nil {
		d.unread("an entry is not an object")
	} else if !isArray(entry["changes"]) {
		d.unread("changes of an entry is not a list")
	}
	c := change{account: entry.text("id"), time: entry.text("time"), at: entry.epoch("time")}
	if !isArray(entry["changes"]) {
		c.value = raw
		d.other("", c, raw)
		return
	}
	for e := range elements(entry["changes"]) {
		fields := objectOf(e)
		c.value = fields["value"]
		if fields.text("field") == "" {
			d.unread("a change has no field")
		}
		d.change(fields.text("field"), c, e)
	}
}

// unread notes that a known part has a shape that is not known.
func (d *decoder) unread(what string) {
	if !slices.Contains(d.events.Unread, what) {
		d.events.Unread = append(d.events.Unread, what)
	}
}

// listed yields the elements of a known member that is a list, and notes one that is not.
func (d *decoder) listed(o object, key string) iter.Seq[json.RawMessage] {
	if o.has(key) && !isArray(o[key]) {
		d.unread(key + " is not a list")
	}
	return elements(o[key])
}

func (d *decoder) change(field string, c change, whole json.RawMessage) {
	known := field == "messages" || field == "flows"
	if known && objectOf(c.value) == nil {
		d.unread("the value of " + field + " is not an object")
	}
	if len(c.value) == 0 {
		c.value = whole
		d.other(field, c, whole)
		return
	}
	switch field {
	case "messages":
		d.messages(c)
	case "flows":
		d.flow(c)
	case "smb_message_echoes":
		d.echoes(c)
	case "history":
		d.history(c)
	case "smb_app_state_sync":
		d.stateSync(c)
		d.other(field, c, c.value)
	case "user_id_update":
		d.userIDs(c)
		d.other(field, c, c.value)
	default:
		d.other(field, c, c.value)
	}
}

// other keeps raw, a part of the change, under the change's key.
func (d *decoder) other(field string, c change, raw json.RawMessage) {
	d.keep(field, c, raw, metaSaid(field, c))
}

// keep adds an account event.
func (d *decoder) keep(field string, c change, raw json.RawMessage, said Said) {
	d.events.Others = append(d.events.Others, Other{
		Key: d.key(field, c), Account: c.account, Field: field, Said: said.bounded(), At: c.at, Raw: raw,
	})
}

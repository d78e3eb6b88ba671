package wire

import (
	"encoding/json"
	"errors"
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
	Others   []Other // every other field, value-level errors, unknown fields
}

// An Other is one change of any other field, the value-level errors of "messages" (Field "messages.errors"), or a
// part of a body that is not what its place should hold (Field is then that place, "" for an entry without changes).
type Other struct {
	Key, Account, Field string
	At                  time.Time
	Raw                 json.RawMessage
}

// ParseWebhook decodes a body by its shape, whatever route it came by: Meta's envelope, or the deprecated
// On-Premise one (contacts, messages, statuses at the root). It tolerates missing and unknown fields, and numbers
// as text or text as numbers (protocol.md §2). Bodies of another shape: ErrUnknownShape; no JSON: ErrNotJSON.
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
	case root["entry"] == nil && (isArray(root["messages"]) || isArray(root["statuses"])):
		d.messages(change{value: body})
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
}

func (d *decoder) entry(raw json.RawMessage) {
	entry := objectOf(raw)
	c := change{account: entry.text("id"), time: entry.text("time"), at: entry.epoch("time")}
	if !isArray(entry["changes"]) {
		c.value = raw
		d.other("", c, raw)
		return
	}
	for e := range elements(entry["changes"]) {
		fields := objectOf(e)
		c.value = fields["value"]
		d.change(fields.text("field"), c, e)
	}
}

func (d *decoder) change(field string, c change, whole json.RawMessage) {
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
	default:
		d.other(field, c, c.value)
	}
}

// other keeps raw, a part of the change, under the change's key.
func (d *decoder) other(field string, c change, raw json.RawMessage) {
	d.events.Others = append(d.events.Others, Other{
		Key: d.key(field, c), Account: c.account, Field: field, At: c.at, Raw: raw,
	})
}

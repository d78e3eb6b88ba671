package wire

import "encoding/json"

// contacts are the people that a value names, read once: a batch may hold a thousand of them and as many messages.
type contacts struct {
	byID, byUser map[string]object
	only         object // the one contact, when there is just one
}

func contactsOf(raw json.RawMessage) contacts {
	c := contacts{byID: map[string]object{}, byUser: map[string]object{}}
	n := 0
	for e := range elements(raw) {
		o := objectOf(e)
		c.byID[o.text("wa_id")], c.byUser[o.text("user_id")] = o, o
		if n++; n == 1 {
			c.only = o
		} else {
			c.only = nil
		}
	}
	delete(c.byID, "")
	delete(c.byUser, "")
	return c
}

// name completes the sender from the contact that has one of its ids. A message that names no sender is of the only
// contact beside it.
func (c contacts) name(m *Message) {
	who := c.byID[m.From]
	if who == nil {
		who = c.byUser[m.FromUser]
	}
	if who == nil && m.From == "" && m.FromUser == "" {
		who = c.only
	}
	if who == nil {
		return
	}
	profile := objectOf(who["profile"])
	m.Name, m.Username = profile.text("name"), profile.text("username")
	m.From, m.FromUser = or(m.From, who.text("wa_id")), or(m.FromUser, who.text("user_id"))
}

// nameOf completes the recipient of a status from the contact that has one of its ids.
func (c contacts) nameOf(s *Status) {
	who := c.byID[s.Recipient]
	if who == nil {
		who = c.byUser[s.RecipientUser]
	}
	profile := objectOf(who["profile"])
	s.Name, s.Username = profile.text("name"), profile.text("username")
	s.Recipient, s.RecipientUser = or(s.Recipient, who.text("wa_id")), or(s.RecipientUser, who.text("user_id"))
}

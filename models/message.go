package models

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
)

// message writes one message; open is why it needs a person.
func (x *inboxTx) message(m InMessage, s stored) (open string, err error) {
	if m.At.IsZero() {
		m.At = s.received
	}
	m.WAMID = cmp.Or(m.WAMID, hashOf(s.source, m.Body))
	x.noteEcho(m)
	contact, err := x.contact(m.Contact, m.At)
	if err != nil {
		return "", err
	}
	if x.batch != nil {
		x.batch.messages.add(m, contact, s)
	} else {
		_, err = x.exec(sqlMessage, m.WAMID, m.direction(), s.id, m.Account, m.PhoneID, m.PhoneNumber, contact, cmp.Or(m.Type, "unknown"),
			m.ContextID, m.At, s.received, m.History, string(m.Body))
	}
	if err != nil || m.Flow == nil {
		return "", err
	}
	return x.response(m, contact, s)
}

func (m *InMessage) direction() string {
	if m.Out {
		return "out"
	}
	return "in"
}

// hashOf names what came without a name of its own.
func hashOf(source string, body []byte) string {
	sum := sha256.Sum256(append([]byte(source+"\n"), body...))
	return "sha256:" + hex.EncodeToString(sum[:])
}

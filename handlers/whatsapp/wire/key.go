package wire

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
)

// key names an event by what it says, so that the same event in another body, or with its keys in another order, is
// the same (design/decisions.md 32).
func (d *decoder) key(field string, c change) string {
	h := sha256.New()
	// As JSON, because texts put side by side could be cut elsewhere: "1"+"23" and "12"+"3".
	h.Write(encode([]string{string(d.source), c.account, field, c.time}))
	if c.keyed != nil {
		h.Write(canonical(c.keyed))
	} else {
		h.Write(canonical(c.value))
	}
	return hex.EncodeToString(h.Sum(nil))
}

// canonical writes JSON with sorted keys, one spelling of text, and numbers as they came.
func canonical(raw json.RawMessage) []byte {
	var v any
	if decodeNumbers(raw, &v) != nil {
		return raw
	}
	if b := encode(v); b != nil {
		return b
	}
	return raw
}

package rules

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"switchyard/models/flowjson"
)

// How well a value serves as an example.
const (
	unsendable = iota // no form sends it
	nothing           // the customer leaves the field empty
	telling
)

// example tells how well a value of a field serves as an example of what a customer sends.
func example(v any, key *flowjson.SentKey) int {
	switch v := v.(type) {
	case nil:
		return emptyExample(key)
	case []any:
		if len(v) == 0 {
			return emptyExample(key)
		}
	case string:
		if v != strings.TrimSpace(v) || !writes(key, v) {
			return unsendable
		}
	}
	return telling
}

func emptyExample(key *flowjson.SentKey) int {
	if key.Field != nil && key.Field.Required {
		return unsendable
	}
	return nothing
}

// writes tells whether an input of that kind lets a customer send the text.
func writes(key *flowjson.SentKey, s string) bool {
	switch key.Kind {
	case flowjson.Number:
		_, ok := textNumber(s)
		return ok && len(s) <= maxPlainNumber
	case flowjson.Date:
		d, ok := toDate(s, time.UTC, false)
		return ok && d.whole
	case flowjson.Email:
		return looksLikeEmail(s)
	case flowjson.Phone:
		return looksLikePhone(s)
	case flowjson.YesNo:
		return false
	}
	if key.Field != nil || len(key.Constants) == 0 {
		return true
	}
	return slices.ContainsFunc(key.Constants, func(raw json.RawMessage) bool {
		var c string
		return json.Unmarshal(raw, &c) == nil && c == s
	})
}

// maxPlainNumber is how long a number may be that people read as one, and not as a moment.
const maxPlainNumber = 8

// witness is a reasoner whose every case has an example: where an atom of a known field is free, likely values of the
// field are asked instead, and what has no example does not count. What it reaches can happen; what it does not reach
// may happen all the same.
func (w *world) witness(r *reasoner) *reasoner {
	real := &reasoner{atoms: slices.Clone(r.atoms), home: slices.Clone(r.home), fields: slices.Clone(r.fields), left: maxNoteTries, real: true}
	for name, atoms := range w.fields() {
		if name == "" || !slices.ContainsFunc(atoms, func(a int) bool { return r.fields[r.home[a]].says == nil }) {
			continue
		}
		if values, _ := w.values(name, atoms); values != nil {
			real.add(w.told(name, atoms, values))
		}
	}
	real.chosen = make([]int, len(real.fields))
	return real
}

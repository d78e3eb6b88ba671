package rules

import (
	"encoding/json"

	"switchyard/models/flowjson"
)

// navigated is what the phone itself gave a key of a screen that it went to without asking us (navigate), as far as that is
// known: a constant, or what we sent for the screen before; else nil. Of several ways to the screen nobody knows which it was.
func (r *run) navigated(to *screen, name string) any {
	from, keys := r.wayTo(to.id)
	for _, k := range keys {
		switch {
		case k.Name != name:
		case k.Constant != nil:
			var v any
			_ = json.Unmarshal(k.Constant, &v) // it was read from JSON
			return v
		case k.DataKey != "" && k.Screen == "":
			v, _ := dig(r.visit.Sent[from], k.DataKey)
			return v
		case k.DataKey != "":
			v, _ := dig(r.visit.Sent[k.Screen], k.DataKey)
			return v
		}
	}
	return nil
}

// wayTo is the one screen that navigates to a screen, with what it hands over; "" when there is none, or another way.
func (r *run) wayTo(id string) (from string, keys []flowjson.PayloadKey) {
	if r.set.flow == nil || r.visit.Sent[id] != nil {
		return "", nil
	}
	for _, s := range r.set.flow.Screens {
		for _, p := range s.Payloads {
			switch {
			case p.Next != id:
			case from != "":
				return "", nil
			default:
				from, keys = s.ID, p.Keys
			}
		}
	}
	return from, keys
}

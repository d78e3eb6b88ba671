package rules

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"switchyard/models/flowjson"
)

// complete makes the data of a screen: for each declared key what the outcome gives, else what we last sent
// for it in this run, else what the phone got by navigating there, else an empty of its type; before that callers give what
// the opening would (opened). Errors are never inherited. Staying on a screen without a
// visit sends only what is given: an invented empty list would empty a drop-down.
func (r *run) complete(to *screen, own map[string]value, errors []fieldError, message string) (data map[string]any, said string) {
	if to.flow == nil {
		data = r.undeclared(to, own)
	} else {
		data = r.declared(to, own)
	}
	for _, fe := range errors {
		msg := textOf(fe.text, r)
		switch {
		case msg == "":
		case fe.key == "":
			message = strings.TrimSpace(message + " " + msg)
		case fe.object:
			r.setInObject(data, to, fe, msg)
		default:
			data[fe.key] = conformed(msg, to.flow.Key(fe.key))
		}
	}
	if message == "" {
		if v := own[errorMessage]; v != nil {
			message = toText(v.render(r))
		}
	}
	r.say(data, to, message)
	return data, message
}

// say puts the snackbar's text where it belongs.
func (r *run) say(data map[string]any, to *screen, message string) {
	delete(data, errorMessage)
	var declared *flowjson.DataKey
	if to.flow != nil {
		declared = to.flow.Key(errorMessage)
	}
	switch {
	case declared != nil:
		data[errorMessage] = conformed(message, declared)
	case message != "":
		data[errorMessage] = message
	}
}

func conformed(v any, key *flowjson.DataKey) any {
	out, _ := conform(v, schemaOf(key))
	return out
}

// setInObject sets one field's error in a key that holds the errors of several.
func (r *run) setInObject(data map[string]any, to *screen, fe fieldError, msg string) {
	key := to.flow.Key(fe.key)
	m, _ := data[fe.key].(map[string]any)
	m = maps.Clone(m)
	if m == nil {
		m, _ = empty(schemaOf(key)).(map[string]any)
	}
	m[fe.field] = msg
	data[fe.key] = conformed(m, key)
}

// partly tells whether a screen gets only what is given: it stays, and what it holds nobody remembers but the phone.
func (r *run) partly(to *screen) bool {
	return !r.visit.Known && to.id == r.in.Screen && r.in.Action != Init
}

func (r *run) declared(to *screen, own map[string]value) map[string]any {
	data := make(map[string]any, len(to.flow.Data)+1)
	partly := r.partly(to)
	sent := r.visit.Sent[to.id]
	for i := range to.flow.Data {
		key := &to.flow.Data[i]
		v, has := own[key.Name]
		inherited := sent[key.Name]
		switch {
		case key.Name == errorMessage:
		case has:
			data[key.Name] = r.cast(v, to, key)
		case partly:
		case to.errorKeys[key.Name]:
			data[key.Name] = empty(schemaOf(key))
		case inherited != nil:
			data[key.Name] = r.inherit(inherited, to, key)
		case r.visit.Known && r.navigated(to, key.Name) != nil:
			data[key.Name] = r.inherit(r.navigated(to, key.Name), to, key)
		default:
			data[key.Name] = r.fill(to, key, "is not given")
		}
	}
	return data
}

// cast renders a value and casts it to its declared type.
func (r *run) cast(v value, to *screen, key *flowjson.DataKey) any {
	if c, ok := v.(constant); ok {
		if c.v == nil {
			return empty(schemaOf(key))
		}
		return c.v // cast when it was compiled
	}
	got := v.render(r)
	if got == nil && key.Type == "string" {
		return ""
	}
	out, ok := conform(got, schemaOf(key))
	if !ok {
		r.fault(fmt.Sprintf("“%s” of %s is not of its type %s; what does not fit is sent empty. Correct the value in the outcome that leads there.", key.Name, to.id, key.Type))
	}
	return out
}

func (r *run) inherit(v any, to *screen, key *flowjson.DataKey) any {
	out, ok := conform(tidy(v), schemaOf(key))
	if !ok {
		return r.fill(to, key, "was sent with another type")
	}
	return out
}

func (r *run) fill(to *screen, key *flowjson.DataKey, why string) any {
	r.fault(fmt.Sprintf("“%s” of %s %s; it is sent empty. Give it a value in the outcome that leads there.", key.Name, to.id, why))
	return empty(schemaOf(key))
}

// undeclared is the data of a screen of which no declaration is known: what was sent, then what is given.
func (r *run) undeclared(to *screen, own map[string]value) map[string]any {
	data := map[string]any{}
	if m, ok := tidy(r.visit.Sent[to.id]).(map[string]any); ok {
		maps.Copy(data, m)
	}
	for _, name := range slices.Sorted(maps.Keys(own)) {
		if v := own[name].render(r); v != nil {
			data[name] = v
		}
	}
	return data
}

// Unruled decides for a flow of which nothing is published: the screen named, else the fallback screen,
// else the entry screen, with typed empties and the fallback text, fault recorded. ok is false without a flow.
func Unruled(flow *flowjson.Flow, in Request, fb Fallback) (d Decision, ok bool) {
	if flow == nil {
		return Decision{}, false
	}
	var to *flowjson.Screen
	for _, id := range []string{in.Screen, fb.Screen, entryOf(flow)} {
		if to = flow.Screen(id); to != nil {
			break
		}
	}
	if to == nil {
		return Decision{}, false
	}
	d = Decision{Kind: Falls, Screen: to.ID, Data: map[string]any{}, Message: fb.Message, Rule: "Fallback",
		Faults: []string{unruledBecause(flow)}}
	for i := range to.Data {
		d.Data[to.Data[i].Name] = empty(schemaOf(&to.Data[i]))
	}
	if fb.Message != "" {
		d.Data[errorMessage] = fb.Message
		if key := to.Key(errorMessage); key != nil {
			d.Data[errorMessage] = conformed(fb.Message, key)
		}
	}
	return d, true
}

// unruledBecause says what to do about a flow without published rules that is asked all the same.
func unruledBecause(flow *flowjson.Flow) string {
	if flow.HasEndpoint() {
		return "No rules are published for this flow. Publish some, so that customers get more than the fallback."
	}
	return "The Flow JSON that is kept here has no endpoint, so WhatsApp should never ask. Import the one that is live at Meta, or take the endpoint away there."
}

// entryOf is the first entry screen, else the first of all.
func entryOf(flow *flowjson.Flow) string {
	if entries := flow.Entries(); len(entries) > 0 {
		return entries[0].ID
	}
	if len(flow.Screens) > 0 {
		return flow.Screens[0].ID
	}
	return ""
}

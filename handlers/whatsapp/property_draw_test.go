package whatsapp

import (
	"encoding/json"
	"fmt"

	"pgregory.net/rapid"
)

type fields = map[string]any

// draws makes Flow JSONs and rule documents: mostly sensible, often not.
type draws struct {
	*rapid.T
	screens []string
	keys    map[string]map[string]any // by screen: the declared data
	routes  map[string][]string
}

func (d *draws) n(most int) int { return rapid.IntRange(0, most).Draw(d.T, "n") }

func (d *draws) one(of ...string) string { return rapid.SampledFrom(of).Draw(d.T, "one") }

// flowJSON is a flow of two to five screens that lead forward only, as WhatsApp wants it.
func (d *draws) flowJSON() []byte {
	d.keys, d.routes = map[string]map[string]any{}, map[string][]string{}
	for i := range 2 + d.n(3) {
		d.screens = append(d.screens, fmt.Sprintf("SCREEN_%c", 'A'+i))
	}
	var screens []any
	for i, id := range d.screens {
		d.routes[id] = []string{}
		for _, to := range d.screens[i+1:] {
			if d.n(2) > 0 {
				d.routes[id] = append(d.routes[id], to)
			}
		}
		d.keys[id] = d.declared()
		payload := fields{"age": "${form.age}", "email": "${form.email}"}
		if d.n(9) == 0 {
			payload["error"] = "${form.email}"
		}
		footer := fields{"type": "Footer", "label": "Go on", "on-click-action": fields{"name": "data_exchange", "payload": payload}}
		form := []any{fields{"type": "TextInput", "name": "age", "label": "Age", "input-type": "number"},
			fields{"type": "TextInput", "name": "email", "label": "E-mail"}, footer}
		screen := fields{"id": id, "title": id, "data": d.keys[id], "refresh_on_back": true, "layout": fields{"type": "SingleColumnLayout", "children": form}}
		if len(d.routes[id]) == 0 {
			screen["terminal"], screen["success"] = true, true
		}
		screens = append(screens, screen)
	}
	return d.json(fields{"version": "7.3", "data_api_version": "3.0", "routing_model": d.routes, "screens": screens})
}

// declared is some data keys with their types, all the way down.
func (d *draws) declared() map[string]any {
	option := fields{"type": "object", "properties": fields{"id": fields{"type": "string"}, "title": fields{"type": "string"}, "price": fields{"type": "number"}}}
	types := []fields{
		{"type": "string", "__example__": "a"}, {"type": "number", "__example__": 1}, {"type": "boolean", "__example__": true},
		{"type": "array", "items": option, "__example__": []any{}}, {"type": "array", "items": fields{"type": "string"}, "__example__": []any{"a"}},
		{"type": "object", "properties": fields{"from": fields{"type": "string"}, "option": option}, "__example__": fields{}},
	}
	keys := map[string]any{}
	for i := range d.n(4) {
		keys[fmt.Sprintf("key%d", i)] = types[d.n(len(types)-1)]
	}
	if d.n(5) == 0 {
		keys["error_message"] = types[0]
	}
	return keys
}

// document is rules for the flow, as an operator or a program might write them.
func (d *draws) document() []byte {
	screens := fields{}
	for _, id := range d.screens {
		if d.n(9) > 0 {
			screens[id] = d.part(id)
		}
	}
	if d.n(9) == 0 {
		screens["GONE"] = d.part("GONE")
	}
	return d.json(fields{"switchyard": 1, "opening": d.part(""), "screens": screens})
}

func (d *draws) part(id string) fields {
	rules := []any{}
	for range d.n(3) {
		rules = append(rules, fields{"name": "A rule", "off": d.n(5) == 0, "when": d.condition(2), "then": d.outcome(id, false)})
	}
	part := fields{"rules": rules, "otherwise": d.outcome(id, false)}
	if id != "" && d.n(2) == 0 {
		part["back"] = d.outcome(id, true)
	}
	return part
}

func (d *draws) condition(depth int) fields {
	switch n := d.n(9); {
	case n < 3 && depth > 0:
		return fields{d.one("all", "any"): []any{d.condition(depth - 1), d.condition(depth - 1)}}
	case n == 4:
		return fields{"all": []any{}}
	case n == 3 && depth > 0:
		return fields{"not": d.condition(depth - 1)}
	case n < 6:
		return fields{"formula": d.one(`data.age > 18`, `1 / 0 == 1`, `answers.SCREEN_A.age == data.age`, `lookup('gone', data.age, 'x') == 1`, `data.age.b.c`, `any(list('gone'), # == 1)`, `data.`)}
	}
	return fields{"field": d.one("age", "email", "answers.SCREEN_A.email", "today", "visit.steps", "gone"),
		"op": d.one("equals", "lt", "is_not_empty", "is_not_empty", "is_email", "starts_with", "one_of", "odd"), "value": d.anything()}
}

// outcome may lead anywhere, also where it must not.
func (d *draws) outcome(from string, back bool) fields {
	switch n := d.n(9); {
	case n == 0 && d.n(1) == 0:
		return fields{"expire": fields{"message": d.one("", "Over.", "{{ data.age }}")}}
	case n < 2:
		return fields{"finish": fields{"params": fields{"a": d.anything(), "flow_token": "stolen", "b": "{{ data.email }}"}}}
	case n < 5 && from != "":
		return fields{"stay": fields{"error": d.one("", "No.", "{{ data.email }}?"), "errors": fields{d.one("age", "gone"): "Bad."}, "data": d.data(from)}}
	}
	targets := d.routes[from]
	if len(targets) == 0 || d.n(9) == 0 {
		targets = append([]string{"GONE"}, d.screens...)
	}
	if from == "" || back {
		targets = d.screens
	}
	to := d.one(targets...)
	return fields{"go": to, "data": d.data(to)}
}

// data is some of a screen's keys, and sometimes a stranger.
func (d *draws) data(screen string) fields {
	data := fields{}
	for key := range d.keys[screen] {
		switch d.n(3) {
		case 0:
			data[key] = d.anything()
		case 1:
			data[key] = d.one("{{ data.age }}", "{{ data }}", "{{ today }}", "{{ nil }}", "{{ [1, nil] }}", "{{ list('gone') }}", "{{ 1 / 0 }}", "{{ {'id': data.age} }}", "{{ answers.SCREEN_A }}", "x {{ data.email }}")
		}
	}
	if d.n(3) == 0 {
		data[d.one("stranger", "error_message")] = d.anything()
	}
	return data
}

// anything is a value of JSON.
func (d *draws) anything() any {
	switch d.n(9) {
	case 0:
		return nil
	case 1:
		return d.n(1) == 0
	case 2:
		return json.Number(d.one("0", "17", "18.50", "1e400", "123456789012345678901234567890", "-0"))
	case 3:
		return []any{d.anything(), "a"}
	case 4:
		return fields{"id": d.anything(), "title": "A", "more": d.anything()}
	}
	return d.one("", " ", "18", "ada@example.org", "2026-12-01", "true", "{{", "\x00", "•••", "<b>", "ä", "٣")
}

func (d *draws) json(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		d.Fatal(err)
	}
	return b
}

package models

import (
	"encoding/json"
	"strings"
)

const (
	// maxNaming bounds how deep in a message the names of a flow are looked for.
	maxNaming = 12
	// weak is which responses may find a better reason in the message that they answer. It is the condition of an index.
	weak = `attribution IN ('', 'param', 'mapping')`

	sqlOutBody = `SELECT body FROM messages WHERE wamid = ? AND direction = 'out' AND type <> ''`
	// sqlAnswering finds the responses to a message.
	sqlAnswering = `SELECT id FROM responses WHERE context_id = ? AND context_id <> '' AND length(context_id) <= 500 AND ` + weak + ` AND state <> 'unreadable' ORDER BY id`
)

// A naming is how a flow message says which flow it opens.
type naming struct{ flowID, flowName, token string }

// namingOf reads a message that opens a flow: an interactive one of type flow, or a template with a flow button. ok is
// false for any other. What a platform echoes is what was sent to it, or its own form of that, so names are looked for
// wherever they stand in it.
func namingOf(body []byte) (n naming, ok bool) {
	var m struct {
		Interactive struct {
			Type   string `json:"type"`
			Action any    `json:"action"`
		} `json:"interactive"`
		Template any `json:"template"`
	}
	if json.Unmarshal(body, &m) != nil {
		return n, false
	}
	if m.Interactive.Type == "flow" {
		n.look(m.Interactive.Action, 0)
	}
	n.look(m.Template, 0)
	return n, n != naming{}
}

func (n *naming) look(v any, depth int) {
	if depth > maxNaming {
		return
	}
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			n.look(item, depth+1)
		}
	case map[string]any:
		for key, into := range map[string]*string{"flow_id": &n.flowID, "flow_name": &n.flowName, "flow_token": &n.token} {
			if text, ok := v[key].(string); ok && *into == "" {
				*into = strings.TrimSpace(text)
			}
		}
		for _, key := range []string{"action", "parameters", "components", "buttons"} {
			n.look(v[key], depth+1)
		}
	}
}

// flowOfMessage is the flow that a message of ours opens: by Meta's id, by the token of a visit or of ours, or by our name of
// the flow. 0: none is known.
func (x *inboxTx) flowOfMessage(wamid string) (id int64, err error) {
	if wamid == "" {
		return 0, nil
	}
	var body string
	found, err := x.find(sqlOutBody, []any{bounded(wamid)}, &body)
	if err != nil || !found {
		return 0, err
	}
	n, ok := namingOf([]byte(body))
	if !ok {
		return 0, nil
	}
	names, err := x.names()
	if err != nil {
		return 0, err
	}
	if id := names.metas[n.flowID]; id != 0 {
		return id, nil
	}
	if usable(n.token) {
		var visit int64
		var test bool
		if found, err := x.find(sqlVisitOf, []any{bounded(n.token)}, &visit, &id, &test); err != nil || found {
			return id, err
		}
	}
	if id, ok := names.ofToken(strings.TrimPrefix(n.token, testPrefix)); ok {
		return id, nil
	}
	return names.titles[n.flowName], nil
}

// noteEcho remembers an echo that names a flow, for echoed.
func (x *inboxTx) noteEcho(m InMessage) {
	if !m.Out {
		return
	}
	if _, ok := namingOf(m.Body); ok {
		x.echoes = append(x.echoes, m.WAMID)
	}
}

// echoed attributes the responses that came before the echo of the message that they answer. It runs when the echoes and
// the ends of the deliveries are written.
func (x *inboxTx) echoed() error {
	for _, wamid := range x.echoes {
		rows, err := x.rows(sqlAnswering, wamid)
		ids, err := collect(rows, err, func(id *int64, s scanner) error { return s.Scan(id) })
		if err != nil {
			return err
		}
		if _, err := x.attributeAgain(ids); err != nil {
			return err
		}
	}
	x.echoes = nil
	return nil
}

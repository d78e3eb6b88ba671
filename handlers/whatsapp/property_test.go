package whatsapp

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"switchyard/handlers/whatsapp/wire"
	"switchyard/models"
	"switchyard/models/flowjson"
	"switchyard/models/rules"
)

// TestWhateverTheRulesTheAnswerIsOneThatWhatsAppTakes: the answer names a screen of the flow that the routing model allows
// (or the same screen) and carries exactly its declared keys with their types, whatever is published, asked and gone.
func TestWhateverTheRulesTheAnswerIsOneThatWhatsAppTakes(t *testing.T) {
	checks := "500"
	if verifying() {
		checks = "20000"
	}
	if err := flag.Set("rapid.checks", checks); err != nil {
		t.Fatal(err)
	}
	kinds := map[string]int{}
	rapid.Check(t, func(rt *rapid.T) {
		d := &draws{T: rt}
		e, f, _ := bench(t, nil)
		f.json, _ = flowjson.Parse(d.flowJSON())
		if f.json == nil {
			rt.Fatal("the Flow JSON cannot be read")
		}
		f.secrets = secretsOf(f.json)
		f.FallbackMessage, f.FallbackScreen = d.one("", "Sorry."), d.one(append([]string{"", "GONE"}, d.screens...)...)
		if d.n(9) > 0 {
			if set, _ := compileSet(d.document(), f.json, listSet{}); set != nil {
				f.ruling = ruling{version: 1, set: set}
			}
		}
		f.next = f.decider()
		shared := d.n(4) == 0
		e.Visits = func(context.Context, int64, string) (models.Visit, error) {
			if shared {
				return models.Visit{}, errors.New("the database is away")
			}
			return models.Visit{}, models.ErrNotFound
		}
		version, shown := d.one("3.0", "4.0", ""), ""
		for range 1 + d.n(8) {
			in := d.request(version, shown)
			r := e.answer(t.Context(), question{flow: f, in: in})
			kinds[r.result]++
			if why := refused(f.json, in, r, shared || !in.HasToken()); why != "" {
				rt.Fatalf("%s\n%+v\n%d %s", why, in, r.status, r.body)
			}
			shown = shownBy(r.body, shown)
		}
	})
	for _, kind := range []rules.Kind{rules.Goes, rules.Stays, rules.Finishes, rules.Expires, rules.Falls} {
		if kinds[string(kind)] < 20 {
			t.Errorf("%d answers of the kind %s among %v: the property was hardly tried", kinds[string(kind)], kind, kinds)
		}
	}
}

// request comes from the screen shown last, mostly.
func (d *draws) request(version, shown string) wire.Request {
	screens := append([]string{"", "GONE", "SUCCESS"}, d.screens...)
	if shown != "" && d.n(4) > 0 {
		screens = []string{shown}
	}
	in := wire.Request{Version: version, Action: d.one("INIT", "data_exchange", "data_exchange", "data_exchange", "data_exchange", "BACK", "odd", ""),
		Screen: d.one(screens...), Data: map[string]any{}, Token: d.one("t.1", "t.1", "t.1", "t.2", "unused", "")}
	for _, key := range []string{"age", "email", "error", "gone"} {
		if d.n(1) == 0 {
			in.Data[key] = d.anything()
		}
	}
	if d.n(19) == 0 {
		in.Unread = "data is not a JSON object"
	}
	return in
}

func shownBy(answer []byte, before string) string {
	var a struct{ Screen string }
	if json.Unmarshal(answer, &a) == nil && a.Screen != "" {
		return a.Screen
	}
	return before
}

// refused tells why WhatsApp would refuse an answer. Of a screen that nobody remembers, the same may come with some of
// its keys only: the phone has the others.
func refused(f *flowjson.Flow, in wire.Request, r reply, forgotten bool) string {
	var answer struct {
		Version, Screen string
		Data            map[string]any
		ErrorMsg        *string `json:"error_msg"`
	}
	dec := json.NewDecoder(bytes.NewReader(r.body))
	dec.UseNumber()
	if err := dec.Decode(&answer); err != nil {
		return "it is no JSON: " + err.Error()
	}
	switch {
	case r.status == statusTokenSpent:
		return ""
	case r.status != 200 || answer.Version != in.Version:
		return "it is not 200 with the version echoed"
	case r.result == "notice" && answer.Data["acknowledged"] == true:
		return ""
	case answer.Screen == "SUCCESS":
		return unfinished(answer.Data, in.Token)
	}
	s := f.Screen(answer.Screen)
	switch {
	case s == nil && answer.Screen == in.Screen: // of an earlier Flow JSON, which the phone still has
		return nullIn(answer.Data)
	case s == nil:
		return "the flow has no screen " + answer.Screen
	}
	if !allowed(f, in, s.ID) {
		return "the routing model does not lead there"
	}
	stays := s.ID == in.Screen && in.Action != "INIT" || in.Action == "BACK" && in.Screen == "" // which is left is known all the same
	return misfit(s, answer.Data, forgotten && stays)
}

func unfinished(data map[string]any, token string) string {
	ended, _ := data["extension_message_response"].(map[string]any)
	params, _ := ended["params"].(map[string]any)
	if params["flow_token"] != token {
		return "the flow ends without its token"
	}
	return nullIn(params)
}

// allowed follows protocol.md §3.4; from a screen that the flow does not have nobody knows the way.
func allowed(f *flowjson.Flow, in wire.Request, to string) bool {
	switch {
	case in.Action == "INIT", to == in.Screen, f.Screen(in.Screen) == nil:
		return true
	case in.Action == "data_exchange" && in.Unread == "":
		return f.Leads(in.Screen, to)
	case in.Action == "BACK" && in.Unread == "":
		return f.Leads(to, in.Screen)
	}
	return false
}

func misfit(s *flowjson.Screen, data map[string]any, partly bool) string {
	for _, k := range s.Data {
		v, has := data[k.Name]
		if !has && !partly {
			return "the declared key " + k.Name + " is missing"
		}
		if has && !typed(v, &flowjson.Schema{Type: k.Type, Items: k.Items, Props: k.Props}) {
			return fmt.Sprintf("%s is %v, which is no %s", k.Name, v, k.Type)
		}
	}
	for key, v := range data {
		_, text := v.(string)
		if s.Key(key) == nil && (key != "error_message" || !text) {
			return "the key " + key + " is not declared"
		}
	}
	return nullIn(data)
}

func typed(v any, s *flowjson.Schema) bool {
	ok := true
	switch s.Type {
	case "string":
		_, ok = v.(string)
	case "number":
		_, ok = v.(json.Number)
	case "boolean":
		_, ok = v.(bool)
	case "array":
		var list []any
		list, ok = v.([]any)
		for _, e := range list {
			ok = ok && (s.Items == nil || typed(e, s.Items))
		}
	case "object":
		var o map[string]any
		o, ok = v.(map[string]any)
		for name, p := range s.Props {
			e, has := o[name]
			ok = ok && has && typed(e, p)
		}
		ok = ok && len(o) == len(s.Props)
	}
	return ok
}

func nullIn(v any) string {
	switch v := v.(type) {
	case nil:
		return "it holds null"
	case map[string]any:
		for k, e := range v {
			if why := nullIn(e); why != "" {
				return why + " in " + k
			}
		}
	case []any:
		for _, e := range v {
			if why := nullIn(e); why != "" {
				return why
			}
		}
	}
	return ""
}

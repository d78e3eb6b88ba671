package whatsapp

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"switchyard/models/flowjson"
)

func parsed(t testing.TB, raw []byte) *flowjson.Flow {
	t.Helper()
	f, problems := flowjson.Parse(raw)
	if f == nil {
		t.Fatalf("flowjson.Parse = %v", problems)
	}
	return f
}

// secretFlow carries a passcode on by all ways that a Flow JSON has.
const secretFlow = `{"version":"7.3","data_api_version":"3.0","routing_model":{"A":["B"],"B":["C"],"C":[]},"screens":[
 {"id":"A","title":"A","layout":{"type":"SingleColumnLayout","children":[
  {"type":"TextInput","name":"code","label":"Code","input-type":"passcode"},
  {"type":"TextInput","name":"user","label":"User"},
  {"type":"EmbeddedLink","text":"Ask","on-click-action":{"name":"data_exchange","payload":{"renamed":"${form.code}","user":"${form.user}","mixed":"` + "`'x' ${form.code}`" + `"}}},
  {"type":"Footer","label":"Next","on-click-action":{"name":"navigate","next":{"type":"screen","name":"B"},"payload":{"carried":"${form.code}","user":"${form.user}"}}}]}},
 {"id":"B","title":"B","data":{"carried":{"type":"string","__example__":"x"},"user":{"type":"string","__example__":"x"},"note":{"type":"string","__example__":"x"}},
  "layout":{"type":"SingleColumnLayout","children":[
  {"type":"EmbeddedLink","text":"Ask","on-click-action":{"name":"data_exchange","payload":{"sent":"${data.carried}","global":"${screen.A.form.code}","user":"${data.user}","memo":"${data.note}"}}},
  {"type":"Footer","label":"Next","on-click-action":{"name":"navigate","next":{"type":"screen","name":"C"},"payload":{"again":"${data.carried}"}}}]}},
 {"id":"C","title":"C","terminal":true,"data":{"again":{"type":"string","__example__":"x"}},"layout":{"type":"SingleColumnLayout","children":[
  {"type":"Footer","label":"Send","on-click-action":{"name":"data_exchange","payload":{"last":"${data.again}","plain":"yes"}}}]}}]}`

func TestSecretsAreFollowedThroughTheFlow(t *testing.T) {
	s := secretsOf(parsed(t, []byte(secretFlow)))
	for _, c := range []struct{ screen, secret, open string }{
		{"A", "code renamed mixed", "user"},
		{"B", "sent global code", "user memo"},
		{"C", "last", "plain"},
		{"UNKNOWN", "code", "user"},
		{"", "code", "user"},
	} {
		for _, key := range strings.Fields(c.secret) {
			if !s.holds(c.screen, key, nil) {
				t.Errorf("holds(%q, %q) = false; want true", c.screen, key)
			}
		}
		for _, key := range strings.Fields(c.open) {
			if s.holds(c.screen, key, nil) {
				t.Errorf("holds(%q, %q) = true; want false", c.screen, key)
			}
		}
	}
	if !s.holds("B", "memo", map[string]any{"note": "your code is " + hidden}) {
		t.Error("a value that was hidden in what we sent comes back as memo and is not hidden")
	}
}

func TestHideReplacesSecretsWhereverTheyStand(t *testing.T) {
	s := secretsOf(parsed(t, fixture(t, "flows", "claim.json")))
	data := map[string]any{"policy_no": "AB-123456", "pin": "98765", "copy": "my pin is 98765!", "list": []any{"98765", true, nil},
		"deep": map[string]any{"n": json.Number("98765")}}
	stored, m := s.hide("POLICY", data, nil)
	want := map[string]any{"policy_no": "AB-123456", "pin": hidden, "copy": "my pin is " + hidden + "!", "list": []any{hidden, true, nil},
		"deep": map[string]any{"n": hidden}}
	if !reflect.DeepEqual(stored, want) {
		t.Errorf("hide = %v; want %v", stored, want)
	}
	if data["pin"] != "98765" {
		t.Error("hide changed the data that the rules see")
	}
	sent := m.data(map[string]any{"a": 98765, "b": 98765.0, "c": 12, "d": []map[string]any{{"id": "98765"}}, "e": []string{"98765"}})
	if strings.Contains(fmt.Sprint(sent), "98765") || sent["c"] != 12 {
		t.Errorf("mask.data = %v; want every 98765 hidden, 12 kept", sent)
	}
	if got := m.texts([]string{"98765 is no date"}); got[0] != hidden+" is no date" {
		t.Errorf("mask.texts = %q", got)
	}
}

func TestHideLeavesAloneWhatIsNoSecret(t *testing.T) {
	s := secretsOf(parsed(t, fixture(t, "flows", "claim.json")))
	data := map[string]any{"policy_no": "AB-123456", "pin": ""}
	if stored, m := s.hide("POLICY", data, nil); !reflect.DeepEqual(stored, data) || m != nil {
		t.Errorf("hide of an empty pin = %v, %v; want it as it is", stored, m)
	}
	_, m := s.hide("POLICY", map[string]any{"pin": "1"}, nil)
	if got := m.text("10 or 1"); got != "10 or 1" {
		t.Errorf("a secret of one digit spoils other text: %q", got)
	}
	if got := m.text("1"); got != hidden {
		t.Errorf("a secret of one digit is shown as %q", got)
	}
	none := secretsOf(parsed(t, fixture(t, "flows", "appointment.json")))
	if stored, m := none.hide("DETAILS", data, nil); !reflect.DeepEqual(stored, data) || m != nil {
		t.Errorf("hide in a flow without secrets = %v, %v", stored, m)
	}
}

package rules_test

import (
	"reflect"
	"testing"
	"time"

	"switchyard/models/flowjson"
	"switchyard/models/rules"
)

// TestAFlowThatWasOpenedWithoutUsKeepsItsDropDowns: a message may open a flow at a screen (navigate), and then we never sent
// what that screen holds. Staying on it or going back to it must not empty it.
func TestAFlowThatWasOpenedWithoutUsKeepsItsDropDowns(t *testing.T) {
	const given = `{"text":"a","n":1,"yes":true,"options":[{"id":"a","title":"A"}],"when":{"from":"x","days":2},"name_error":"","error_message":"Welcome"}`
	set, ps := compileSmall(t, map[string]string{
		"opening": `{"otherwise":{"go":"SECOND","data":` + given + `}}`,
		"FIRST":   `{"otherwise":{"go":"SECOND","data":` + fullData + `}}`,
		"SECOND":  `{"rules":[{"when":{"field":"name","op":"is_empty"},"then":{"stay":{"errors":{"name":"Who?"},"data":{"n":2}}}}],"otherwise":{"go":"LAST"}}`,
		"SIDE":    `{"otherwise":{"go":"LAST"}}`,
	})
	if set == nil {
		t.Fatalf("Compile = %+v", ps)
	}
	for _, c := range []struct {
		name string
		in   rules.Request
		v    rules.Visit
		want string
	}{
		{"stay", rules.Request{Action: rules.Exchange, Screen: "SECOND"}, rules.Visit{Known: true},
			`{"text":"a","n":2,"yes":true,"options":[{"id":"a","title":"A"}],"when":{"from":"x","days":2},"name_error":"Who?"}`},
		{"stay on what was sent", rules.Request{Action: rules.Exchange, Screen: "SECOND"}, rules.Visit{Known: true, Sent: map[string]map[string]any{
			"SECOND": decode(t, `{"text":"b","n":3,"yes":false,"options":[],"when":{"from":"y","days":4}}`)}},
			`{"text":"b","n":2,"yes":false,"options":[],"when":{"from":"y","days":4},"name_error":"Who?"}`},
		{"stay when nothing is remembered", rules.Request{Action: rules.Exchange, Screen: "SECOND"}, rules.Visit{}, `{"n":2,"name_error":"Who?"}`},
		{"back", rules.Request{Action: rules.Back, Screen: "LAST"}, rules.Visit{Known: true, Trail: []string{"SECOND", "LAST"}},
			`{"text":"a","n":1,"yes":true,"options":[{"id":"a","title":"A"}],"when":{"from":"x","days":2},"name_error":""}`},
		{"fallback", rules.Request{Action: "odd", Screen: "SECOND"}, rules.Visit{Known: true},
			`{"text":"a","n":1,"yes":true,"options":[{"id":"a","title":"A"}],"when":{"from":"x","days":2},"name_error":"","error_message":"Sorry"}`},
	} {
		c.in.Now = noon
		d := set.Next(c.in, c.v, rules.Fallback{Message: "Sorry"})
		if d.Screen != "SECOND" || !reflect.DeepEqual(d.Data, decode(t, c.want)) {
			t.Errorf("%s: %s\n got %s\nwant %s", c.name, d.Screen, pretty(t, d.Data), c.want)
		}
	}
}

// TestAScreenThatThePhoneWentToByItselfKeepsItsDropDowns: a navigate asks nobody; staying where it led must not empty the
// options that it handed over.
func TestAScreenThatThePhoneWentToByItselfKeepsItsDropDowns(t *testing.T) {
	const flow = `{"version":"7.3","data_api_version":"3.0","routing_model":{"FIRST":["SECOND"],"SECOND":["LAST"],"LAST":[]},"screens":[
		{"id":"FIRST","title":"A","data":{"cities":{"type":"array","items":{"type":"object","properties":{"id":{"type":"string"},"title":{"type":"string"}}},"__example__":[]}},
			"layout":{"type":"SingleColumnLayout","children":[{"type":"TextInput","name":"who","label":"Who"},{"type":"Footer","label":"Go","on-click-action":{"name":"navigate",
			"next":{"type":"screen","name":"SECOND"},"payload":{"cities":"${data.cities}","most":3,"who":"${form.who}"}}}]}},
		{"id":"SECOND","title":"B","data":{"cities":{"type":"array","items":{"type":"object","properties":{"id":{"type":"string"},"title":{"type":"string"}}},"__example__":[]},
			"most":{"type":"number","__example__":1},"who":{"type":"string","__example__":"x"}},"layout":{"type":"SingleColumnLayout","children":[
			{"type":"Dropdown","name":"city","label":"City","data-source":"${data.cities}"},{"type":"Footer","label":"Go","on-click-action":{"name":"data_exchange","payload":{"city":"${form.city}"}}}]}},
		{"id":"LAST","title":"C","terminal":true,"layout":{"type":"SingleColumnLayout","children":[{"type":"Footer","label":"End","on-click-action":{"name":"complete","payload":{}}}]}}]}`
	f, problems := flowjson.Parse([]byte(flow))
	if f == nil {
		t.Fatal(problems)
	}
	set, ps := rules.Compile(parse(t, []byte(`{"switchyard":1,"opening":{"otherwise":{"go":"FIRST"}},"screens":{"SECOND":{"rules":[{"when":{"field":"city","op":"is_not_empty"},"then":{"go":"LAST"}}],"otherwise":{"stay":{"error":"No."}}}}}`)), f, nil, time.UTC)
	if set == nil {
		t.Fatalf("Compile = %+v", ps)
	}
	sent := map[string]map[string]any{"FIRST": decode(t, `{"cities":[{"id":"a","title":"A"}]}`)}
	d := set.Next(rules.Request{Action: rules.Exchange, Screen: "SECOND", Now: noon}, rules.Visit{Known: true, Sent: sent, Trail: []string{"FIRST", "SECOND"}}, rules.Fallback{})
	if want := decode(t, `{"cities":[{"id":"a","title":"A"}],"most":3,"who":"","error_message":"No."}`); !reflect.DeepEqual(d.Data, want) || len(d.Faults) != 1 {
		t.Errorf("stay = %s, faults %q; want %s and a fault for the one that nobody knows", pretty(t, d.Data), d.Faults, pretty(t, want))
	}
}

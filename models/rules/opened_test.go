package rules_test

import (
	"reflect"
	"testing"

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

package rules_test

import (
	"reflect"
	"testing"
	"time"

	"switchyard/models/rules"
)

// TestAnOutcomeThatIsGoneLeadsToTheFallbackScreen where the routing model lets it: SIDE follows FIRST, and not SECOND.
func TestAnOutcomeThatIsGoneLeadsToTheFallbackScreen(t *testing.T) {
	const gone = `{"otherwise":{"go":"GONE"}}`
	doc := parse(t, []byte(smallDoc(map[string]string{"opening": gone, "FIRST": gone, "SECOND": `{"otherwise":{"go":"GONE"},"back":{"go":"GONE"}}`})))
	set, _ := rules.Salvage(doc, smallFlow(t), lists(), time.UTC)
	for _, c := range []struct {
		action             rules.Action
		on, fallback, want string
	}{
		{rules.Exchange, "FIRST", "", "FIRST"}, {rules.Exchange, "FIRST", "SIDE", "SIDE"}, {rules.Exchange, "FIRST", "LAST", "FIRST"},
		{rules.Exchange, "FIRST", "NOWHERE", "FIRST"}, {rules.Exchange, "SECOND", "SIDE", "SECOND"}, {rules.Exchange, "SECOND", "LAST", "LAST"},
		{rules.Back, "SECOND", "FIRST", "FIRST"}, {rules.Back, "SECOND", "LAST", "SECOND"},
		{rules.Init, "", "SIDE", "SIDE"}, {rules.Init, "", "", "FIRST"},
	} {
		in := rules.Request{Action: c.action, Screen: c.on, Now: noon}
		d := set.Next(in, rules.Visit{Known: true, Trail: []string{"FIRST", "SECOND"}}, rules.Fallback{Screen: c.fallback, Message: "Sorry"})
		if c.action == rules.Init {
			d = set.Next(in, rules.Visit{Known: true}, rules.Fallback{Screen: c.fallback, Message: "Sorry"})
		}
		if d.Kind != rules.Falls || d.Screen != c.want || d.Data["error_message"] != "Sorry" || len(d.Faults) == 0 {
			t.Errorf("%s on %q whose outcome is gone, fallback %q = %s %s %v; want %s with its text", c.action, c.on, c.fallback, d.Kind, d.Screen, d.Data, c.want)
		}
	}
}

func TestASetWithoutRulesKeepsTheScreenAsItIs(t *testing.T) {
	set := rules.Bare(smallFlow(t))
	in := rules.Request{Action: rules.Exchange, Screen: "SECOND"}
	sorry := rules.Fallback{Screen: "LAST", Message: "Sorry"}
	sent := map[string]map[string]any{"SECOND": decode(t, `{"text":"was","n":2,"yes":true,"options":[{"id":"a","title":"A"}],"when":{"from":"a","days":1}}`)}
	for _, c := range []struct {
		name, want string
		visit      rules.Visit
	}{
		{"as it was sent", `{"text":"was","n":2,"yes":true,"options":[{"id":"a","title":"A"}],"when":{"from":"a","days":1},"name_error":"","error_message":"Sorry"}`,
			rules.Visit{Known: true, Sent: sent}},
		{"as the phone has it, where nobody knows what that is", `{"error_message":"Sorry"}`, rules.Visit{}},
	} {
		d := set.Fall(in, c.visit, sorry, "Why.")
		if d.Kind != rules.Falls || d.Screen != "SECOND" || !reflect.DeepEqual(d.Data, decode(t, c.want)) || d.Faults[0] != "Why." {
			t.Errorf("%s: Fall = %s %s %v %q; want SECOND %s and why", c.name, d.Kind, d.Screen, d.Data, d.Faults, c.want)
		}
	}
	if d := set.Fail(in, rules.Visit{}, sorry, "Why."); d.Screen != "LAST" {
		t.Errorf("Fail on SECOND = %s; want the fallback screen LAST", d.Screen)
	}
}

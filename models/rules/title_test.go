package rules_test

import (
	"strings"
	"testing"
	"time"

	"switchyard/models/flowjson"
	"switchyard/models/rules"
)

func TestTitlesComeFromWhatWasSentThenTheListThenTheExample(t *testing.T) {
	set, ps := compileSmall(t, map[string]string{
		"FIRST":  `{"rules":[{"id":"side","when":{"field":"age","op":"lt","value":18},"then":{"go":"SIDE"}}],"otherwise":{"go":"SECOND","data":{"text":"","n":1,"yes":true,"options":"{{ list('claim_kinds') }}","when":{}}}}`,
		"SECOND": `{"rules":[{"id":"t","when":{"all":[{"field":"name","op":"is_not_empty"}]},"then":{"stay":{"error":"{{ title('pick') }} / {{ title('answers.SECOND.pick') }} / {{ title('name') }}"}}}],"otherwise":{"go":"LAST"}}`,
	})
	if set == nil {
		t.Fatalf("Compile = %+v", ps)
	}
	sent := map[string]map[string]any{"SECOND": {"options": []any{map[string]any{"id": "theft", "title": "Stolen"}}}}
	for id, want := range map[string]string{"theft": "Stolen", "fire": "Fire", "a": "A", "odd": "odd"} {
		d := set.Next(rules.Request{Action: rules.Exchange, Screen: "SECOND", Data: map[string]any{"pick": id, "name": "Ada"}}, rules.Visit{Known: true, Sent: sent}, rules.Fallback{})
		if got := want + " / " + want + " / Ada"; d.Message != got {
			t.Errorf("title of %s: %q; want %q", id, d.Message, got)
		}
	}
}

func TestTitlesOfSeveralAreJoined(t *testing.T) {
	d := parse(t, read(t, "rules/appointment.json"))
	d.Screens["DETAILS"].Rules[0].Then.Stay.Error = "{{ title('symptoms') }}"
	set, ps := rules.Compile(d, flow(t, "appointment"), nil, nil)
	if set == nil {
		t.Fatalf("Compile = %+v", ps)
	}
	got := set.Next(rules.Request{Action: rules.Exchange, Screen: "DETAILS", Data: map[string]any{"age": "9", "symptoms": []any{"0_pain", "odd", "2_swelling"}}}, rules.Visit{}, rules.Fallback{})
	if got.Message != "Pain, odd, Swelling" {
		t.Errorf("title('symptoms') = %q; want Pain, odd, Swelling", got.Message)
	}
}

func TestErrorsOfAFormShareOneKey(t *testing.T) {
	json := strings.NewReplacer(
		`"name_error":{"type":"string","__example__":""}`, `"errors":{"type":"object","properties":{"name":{"type":"string"},"other":{"type":"string"}},"__example__":{"name":"","other":""}}`,
		`,"error-message":"${data.name_error}"`, ``).Replace(small)
	// the inputs of SECOND move into a Form
	a := strings.Index(json, `{"type":"TextInput","name":"name"`)
	b := strings.Index(json[a:], `]}},`) + a
	json = json[:a] + `{"type":"Form","name":"form","error-messages":"${data.errors}","children":[` + json[a:b] + `]}` + json[b:]
	f, fps := flowjson.Parse([]byte(json))
	if f == nil {
		t.Fatalf("flowjson.Parse = %v", fps)
	}
	doc := parse(t, []byte(smallDoc(map[string]string{"SECOND": `{"rules":[{"id":"e","when":{"field":"name","op":"is_empty"},"then":{"stay":{"errors":{"name":"Missing","other":"Odd"}}}}],"otherwise":{"go":"LAST"}}`})))
	set, ps := rules.Compile(doc, f, nil, time.UTC)
	if set == nil || len(ps) > 0 {
		t.Fatalf("Compile = %+v", ps)
	}
	d := set.Next(rules.Request{Action: rules.Exchange, Screen: "SECOND"}, rules.Visit{}, rules.Fallback{})
	if got, want := pretty(t, d.Data), pretty(t, decode(t, `{"errors":{"name":"Missing","other":"Odd"}}`)); got != want {
		t.Errorf("Data = %s; want %s", got, want)
	}
}

func TestSchemaRefusesWhatParseRefuses(t *testing.T) {
	s := schema(t)
	for name, doc := range map[string]string{
		"no opening":          `{"switchyard":1}`,
		"unknown key":         `{"switchyard":1,"opening":{"otherwise":{"go":"A"}},"x":1}`,
		"two outcomes":        `{"switchyard":1,"opening":{"otherwise":{"go":"A","finish":{}}}}`,
		"stay in the opening": `{"switchyard":1,"opening":{"otherwise":{"stay":{}}}}`,
		"two conditions":      `{"switchyard":1,"opening":{"rules":[{"when":{"all":[],"any":[]},"then":{"go":"A"}}],"otherwise":{"go":"A"}}}`,
		"unknown operator":    `{"switchyard":1,"opening":{"rules":[{"when":{"field":"x","op":"smells"},"then":{"go":"A"}}],"otherwise":{"go":"A"}}}`,
	} {
		if s.Validate(map[string]any(decode(t, doc))) == nil {
			t.Errorf("the schema takes a document with %s", name)
		}
	}
}

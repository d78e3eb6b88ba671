package flowjson_test

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"switchyard/models/flowjson"
)

// layered has a Form, nested branches, dynamic labels, errors per field and every place of an action.
const layered = `{"version":"4.0","data_api_version":"3.0","routing_model":{"A":[]},"screens":[{"id":"A","title":"A","terminal":true,"data":{
  "zip_label":{"type":"string","__example__":"Postcode"},
  "zip_error":{"type":"string","__example__":""},
  "errors":{"type":"object","properties":{"plan":{"type":"string"}},"__example__":{}},
  "more":{"type":"boolean","__example__":true}},
 "layout":{"type":"SingleColumnLayout","children":[{"type":"Form","name":"form","error-messages":"${data.errors}","children":[
   {"type":"RichText","text":["# One","Two"]},
   {"type":"If","condition":"${data.more}","then":[
     {"type":"Switch","value":"${form.plan}","cases":{"z":[{"type":"TextInput","name":"zip","label":"${data.zip_label}","required":"${data.more}","error-message":"${data.zip_error}"}],
       "a":[{"type":"DatePicker","name":"day","label":"${data.gone}","on-select-action":{"name":"data_exchange","payload":{"trigger":"day"}}}]}}],
    "else":[{"type":"OptIn","name":"terms","label":"Terms","on-click-action":{"name":"data_exchange","payload":{"trigger":"terms"}}}]},
   {"type":"RadioButtonsGroup","name":"plan","label":"Plan","data-source":[
     {"id":"a","title":"A","on-select-action":{"name":"data_exchange","payload":{"trigger":"a"}},"on-unselect-action":{"name":"data_exchange","payload":{"trigger":"not a"}}}]},
   {"type":"Hologram","name":"hologram","label":"New"},
   {"type":"Footer","label":"Go","on-click-action":{"name":"complete","payload":{"all":"${form.plan}"}}}]}]}}]}`

func TestNestedLayoutsAreRead(t *testing.T) {
	f, _ := flowjson.Parse([]byte(layered))
	s := f.Screen("A")
	var fields, actions []string
	for _, field := range s.Fields {
		fields = append(fields, field.Name+" "+field.Label+" "+string(field.Kind))
	}
	for _, p := range s.Payloads {
		actions = append(actions, p.Component+" "+p.Action+" "+string(p.Keys[0].Constant))
	}
	for _, c := range []struct {
		what      string
		got, want []string
	}{
		{"fields", fields, []string{"zip Postcode text", "day day date", "terms Terms yesno", "plan Plan choice", "hologram New text"}},
		{"payloads", actions, []string{
			`DatePicker day data_exchange "day"`, `OptIn terms data_exchange "terms"`, `RadioButtonsGroup plan data_exchange "a"`,
			`RadioButtonsGroup plan data_exchange "not a"`, `Footer complete `,
		}},
		{"texts", s.Texts, []string{"# One", "Two"}},
		{"readers of more", s.Key("more").BoundTo, []string{"If condition", "TextInput zip required"}},
		{"readers of errors", s.Key("errors").BoundTo, []string{"Form form error-messages"}},
	} {
		if !slices.Equal(c.got, c.want) {
			t.Errorf("%s = %q; want %q", c.what, c.got, c.want)
		}
	}
	for name, want := range map[string]string{"zip": "zip_error", "plan": "errors", "terms": "errors"} {
		if got := s.ErrorKeys[name]; got != want {
			t.Errorf("ErrorKeys[%s] = %q; want %q", name, got, want)
		}
	}
	if f.Field("A", "zip").Required {
		t.Error("a field that is required by data counts as required; want not")
	}
}

func TestErrorMessagesOfAFormMayNameFields(t *testing.T) {
	raw := strings.Replace(layered, `"error-messages":"${data.errors}"`, `"error-messages":{"plan":"${data.zip_error}","terms":"Please"}`, 1)
	f, _ := flowjson.Parse([]byte(raw))
	if got := f.Screens[0].ErrorKeys; len(got) != 2 || got["plan"] != "zip_error" || got["zip"] != "zip_error" {
		t.Errorf("ErrorKeys = %q; want plan and zip", got)
	}
}

func TestEveryVersionIsRead(t *testing.T) {
	for _, version := range []string{"2.1", "3.0", "4.0", "5.1", "6.3", "7.3", "7.10", "12.0"} {
		f, _ := flowjson.Parse([]byte(strings.Replace(layered, `"4.0"`, `"`+version+`"`, 1)))
		if f == nil || f.Version != version || len(f.Screens[0].Fields) != 5 {
			t.Errorf("Parse of version %s = %+v; want all fields", version, f)
		}
	}
}

func TestAFlowIsReadInSpiteOfWrongTypes(t *testing.T) {
	f, problems := flowjson.Parse([]byte("\xef\xbb\xbf" + `{"version":7.3,"routing_model":[],"screens":[1,{"id":2,"data":[],"layout":{"children":[null,
	  {"type":3,"name":{}},{"type":"TextInput","name":"n","label":["x"],"required":"true","data-source":7,"on-click-action":"x"},{"type":"If","then":{}},
	  {"type":"Footer","on-click-action":{"name":"navigate","next":"B","payload":[]}}]}}]}`))
	if f == nil || len(f.Screens) != 1 || f.Field("", "n") == nil {
		t.Fatalf("Parse = %+v; want one screen with field n", f)
	}
	if len(problems) < 8 {
		t.Errorf("Parse tells %d problems; want at least 8: %+v", len(problems), problems)
	}
}

func TestADocumentOverTheLimitIsRefused(t *testing.T) {
	f, problems := flowjson.Parse(make([]byte, 10<<20+1))
	if f != nil || len(problems) != 1 || problems[0].Code != "INVALID_FLOW_JSON" {
		t.Errorf("Parse of 10 MiB and a byte = %v, %+v; want INVALID_FLOW_JSON", f, problems)
	}
}

func TestTheLineOfASyntaxErrorIsTold(t *testing.T) {
	_, problems := flowjson.Parse([]byte("{\n\"version\": \"7.3\",\n\"screens\": [,]\n}"))
	if len(problems) != 1 || !strings.Contains(problems[0].Message, "line 3") {
		t.Errorf("Parse tells %+v; want line 3", problems)
	}
}

// Hostile documents must not take long: work may not grow with the square of their size.
func TestHostileDocumentsEndSoon(t *testing.T) {
	keys := make([]string, 300)
	for i := range keys {
		keys[i] = `"k` + strings.Repeat("x", i) + `":{"type":"string","__example__":""}`
	}
	data := strings.Join(keys, ",")
	deep := strings.Repeat(`{"type":"If","then":[`, 60) + strings.Repeat(`]}`, 60)
	for name, raw := range map[string]string{
		"bindings": one(data, repeat(`{"type":"TextBody","text":"`+strings.Repeat("${data.nobody}", 600)+`"}`, 150)),
		"routes":   routed(`{"A":["B",` + strings.Join(numbered(`"Z%d"`, 80_000), ",") + `]}`),
		"fields":   one("", repeat(`{"type":"TextInput","name":"n"}`, 40_000)),
		"nesting":  one("", repeat(deep, 2000)),
		"keys":     `{"screens":[{"data":{` + strings.Join(numbered(`"k%d":{"type":"array","items":{}}`, 20_000), ",") + `}}]}`,
	} {
		if len(raw) > 10<<20 {
			t.Fatalf("%s has %d bytes; want at most 10 MiB", name, len(raw))
		}
		start := time.Now()
		f, problems := flowjson.Parse([]byte(raw))
		if took := time.Since(start); took > 10*time.Second {
			t.Errorf("Parse of %s took %v; want seconds at most", name, took)
		}
		if len(problems) > 500 {
			t.Errorf("Parse of %s tells %d problems; want at most 500", name, len(problems))
		}
		if f != nil {
			f.Answers()
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, name := range []string{"appointment", "claim", "survey", "invalid", "invalid-components"} {
		raw, err := os.ReadFile("testdata/" + name + ".json")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	f.Add([]byte(layered))
	f.Add([]byte(`{"screens":[{"id":"A","data":{"x":{"type":"array"}}}]}`))
	f.Add([]byte(one(`"k":{"type":"string","__example__":""}`, `{"type":"TextBody","text":"${data.k}"},`+footer)))
	f.Add([]byte(one("", `{"type":"If","condition":"${form.m}","then":[{"type":"OptIn","name":"m"}]},`+footer)))
	f.Add([]byte(walked(`"k":"${form.photo}"`, `"k":{"type":"array","items":{}}`)))
	f.Add([]byte(routed(`{"A":["B"],"B":["C","A"],"C":["D"]}`)))
	f.Fuzz(func(t *testing.T, raw []byte) {
		flow, problems := flowjson.Parse(raw)
		if flow == nil {
			if len(problems) == 0 {
				t.Fatal("neither a flow nor a problem")
			}
			return
		}
		if body, _ := strings.CutPrefix(string(raw), "\xef\xbb\xbf"); !json.Valid([]byte(body)) {
			t.Fatalf("read what is no JSON: %q", raw)
		}
		flow.HasEndpoint()
		flow.Entries()
		for _, a := range flow.Answers() {
			if a.Field != nil && flow.Field("", a.Field.Name) == nil {
				t.Fatalf("answer %q has a field that the flow does not know", a.Key)
			}
		}
		for _, s := range flow.Screens {
			for _, k := range s.Sent() {
				if k.Kind == "" || k.Label == "" && k.Name != "" && k.Field == nil {
					t.Fatalf("sent key %+v has no kind or label", k)
				}
			}
			for _, to := range flow.Routes(s.ID) {
				flow.Leads(s.ID, to)
			}
		}
	})
}

func BenchmarkParse(b *testing.B) {
	raw, err := os.ReadFile("testdata/appointment.json")
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(raw)))
	b.ReportAllocs()
	for b.Loop() {
		if flow, problems := flowjson.Parse(raw); flow == nil || len(problems) > 0 {
			b.Fatal(problems)
		}
	}
}

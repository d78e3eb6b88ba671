package flowjson_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"switchyard/models/flowjson"
)

// added is what each version of Flow JSON brought, as components; the oldest come first.
var added = []struct{ version, component string }{
	{"5.0", `{"type":"Dropdown","name":"f50","label":"F","data-source":[{"id":"a","title":"A"}]}`},
	{"5.1", `{"type":"RichText","text":["**x**"]}`},
	{"6.0", `{"type":"TextInput","name":"f60","label":"F","input-type":"number"}`},
	{"6.1", `{"type":"CalendarPicker","name":"f61","mode":"range","label":{"start-date":"From","end-date":"To"}}`},
	{"6.2", `{"type":"OptIn","name":"f62","label":"F"}`},
	{"6.3", `{"type":"ChipsSelector","name":"f63","label":"F","data-source":[{"id":"a","title":"A"},{"id":"b","title":"B"}]}`},
	{"7.0", `{"type":"DatePicker","name":"f70","label":"F","min-date":"2026-01-01"}`},
	{"7.1", `{"type":"ImageCarousel","images":[{"src":"x","alt-text":"x"}]}`},
	{"7.2", `{"type":"TextArea","name":"f72","label":"F"}`},
	{"7.3", `{"type":"PhotoPicker","name":"f73","label":"F"}`},
	{"9.9", `{"type":"Hologram","name":"f99","label":"F","depth":3}`},
}

// Every version is read whole, with what it has that is not known here; nothing of it hinders the reading.
func TestEveryVersionIsReadWithWhatIsNotKnownInIt(t *testing.T) {
	var components, fields []string
	for _, v := range added {
		components = append(components, v.component)
		if _, rest, ok := strings.Cut(v.component, `"name":"`); ok {
			name, _, _ := strings.Cut(rest, `"`)
			fields = append(fields, name)
		}
		raw := fmt.Sprintf(`{"version":%q,"data_api_version":"3.0","routing_model":{"A":["B"]},"theme":"dark","screens":[
{"id":"A","title":"A","mood":1,"data":{"k":{"type":"string","__example__":"x"}},"layout":{"type":"SingleColumnLayout","children":[
%s,
{"type":"Sparkle","name":"odd","label":"Odd"},
{"type":"TextBody","text":"${data.k}","glow":true},
{"type":"Footer","label":"Go","on-click-action":{"name":"data_exchange","payload":{"odd":"${form.odd}"}}}]}},
{"id":"B","title":"B","terminal":true,"layout":{"type":"SingleColumnLayout","children":[
{"type":"Footer","label":"Go","on-click-action":{"name":"levitate","payload":{}}}]}}]}`, v.version, strings.Join(components, ",\n"))
		flow, problems := flowjson.Parse([]byte(raw))
		if flow == nil {
			t.Fatalf("Parse(version %s) = nil, %+v; want a flow", v.version, problems)
		}
		var names, unknown []string
		for _, f := range flow.Screen("A").Fields {
			names = append(names, f.Name)
		}
		for _, u := range flow.Unknown {
			unknown = append(unknown, fmt.Sprintf("%s %s of %q in %q line %d", u.What, u.Name, u.Of, u.Screen, u.Line))
		}
		if want := append(slices.Clone(fields), "odd"); !slices.Equal(names, want) {
			t.Errorf("version %s has the fields %q; want %q", v.version, names, want)
		}
		n := len(components)
		want := []string{`key theme of "" in "" line 1`, `key mood of "screen A" in "A" line 2`}
		if v.version == "9.9" {
			want = append(want, fmt.Sprintf(`component Hologram of "f99" in "A" line %d`, n+2))
		}
		want = append(want, fmt.Sprintf(`component Sparkle of "odd" in "A" line %d`, n+3), fmt.Sprintf(`key glow of "TextBody" in "A" line %d`, n+4),
			fmt.Sprintf(`action levitate of "Footer" in "B" line %d`, n+7))
		if !slices.Equal(unknown, want) {
			t.Errorf("version %s does not know\n%q; want\n%q", v.version, unknown, want)
		}
		if sent := flow.Screen("A").Sent(); len(sent) != 1 || sent[0].Name != "odd" {
			t.Errorf("version %s sends %+v; want the value of the component that is not known", v.version, sent)
		}
	}
}

// The same components without strangers: each version publishes what it and those before it brought.
func TestEachVersionTakesWhatItBrought(t *testing.T) {
	var components []string
	for _, v := range added[:10] {
		components = append(components, v.component)
		_, problems := flowjson.Parse([]byte(strings.Replace(one("", strings.Join(components, ",")+","+footer), "7.3", v.version, 1)))
		for _, p := range problems {
			if v.version != "5.0" || p.Code != "UNSUPPORTED_FLOW_JSON_VERSION" {
				t.Errorf("version %s tells %+v; want nothing", v.version, p)
			}
		}
	}
}

func TestAProblemHasItsLine(t *testing.T) {
	raw := "\xef\xbb\xbf" + strings.ReplaceAll(one("", `{"type":"TextHeading","text":" "},`+footer), ",", ",\r\n")
	_, problems := flowjson.Parse([]byte(raw))
	before, _, _ := strings.Cut(raw, `" "`)
	if want := 1 + strings.Count(before, "\n"); len(problems) != 1 || problems[0].Line != want {
		t.Errorf("Parse tells %+v; want one problem at line %d", problems, want)
	}
}

func TestFixturesHoldNothingUnknown(t *testing.T) {
	for _, name := range []string{"appointment", "claim", "survey"} {
		if flow, _ := fixture(t, name); len(flow.Unknown) > 0 {
			t.Errorf("Parse(%s) does not know %+v; want nothing", name, flow.Unknown)
		}
	}
}

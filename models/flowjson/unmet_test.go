package flowjson_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"switchyard/models/flowjson"
)

func TestUnmetNamesWhatAClientWouldRefuse(t *testing.T) {
	flow, _ := flowjson.Parse([]byte(`{"version":"7.0","data_api_version":"3.0","routing_model":{"A":[]},"screens":[{"id":"A","title":"A","terminal":true,"data":{
		"name":{"type":"string","__example__":"x"},"age":{"type":"number","__example__":1},"ok":{"type":"boolean","__example__":true},
		"options":{"type":"array","items":{"type":"object","properties":{"id":{"type":"string"},"title":{"type":"string"}}},"__example__":[]},
		"init":{"type":"object","properties":{"city":{"type":"string"}},"__example__":{}}},
		"layout":{"type":"SingleColumnLayout","children":[{"type":"TextHeading","text":"x"}]}}]}`))
	if flow == nil {
		t.Fatal("the Flow JSON is not read")
	}
	const whole = `{"name":"Ada","age":36,"ok":true,"options":[{"id":"1","title":"One"}],"init":{"city":"Rio"}}`
	for _, c := range []struct{ name, change, want string }{
		{"nothing", "", ""},
		{"a message beside them", `"error_message":"no"`, ""},
		{"a key that is not declared", `"extra":1`, "extra is not declared."},
		{"text as a number", `"age":"36"`, "age is not of the declared type, number."},
		{"a number as text", `"name":36`, "name is not of the declared type, string."},
		{"null", `"ok":null`, "ok is not of the declared type, boolean."},
		{"an option without its title", `"options":[{"id":"1"}]`, "options is not of the declared type, array."},
		{"text for a list", `"options":"none"`, "options is not of the declared type, array."},
		{"an object without its property", `"init":{}`, "init is not of the declared type, object."},
	} {
		var data, change map[string]any
		d := json.NewDecoder(strings.NewReader(whole))
		d.UseNumber()
		if err := d.Decode(&data); err != nil {
			t.Fatal(err)
		}
		d = json.NewDecoder(strings.NewReader("{" + c.change + "}"))
		d.UseNumber()
		if err := d.Decode(&change); err != nil {
			t.Fatal(err)
		}
		for k, v := range change {
			data[k] = v
		}
		if got := strings.Join(flow.Screens[0].Unmet(data), " "); got != c.want {
			t.Errorf("%s: Unmet = %q; want %q", c.name, got, c.want)
		}
	}
	if got := flow.Screens[0].Unmet(nil); !slices.Equal(got[:1], []string{"name is missing."}) || len(got) != 5 {
		t.Errorf("Unmet(nil) = %q; want all five missing", got)
	}
}

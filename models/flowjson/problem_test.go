package flowjson_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"switchyard/models/flowjson"
)

const footer = `{"type":"Footer","label":"Send","on-click-action":{"name":"complete","payload":{}}}`

// one is a static flow of one terminal screen with these data and components.
func one(data, children string) string {
	return `{"version":"7.3","screens":[{"id":"A","title":"A","terminal":true,"data":{` + data +
		`},"layout":{"type":"SingleColumnLayout","children":[` + children + `]}}]}`
}

// routed is an endpoint flow of empty screens A to D, of which D is terminal.
func routed(model string) string {
	screens := []string{}
	for _, id := range []string{"A", "B", "C", "D"} {
		end := ""
		if id == "D" {
			end = `"terminal":true,`
		}
		screens = append(screens, `{"id":"`+id+`",`+end+`"title":"x","layout":{"type":"SingleColumnLayout","children":[`+
			`{"type":"Footer","label":"Go","on-click-action":{"name":"data_exchange","payload":{}}}]}}`)
	}
	return `{"version":"7.3","data_api_version":"3.0","routing_model":` + model + `,"screens":[` + strings.Join(screens, ",") + `]}`
}

// walked is a static flow of A, which navigates to B with this payload, and B with these data.
func walked(payload, data string) string {
	return `{"version":"7.3","screens":[{"id":"A","title":"A","layout":{"type":"SingleColumnLayout","children":[
	 {"type":"PhotoPicker","name":"photo","label":"Photo"},
	 {"type":"Footer","label":"Go","on-click-action":{"name":"navigate","next":{"type":"screen","name":"B"},"payload":{` + payload + `}}}]}},
	 {"id":"B","title":"B","terminal":true,"data":{` + data + `},"layout":{"type":"SingleColumnLayout","children":[` + footer + `]}}]}`
}

func repeat(s string, n int) string { return strings.TrimSuffix(strings.Repeat(s+",", n), ",") }

func TestProblems(t *testing.T) {
	const kids, w = "/screens/0/layout/children", " warning"
	input := `{"type":"TextInput","name":"n","label":"N"}`
	options := `"data-source":[{"id":"a","title":"A"}]`
	text := func(data string) string { return one(data, `{"type":"TextBody","text":"${data.k}"},`+footer) }
	for _, c := range []struct {
		name, json string
		want       []string // code path[ warning]
	}{
		{"not JSON", `{"version":`, []string{"INVALID_FLOW_JSON "}},
		{"two documents", `{"screens":[]} {}`, []string{"INVALID_FLOW_JSON "}},
		{"a list", `[]`, []string{"INVALID_FLOW_JSON "}},
		{"too deep", strings.Repeat("[", 5000), []string{"INVALID_FLOW_JSON "}},
		{"no screens", `{"version":"7.3"}`, []string{"MISSING_REQUIRED_PROPERTY "}},
		{"screens is an object", `{"version":"7.3","screens":{}}`, []string{"INVALID_PROPERTY_TYPE /screens"}},
		{"empty screens", `{"version":"7.3","screens":[]}`, []string{"MIN_ITEMS_REQUIRED /screens"}},
		{"no version", strings.Replace(one("", footer), `"version":"7.3",`, "", 1), []string{"MISSING_FLOW_JSON_VERSION "}},
		{"version as number", strings.Replace(one("", footer), `"7.3"`, `7.3`, 1), []string{"INVALID_FLOW_JSON_VERSION /version"}},
		{"too old", strings.Replace(one("", footer), "7.3", "1.0", 1), []string{"UNSUPPORTED_FLOW_JSON_VERSION /version"}},
		{"frozen", strings.Replace(one("", footer), "7.3", "4.0", 1), []string{"UNSUPPORTED_FLOW_JSON_VERSION /version" + w}},
		{"newer", strings.Replace(one("", `{"type":"Hologram","name":"h"},`+footer), "7.3", "7.10", 1), []string{"UNAVAILABLE_FLOW_JSON_VERSION /version" + w}},
		{"unknown data API", strings.Replace(routed(`{"A":["B"],"B":["C"],"C":["D"]}`), `"3.0"`, `3`, 1), []string{"NO_SUPPORTED_DATA_API_VERSION /data_api_version"}},
		{"unknown keys", strings.Replace(one("", footer), `"title":"A"`, `"titel":"A"`, 1), []string{"INVALID_PROPERTY_KEY /screens/0/titel" + w}},
		{"old address", strings.Replace(one("", footer), `"screens"`, `"data_channel_uri":"https://x","screens"`, 1), []string{"INVALID_PROPERTY_KEY /data_channel_uri"}},
		{"endpoint without routing model", strings.Replace(one("", footer), `"screens"`, `"data_api_version":"3.0","screens"`, 1), []string{"MISSING_REQUIRED_PROPERTY "}},
		{"routing model without endpoint", strings.Replace(one("", footer), `"screens"`, `"routing_model":{},"screens"`, 1), []string{"MISSING_REQUIRED_PROPERTY " + w}},
		{"101 screens", `{"version":"7.3","screens":[` + repeat(`1`, 101) + `]}`, append([]string{"MAX_SCREENS_NUMBER /screens"}, append(numbered("INVALID_PROPERTY_TYPE /screens/%d", 101), "MISSING_TERMINAL_SCREEN /screens")...)},

		{"no id", strings.Replace(one("", footer), `"id":"A",`, "", 1), []string{"MISSING_REQUIRED_PROPERTY /screens/0"}},
		{"empty id", strings.Replace(one("", footer), `"id":"A"`, `"id":""`, 1), []string{"MIN_CHARS_REQUIRED /screens/0/id"}},
		{"id with a digit", strings.Replace(one("", footer), `"id":"A"`, `"id":"A1"`, 1), []string{"PATTERN_MISMATCH /screens/0/id"}},
		{"reserved id", strings.Replace(one("", footer), `"id":"A"`, `"id":"SUCCESS"`, 1), []string{"SCREEN_ID_IS_RESERVED_KEYWORD /screens/0/id"}},
		{"terminal as text", strings.Replace(one("", ""), `"terminal":true`, `"terminal":"true"`, 1), []string{"MISSING_TERMINAL_SCREEN /screens", "INVALID_PROPERTY_TYPE /screens/0/terminal"}},
		{"no success", strings.Replace(one("", footer), `"terminal":true`, `"terminal":true,"success":false`, 1), []string{"INVALID_PROPERTY_VALUE /screens"}},
		{"refresh without endpoint", strings.Replace(one("", footer), `"title"`, `"refresh_on_back":true,"title"`, 1), []string{"INVALID_PROPERTY_VALUE /screens/0/refresh_on_back"}},
		{"sensitive stranger", strings.Replace(one("", footer), `"title"`, `"sensitive":["x"],"title"`, 1), []string{"INVALID_PROPERTY_VALUE /screens/0/sensitive/0" + w}},
		{"no layout", `{"version":"7.3","screens":[{"id":"A","terminal":true}]}`, []string{"MISSING_REQUIRED_PROPERTY /screens/0", "MISSING_FOOTER_ON_TERMINAL_SCREEN /screens/0"}},
		{"other layout", strings.Replace(one("", footer), "SingleColumnLayout", "Grid", 1), []string{"INVALID_PROPERTY_VALUE /screens/0/layout/type"}},

		{"good data", text(`"k":{"type":"string","__example__":""}`), nil},
		{"data without type", text(`"k":{}`), []string{"INVALID_SCREEN_DATA /screens/0/data/k"}},
		{"data of strange type", text(`"k":{"type":"date","__example__":""}`), []string{"INVALID_SCREEN_DATA /screens/0/data/k/type" + w}},
		{"data null", text(`"k":{"type":"string","__example__":null}`), []string{"INVALID_SCREEN_DATA /screens/0/data/k/__example__"}},
		{"list without items", one(`"k":{"type":"array","__example__":[]}`, footer), []string{"INVALID_SCREEN_DATA /screens/0/data/k"}},
		{"items as text", one(`"k":{"type":"array","items":"string","__example__":[]}`, footer), []string{"INVALID_SCREEN_DATA /screens/0/data/k/items"}},
		{"object without properties", one(`"k":{"type":"object","__example__":{}}`, footer), []string{"INVALID_SCREEN_DATA /screens/0/data/k" + w}},
		{"deep example", one(`"k":{"type":"array","items":{"type":"object","properties":{"n":{"type":"number"}}},"__example__":[{"n":"1"}]}`, footer), []string{"INVALID_SCREEN_DATA /screens/0/data/k/__example__/0/n" + w}},
		{"misplaced example", one(`"k":{"type":"object","properties":{"__example__":{}},"__example__":{}}`, footer), []string{"INVALID_SCREEN_DATA /screens/0/data/k/properties/__example__"}},
		{"escaped path", one(`"a/b~c":{"type":"string"}`, footer), []string{"MISSING_REQUIRED_PROPERTY /screens/0/data/a~1b~0c"}},

		{"no type", one("", `{"text":"x"},`+footer), []string{"MISSING_REQUIRED_TYPE_PROPERTY " + kids + "/0"}},
		{"unknown type", one("", `{"type":"Hologram"},`+footer), []string{"INVALID_PROPERTY_VALUE " + kids + "/0/type"}},
		{"too new a type", strings.Replace(one("", `{"type":"ChipsSelector","name":"c","label":"C","data-source":[{"id":"a","title":"A"},{"id":"b","title":"B"}]},`+footer), "7.3", "6.2", 1), []string{"INVALID_PROPERTY_VALUE " + kids + "/0/type"}},
		{"no name", one("", `{"type":"TextInput","label":"N"},`+footer), []string{"MISSING_REQUIRED_PROPERTY " + kids + "/0"}},
		{"empty text", one("", `{"type":"TextBody","text":" "},`+footer), []string{"PATTERN_MISMATCH " + kids + "/0/text"}},
		{"label counts characters", one("", `{"type":"TextInput","name":"n","label":"`+strings.Repeat("é", 20)+`"},`+footer), nil},
		{"long helper text", one("", `{"type":"TextArea","name":"n","label":"N","helper-text":"`+strings.Repeat("x", 81)+`"},`+footer), []string{"PATTERN_MISMATCH " + kids + "/0/helper-text"}},
		{"long range label", one("", `{"type":"CalendarPicker","name":"n","mode":"range","label":{"start-date":"`+strings.Repeat("x", 41)+`"}},`+footer), []string{"PATTERN_MISMATCH " + kids + "/0/label/start-date"}},
		{"no options", one("", `{"type":"Dropdown","name":"n","label":"N"},`+footer), []string{"MISSING_REQUIRED_PROPERTY " + kids + "/0"}},
		{"one chip", one("", `{"type":"ChipsSelector","name":"n","label":"N",`+options+`},`+footer), []string{"MIN_ITEMS_REQUIRED " + kids + "/0/data-source"}},
		{"option without title", one("", `{"type":"Dropdown","name":"n","label":"N","data-source":[{"id":"a"}]},`+footer), []string{"MISSING_REQUIRED_PROPERTY " + kids + "/0/data-source/0"}},
		{"same option twice", one("", `{"type":"Dropdown","name":"n","label":"N","data-source":[`+repeat(`{"id":"a","title":"A"}`, 2)+`]},`+footer), []string{"INVALID_PROPERTY_VALUE " + kids + "/0/data-source/1/id" + w}},
		{"minimum over maximum", one("", `{"type":"TextInput","name":"n","label":"N","min-chars":5,"max-chars":"4"},`+footer), []string{"MIN_VALUE_GREATER_THAN_MAX " + kids + "/0/min-chars"}},
		{"photos out of range", one("", `{"type":"PhotoPicker","name":"n","label":"N","min-uploaded-photos":-1,"max-uploaded-photos":31},`+footer), []string{"MINIMUM_VALUE_REQUIRED " + kids + "/0/min-uploaded-photos", "MAXIMUM_VALUE_REQUIRED " + kids + "/0/max-uploaded-photos"}},
		{"outside the form", one("", input+`,{"type":"Form","name":"f","children":[`+footer+`]}`), []string{"COMPONENTS_OUTSIDE_FORM " + kids + "/0"}},
		{"no form before 4.0", strings.Replace(one("", input+","+footer), "7.3", "3.1", 1), []string{"UNSUPPORTED_FLOW_JSON_VERSION /version" + w, "KEYWORD_ONE_OF " + kids + "/0"}},
		{"same name in two branches", one("", `{"type":"If","condition":"${form.m}","then":[`+input+`],"else":[`+input+`]},{"type":"OptIn","name":"m","label":"M"},`+footer), []string{"DUPLICATE_FORM_COMPONENT_NAMES " + kids + "/0/else/0/name" + w}},

		{"three links", one("", repeat(`{"type":"EmbeddedLink","text":"x","on-click-action":{"name":"open_url","url":"https://x"}}`, 3)+","+footer), []string{"MAX_EMBEDDED_LINK_PER_SCREEN " + kids + "/2"}},
		{"four images", one("", repeat(`{"type":"Image","src":"x"}`, 4)+","+footer), []string{"MAX_IMAGE_PER_SCREEN " + kids + "/3"}},
		{"two pickers", one("", `{"type":"PhotoPicker","name":"a","label":"A"},{"type":"DocumentPicker","name":"b","label":"B"},`+footer), []string{"MAX_ALLOWED_COMPONENTS_PER_SCREEN " + kids + "/1" + w}},
		{"51 components", one("", repeat(`{"type":"TextBody","text":"x"}`, 50)+","+footer), []string{"MAX_ALLOWED_COMPONENTS_PER_SCREEN /screens/0/layout" + w}},
		{"a list on a terminal screen", one("", `{"type":"NavigationList","name":"l","list-items":[{"id":"a"}]},`+footer), []string{"INVALID_PROPERTY_KEY " + kids + "/0"}},
		{"Footer in one branch", one(`"k":{"type":"boolean","__example__":true}`, `{"type":"If","condition":"${data.k}","then":[`+footer+`]}`), []string{"MISSING_FOOTER_IN_IF_ELSE_BRANCHES " + kids + "/0"}},
		{"Footer in each branch", one(`"k":{"type":"boolean","__example__":true}`, `{"type":"If","condition":"${data.k}","then":[`+footer+`],"else":[`+footer+`]}`), nil},
		{"Footer in branches and below", one(`"k":{"type":"boolean","__example__":true}`, `{"type":"If","condition":"${data.k}","then":[`+footer+`],"else":[`+footer+`]},`+footer), []string{"MORE_THAN_ONE_FOOTER " + kids + "/1"}},
		{"Footer in one case", one(`"k":{"type":"string","__example__":""}`, `{"type":"Switch","value":"${data.k}","cases":{"a":[`+footer+`],"b":[]}}`), []string{"MISSING_FOOTER_IN_SWITCH_BRANCHES " + kids + "/0"}},
		{"empty If and Switch", one("", `{"type":"If","condition":"1 == 1"},{"type":"Switch","cases":{}},`+footer), []string{"INVALID_PROPERTY_VALUE " + kids + "/0/condition" + w, "MIN_ITEMS_REQUIRED " + kids + "/0", "MISSING_REQUIRED_PROPERTY " + kids + "/1", "MIN_ITEMS_REQUIRED " + kids + "/1"}},

		{"unknown action", one("", strings.Replace(footer, "complete", "finish", 1)), []string{"INVALID_ENUM_VALUE " + kids + "/0/on-click-action/name"}},
		{"payload as text", one("", strings.Replace(footer, `"payload":{}`, `"payload":"x"`, 1)), []string{"INVALID_PROPERTY_TYPE " + kids + "/0/on-click-action/payload"}},
		{"exchange without endpoint", one("", strings.Replace(footer, "complete", "data_exchange", 1)), []string{"MISSING_REQUIRED_PROPERTY " + kids + "/0/on-click-action"}},
		{"a link that completes", one("", `{"type":"EmbeddedLink","text":"x","on-click-action":{"name":"complete","payload":{}}},`+footer), []string{"INVALID_ENUM_VALUE " + kids + "/0/on-click-action/name"}},
		{"handover", walked(`"k":1`, `"k":{"type":"number","__example__":1}`), nil},
		{"handover of the wrong type", walked(`"k":"1"`, `"k":{"type":"number","__example__":1}`), []string{"INVALID_NAVIGATE_ACTION_PAYLOAD " + kids + "/1/on-click-action/payload/k"}},
		{"handover of too much and too little", walked(`"x":1`, `"k":{"type":"number","__example__":1}`), []string{"INVALID_NAVIGATE_ACTION_PAYLOAD " + kids + "/1/on-click-action/payload/x", "INVALID_NAVIGATE_ACTION_PAYLOAD " + kids + "/1/on-click-action"}},
		{"photos by navigate", walked(`"k":"${form.photo}"`, `"k":{"type":"array","items":{"type":"string"},"__example__":[]}`), []string{"INVALID_ON_CLICK_ACTION_PAYLOAD " + kids + "/1/on-click-action/payload/k"}},
		{"navigate to nowhere", strings.Replace(walked("", ""), `"name":"B"}`, `"name":"Z"}`, 1), []string{"INVALID_NAVIGATE_ACTION_NEXT_SCREEN_NAME " + kids + "/1/on-click-action/next/name", "INVALID_ROUTING_MODEL /screens/1", "INVALID_ROUTING_MODEL /screens/0"}},

		{"payload of undeclared data", one("", strings.Replace(footer, "{}}", `{"x":"${data.k}"}}`, 1)), []string{"INVALID_ON_CLICK_ACTION_PAYLOAD " + kids + "/0/on-click-action/payload/x"}},
		{"visible by text", one(`"k":{"type":"string","__example__":""}`, `{"type":"TextBody","text":"x","visible":"${data.k}"},`+footer), []string{"INVALID_SCREEN_DYNAMIC_DATA " + kids + "/0/visible"}},
		{"heading of a number", one(`"k":{"type":"number","__example__":1}`, `{"type":"TextHeading","text":"${data.k}"},`+footer), []string{"INVALID_SCREEN_DYNAMIC_DATA " + kids + "/0/text"}},
		{"options without title", one(`"k":{"type":"array","items":{"type":"object","properties":{"id":{"type":"string"}}},"__example__":[]}`, `{"type":"Dropdown","name":"n","label":"N","data-source":"${data.k}"},`+footer), []string{"INVALID_SCREEN_DYNAMIC_DATA " + kids + "/0/data-source"}},
		{"global names", one("", `{"type":"TextBody","text":"${screen.A.form.x}"},{"type":"TextBody","text":"${screen.Z.data.x}"},`+footer), []string{"INVALID_SCREEN_DATA " + kids + "/0/text", "INVALID_SCREEN_DATA " + kids + "/1/text"}},

		{"good routes", routed(`{"A":["B","C"],"B":["C"],"C":["D"]}`), nil},
		{"to itself", routed(`{"A":["A","B"],"B":["C"],"C":["D"]}`), []string{"INVALID_ROUTING_MODEL /routing_model/A/0"}},
		{"from nowhere", routed(`{"A":["B"],"B":["C"],"C":["D"],"X":[]}`), []string{"INVALID_ROUTING_MODEL /routing_model/X"}},
		{"long loop", routed(`{"A":["B"],"B":["C"],"C":["D"],"D":["B"]}`), []string{"INVALID_ROUTING_MODEL /routing_model/D/0"}},
		{"all in a loop", routed(`{"A":["B"],"B":["C"],"C":["D"],"D":["A"]}`), []string{"INVALID_ROUTING_MODEL /routing_model/D/0", "INVALID_ROUTING_MODEL /routing_model"}},
		{"two islands", routed(`{"A":["D"],"B":["C"],"C":[]}`), []string{"INVALID_ROUTING_MODEL /screens/1", "INVALID_ROUTING_MODEL /screens/2"}},
		{"eleven branches", routed(`{"A":["B",` + repeat(`"D"`, 10) + `],"B":["C"],"C":["D"]}`), []string{"INVALID_ROUTING_MODEL /screens/0"}},
		{"targets that are no ids", routed(`{"A":["B",1],"B":["C"],"C":["D"],"D":"x"}`), []string{"INVALID_PROPERTY_TYPE /routing_model/A/1", "INVALID_PROPERTY_TYPE /routing_model/D"}},
		{"navigate without a route", strings.Replace(routed(`{"A":["B"],"B":["C"],"C":["D"]}`), `{"name":"data_exchange",`, `{"name":"navigate","next":{"name":"D"},`, 1), []string{"INVALID_ROUTING_MODEL " + kids + "/0/on-click-action/next/name"}},
	} {
		_, problems := flowjson.Parse([]byte(c.json))
		var got []string
		for _, p := range problems {
			told := p.Code + " " + p.Path
			if p.Severity == flowjson.Warning {
				told += w
			}
			got = append(got, told)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: Parse tells\n%q; want\n%q", c.name, got, c.want)
		}
	}
}

func numbered(format string, n int) []string {
	var all []string
	for i := range n {
		all = append(all, fmt.Sprintf(format, i))
	}
	return all
}

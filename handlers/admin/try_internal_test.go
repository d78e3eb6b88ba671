package admin

import (
	"net/url"
	"reflect"
	"testing"
	"time"

	"switchyard/models/flowjson"
	"switchyard/models/rules"
)

// handing is a flow whose phone goes from A to B by itself and hands over what was entered; B sends it, and C asks when
// the customer goes back.
const handing = `{"version":"7.3","data_api_version":"3.0","routing_model":{"A":["B"],"B":["C"],"C":[]},"screens":[
{"id":"A","title":"A","data":{},"layout":{"type":"SingleColumnLayout","children":[
	{"type":"TextInput","name":"first","label":"Name"},{"type":"OptIn","name":"news","label":"News"},
	{"type":"Footer","label":"Next","on-click-action":{"name":"navigate","next":{"type":"screen","name":"B"},"payload":{"who":"${form.first}","way":"phone"}}}]}},
{"id":"B","title":"B","data":{"who":{"type":"string","__example__":"Ben"}},"layout":{"type":"SingleColumnLayout","children":[
	{"type":"DatePicker","name":"day","label":"Day","on-select-action":{"name":"data_exchange","payload":{"day":"${form.day}"}}},
	{"type":"Footer","label":"Send","on-click-action":{"name":"data_exchange","payload":{"name":"${data.who}","news":"${screen.A.form.news}","on":"${form.day}"}}}]}},
{"id":"C","title":"C","terminal":true,"refresh_on_back":true,"data":{},"layout":{"type":"SingleColumnLayout","children":[{"type":"TextBody","text":"Done"}]}}]}`

func handingTry(t *testing.T) *tryRun {
	t.Helper()
	f, problems := flowjson.Parse([]byte(handing))
	if f == nil {
		t.Fatalf("the flow is not read: %v", problems)
	}
	doc := rules.Document{Screens: map[string]*rules.ScreenRules{"B": {Otherwise: &rules.Outcome{Go: "C"}}}}
	run := &tryRun{now: time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)}
	run.json = f
	run.set, _ = rules.Salvage(doc, f, nil, time.UTC)
	run.play(0)
	return run
}

func TestATryHandsOverWhatThePhoneKnows(t *testing.T) {
	run := handingTry(t)
	for _, step := range []struct {
		do   string
		form url.Values
		sees string
		data map[string]any // of the move
	}{
		{"open", url.Values{"screen": {"A"}}, "A", map[string]any{}},
		{"back", nil, "A", map[string]any{}}, // closes the form: no move
		{"go-0", url.Values{"in.first": {"Ada"}, "in.news": {"true"}}, "B", map[string]any{"who": "Ada", "way": "phone"}},
		{"back", nil, "A", nil}, // by itself, for B does not ask
		{"go-0", url.Values{"in.first": {"Eva"}, "in.news": {"true"}}, "B", map[string]any{"who": "Eva", "way": "phone"}},
		{"send-1", url.Values{"in.day": {"2026-12-24"}}, "C", map[string]any{"name": "Eva", "news": true, "on": "2026-12-24"}},
		{"back", nil, "B", nil}, // asked
	} {
		if errs := run.move(step.do, step.form); len(errs) > 0 {
			t.Fatalf("%s: %v", step.do, errs)
		}
		last := run.moves[len(run.moves)-1]
		if run.run.Screen != step.sees || !reflect.DeepEqual(last.Data, step.data) {
			t.Fatalf("%s shows %s with %v; want %s with %v", step.do, run.run.Screen, last.Data, step.sees, step.data)
		}
	}
	if phone, asked := run.page.Steps[2], run.page.Steps[5]; !phone.Phone || asked.Phone || asked.Decision.Rule != "Trail" {
		t.Errorf("going back: %+v, then %+v; want the first by the phone, the second asked", phone, asked)
	}
	moves, err := readMoves(jsonText(run.moves))
	if err != nil {
		t.Fatal(err)
	}
	run.moves = moves
	run.play(len(moves))
	run.next()
	if run.run.Screen != "B" || len(run.page.Fields) != 1 || !reflect.DeepEqual(run.page.Fields[0].Values, []string{"2026-12-24"}) {
		t.Errorf("played anew: %s with %+v; want B with what was entered there", run.run.Screen, run.page.Fields)
	}
	if b := run.page.Buttons; len(b) != 2 || b[0].Do != "send-1" || b[1].Do != "send-0" {
		t.Errorf("buttons = %+v; want the footer first, for Enter presses it", b)
	}
}

// TestATryTakesOnlyTheButtonsOfItsScreen sends what no button of the screen says.
func TestATryTakesOnlyTheButtonsOfItsScreen(t *testing.T) {
	for _, screen := range []string{"A", "B", "C"} {
		for _, do := range []string{"", "send", "go", "send-", "send--1", "send-9", "go-9", "complete-0", "cut-9", "open", "-0", map[string]string{"A": "send-0", "B": "go-0", "C": "send-0"}[screen]} {
			run := handingTry(t)
			run.move("open", url.Values{"screen": {screen}})
			if errs := run.move(do, url.Values{}); len(errs) > 0 || run.run.Screen != screen {
				t.Errorf("%q on %s shows %s, %v; want nothing done", do, screen, run.run.Screen, errs)
			}
		}
	}
}

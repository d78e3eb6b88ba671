package views_test

import (
	"encoding/json"
	"testing"

	"switchyard/models/flowjson"
	"switchyard/views"
)

// claims is a flow whose amount and period are sensitive.
func claims(t *testing.T) *flowjson.Flow {
	t.Helper()
	f, problems := flowjson.Parse([]byte(`{"version":"7.1","screens":[{"id":"A","title":"A","terminal":true,"sensitive":["amount","period"],"layout":{"type":"SingleColumnLayout","children":[
		{"type":"TextInput","name":"amount","label":"Amount","input-type":"number"},{"type":"TextInput","name":"kind","label":"Kind"},
		{"type":"CalendarPicker","name":"period","label":"When","mode":"range"},
		{"type":"Footer","label":"Send","on-click-action":{"name":"complete","payload":{"sum":"${form.amount}","kind":"${form.kind}"}}}]}}]}`))
	if f == nil {
		t.Fatal(problems)
	}
	return f
}

func TestSensitiveAnswersAreHiddenFromViewersOnly(t *testing.T) {
	answers := map[string]any{"amount": json.Number("600"), "sum": "600", "total": "600", "kind": "theft", "period": map[string]any{"start-date": "2026-11-01"},
		"claim": map[string]any{"amount": "600", "kind": "theft"}}
	for _, c := range []struct{ column, viewer, support string }{
		{"amount", "•••", "600"},
		{"sum", "•••", "600"},   // the same field under another key of the payload
		{"total", "•••", "600"}, // and as a finish outcome names it
		{"kind", "theft", "theft"},
		{"period", "•••", "start-date: 2026-11-01"},
		{"period.start-date", "•••", "2026-11-01"},
		{"claim", "amount: •••, kind: theft", "amount: 600, kind: theft"},
		{"claim.amount", "•••", "600"},
		{"missing", "", ""},
	} {
		reader := views.Answers{Flow: claims(t), Sources: map[string]string{"total": "A.amount"}}
		if got := reader.Cell(c.column, answers).Text; got != c.support {
			t.Errorf("Cell(%s) = %q; want %q", c.column, got, c.support)
		}
		reader.Mask = true
		if got := reader.Cell(c.column, answers).Text; got != c.viewer {
			t.Errorf("Cell(%s) of viewers = %q; want %q", c.column, got, c.viewer)
		}
	}
	reader := views.Answers{Flow: claims(t), Mask: true}
	if got := reader.View("amount", "").Text; got != "" {
		t.Errorf("View of nothing = %q; want nothing", got)
	}
}

func TestSensitiveAnswersAreHiddenInRawJSON(t *testing.T) {
	for _, c := range []struct{ raw, viewer string }{
		{`{"kind": "theft 600", "amount": 600, "n": 600}`, `{"kind": "theft 600", "amount": "•••", "n": 600}`},
		{`{"amount":{"value":[600]},"sum":"600","x":[{"amount":"6\"00"},[{}],{"a":{}}],"y":null}`, `{"amount": "•••","sum": "•••","x":[{"amount": "•••"},[{}],{"a":{}}],"y":null}`},
		{`{"\u0061mount" : [ 600 ] }`, `{"\u0061mount": "•••" }`},
		{`{"n":1e400,"amount":-1e400}`, `{"n":1e400,"amount": "•••"}`},
		{`{}`, `{}`}, {`"amount"`, `"amount"`},
		{`{"amount": 600`, "•••"}, {``, "•••"},
	} {
		reader := views.Answers{Flow: claims(t)}
		if got := reader.Raw(c.raw, nil); got != c.raw {
			t.Errorf("Raw(%s) = %s; want it as it is", c.raw, got)
		}
		reader.Mask = true
		if got := reader.Raw(c.raw, nil); got != c.viewer {
			t.Errorf("Raw(%s) of viewers = %s; want %s", c.raw, got, c.viewer)
		}
	}
	if got := (views.Answers{Mask: true}).Raw(`{"amount": 600`, nil); got != `{"amount": 600` {
		t.Errorf("Raw of an unknown flow = %s; want it as it is", got)
	}
}

func FuzzRawOfViewersIsJSONWithoutSensitiveAnswers(f *testing.F) {
	f.Add(`{"amount": 600, "a": [{"sum": {"b": 1e400}}]}`)
	f.Add(`{"amount`)
	f.Fuzz(func(t *testing.T, raw string) {
		got := views.Answers{Flow: claims(t), Mask: true}.Raw(raw, nil)
		if got == "•••" {
			return
		}
		var answers map[string]any
		if !json.Valid([]byte(got)) {
			t.Fatalf("Raw(%q) = %q; want JSON", raw, got)
		}
		if json.Unmarshal([]byte(got), &answers) == nil && answers["amount"] != nil && answers["amount"] != "•••" {
			t.Errorf("Raw(%q) = %q; want no amount", raw, got)
		}
	})
}

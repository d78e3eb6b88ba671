package views_test

import (
	"encoding/json"
	"strings"
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

func TestSensitiveAnswersAreHiddenUntilTheyAreRevealed(t *testing.T) {
	answers := map[string]any{"amount": json.Number("600"), "sum": "600", "total": "600", "kind": "theft", "period": map[string]any{"start-date": "2026-11-01"},
		"claim": map[string]any{"amount": "600", "kind": "theft"}}
	for _, c := range []struct{ column, hidden, revealed string }{
		{"amount", "Hidden", "600"},
		{"sum", "Hidden", "600"},   // the same field under another key of the payload
		{"total", "Hidden", "600"}, // and as a finish outcome names it
		{"kind", "theft", "theft"},
		{"period", "Hidden", "start-date: 2026-11-01"},
		{"period.start-date", "Hidden", "2026-11-01"},
		{"claim", "amount: Hidden, kind: theft", "amount: 600, kind: theft"},
		{"claim.amount", "Hidden", "600"},
		{"missing", "", ""},
	} {
		reader := views.ReadAnswers(claims(t), map[string]string{"total": "A.amount"})
		for _, mask := range []bool{false, true} {
			reader.Mask = mask
			if got := reader.Cell(c.column, answers).Text; got != c.hidden {
				t.Errorf("Cell(%s) = %q; want %q, whether for viewers (%t) or not", c.column, got, c.hidden, mask)
			}
		}
		reader.Mask, reader.Revealed = false, true
		if got := reader.Cell(c.column, answers).Text; got != c.revealed {
			t.Errorf("Cell(%s), revealed = %q; want %q", c.column, got, c.revealed)
		}
	}
	reader := views.ReadAnswers(claims(t), nil)
	reader.Mask = true
	if got := reader.View("amount", "").Text; got != "" {
		t.Errorf("View of nothing = %q; want nothing", got)
	}
}

// decoded is an object as the inbox decodes it; nil when it is none.
func decoded(raw string) map[string]any {
	var answers map[string]any
	d := json.NewDecoder(strings.NewReader(raw))
	d.UseNumber()
	if d.Decode(&answers) != nil || d.More() {
		return nil
	}
	return answers
}

func TestRawTextOfViewersIsWrittenAnewFromTheAnswers(t *testing.T) {
	for _, c := range []struct{ raw, viewer string }{
		{`{"kind": "theft 600", "amount": 600, "n": 600}`, `{"amount":"Hidden","kind":"theft 600","n":600}`},
		{`{"amount":{"value":[600]},"sum":"600","x":[{"amount":"6\"00"},[{}],{"a":{}}],"y":null}`, `{"amount":"Hidden","sum":"Hidden","x":[{"amount":"Hidden"},[{}],{"a":{}}],"y":null}`},
		{`{"\u0061mount" : [ 600 ] }`, `{"amount":"Hidden"}`},
		{`{"n":1e400,"amount":-1e400,"kind":[],"sum":""}`, `{"amount":"Hidden","kind":[],"n":1e400,"sum":""}`},
		{`{"kind":"\u002b5521333344\u0035\u0035","n":552133334455}`, `{"kind":"+55 •••• 55","n":"+55 •••• 55"}`},
		{`{"552133334455":"claim.\u0053ECRET","a":{"claim.SECRET":1}}`, `{"+55 •••• 55":"••••","a":{"••••":1}}`},
		{`{}`, `{}`},
	} {
		reader := views.ReadAnswers(claims(t), nil)
		reader.Phone, reader.Token = "552133334455", "claim.SECRET"
		reader.Revealed = true
		if got := reader.Raw(c.raw, decoded(c.raw)); got != (views.RawText{Text: c.raw}) {
			t.Errorf("Raw(%s) = %+v; want it as it is", c.raw, got)
		}
		reader.Mask, reader.Revealed = true, false
		if got := reader.Raw(c.raw, decoded(c.raw)); got.Text != c.viewer || got.Note == "" {
			t.Errorf("Raw(%s) of viewers = %+v; want %s and a note", c.raw, got, c.viewer)
		}
	}
}

func TestViewersSeeNothingOfATextThatCouldNotBeDecoded(t *testing.T) {
	const raw = `{"flow_token":"claim.SECRET","phone":"+552133334455","name": `
	for name, reader := range map[string]views.Answers{"a flow": views.ReadAnswers(claims(t), nil), "no flow": {}} {
		reader.Revealed = true
		if got := reader.Raw(raw, nil); got.Text != raw {
			t.Errorf("Raw of %s = %+v; want it as it is", name, got)
		}
		reader.Mask, reader.Revealed = true, false
		if got := reader.Raw(raw, nil); got != (views.RawText{Note: "Only support and above see the text as it came (61 B)."}) {
			t.Errorf("Raw of %s for viewers = %+v; want a sentence with the size", name, got)
		}
	}
}

func TestWhatAnObjectOrAListHoldsIsMaskedToo(t *testing.T) {
	reader := views.ReadAnswers(claims(t), nil)
	reader.Mask, reader.Phone = true, "552133334455"
	for in, want := range map[string]string{
		`[{"amount":600,"kind":"theft"}]`:      `[{"amount":"Hidden","kind":"theft"}]`,
		`{"a":{"amount":600}}`:                 "a.amount: Hidden",
		`[["+55 21 3333-4455"]]`:               `[["+55 •••• 55"]]`,
		`["552133334455", 552133334455]`:       "+55 •••• 55, +55 •••• 55",
		`{"552133334455":true}`:                "+55 •••• 55: true",
		`{"` + deepKey + `":{"amount":"600"}}`: deepKey + `: {"amount":"Hidden"}`,
	} {
		if got := reader.View("other", decode(t, in)).Text; got != want {
			t.Errorf("View(%s) of viewers = %s; want %s", in, got, want)
		}
	}
}

// deepKey is so long that what is below it is not flattened.
var deepKey = strings.Repeat("deep ", 50)

func FuzzRawOfViewersIsJSONWithoutSensitiveAnswers(f *testing.F) {
	f.Add(`{"amount": 600, "a": [{"sum": {"b": 1e400}}]}`)
	f.Add(`{"amount`)
	f.Fuzz(func(t *testing.T, raw string) {
		reader := views.ReadAnswers(claims(t), nil)
		reader.Mask = true
		got := reader.Raw(raw, decoded(raw)).Text
		if got == "" || len(got) > 64<<10 {
			return
		}
		answers := decoded(got)
		if answers == nil {
			t.Fatalf("Raw(%q) = %q; want JSON", raw, got)
		}
		if v := answers["amount"]; v != nil && v != "" && v != "Hidden" && len(v.([]any)) > 0 {
			t.Errorf("Raw(%q) = %q; want no amount", raw, got)
		}
	})
}

package models_test

import (
	"bytes"
	"encoding/json"
	"math"
	"testing"

	"switchyard/models"
)

func FuzzAppendJSONWritesAsTheStandardLibrary(f *testing.F) {
	for _, s := range []string{
		`null`, `true`, `"a"`, `"<b>&\"\\\u0000\u007f\u2028ü"`, "\"\xff\"", `-1.50e400`, `9007199254740993`, `[]`, `{}`, `[1,"x",[null],{"b":false}]`,
		`{"b":1,"a":{"<":["é"],"":""},"A":[{}]}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		var v any
		d := json.NewDecoder(bytes.NewReader(raw))
		d.UseNumber()
		if d.Decode(&v) != nil {
			return
		}
		want, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := models.AppendJSON([]byte("x"), v); err != nil || string(got) != "x"+string(want) {
			t.Errorf("AppendJSON(x, %q) = %q, %v; want x%q", raw, got, err, want)
		}
	})
}

func TestAppendJSONWritesWhatIsNotDecoded(t *testing.T) {
	for _, v := range []any{
		map[string]any(nil), []any(nil), map[string]map[string]any(nil), map[string]map[string]any{"b": nil, "a": {"x": 1.5}}, []string{"<"}, 7, json.RawMessage(`{"a" : 1}`),
	} {
		want, err := json.Marshal(v)
		if got, failed := models.AppendJSON(nil, v); string(got) != string(want) || err != nil || failed != nil {
			t.Errorf("AppendJSON(%#v) = %s, %v; want %s", v, got, failed, want)
		}
	}
	for _, v := range []any{math.NaN(), []any{math.NaN()}, map[string]any{"a": math.Inf(1)}, json.Number("x")} {
		if got, err := models.AppendJSON(nil, v); err == nil {
			t.Errorf("AppendJSON(%#v) = %s; want an error", v, got)
		}
	}
}

package models

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

func FuzzEncodeJSONWritesAsAnEncoderThatLeavesHTML(f *testing.F) {
	for _, s := range []string{`"<b>&\"\\\u0000\u007f\u2028ü—"`, "\"\xff\"", `[1,-0.5e9,{"<":"é","b":[null,true]}]`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		var v any
		d := json.NewDecoder(bytes.NewReader(raw))
		d.UseNumber()
		if d.Decode(&v) != nil {
			return
		}
		var want strings.Builder
		e := json.NewEncoder(&want)
		e.SetEscapeHTML(false)
		if err := e.Encode(v); err != nil {
			t.Fatal(err)
		}
		if got, err := encodeJSON(v); err != nil || got+"\n" != want.String() {
			t.Errorf("encodeJSON(%q) = %q, %v; want %q", raw, got, err, want.String())
		}
	})
}

func TestSearchTextIsThatOfAllTextsFoldedAtOnce(t *testing.T) {
	mark := "\u0301"
	answers := map[string]any{"a": "ÀB\x00c", "b": []any{"", mark, "\xff\xfeX", json.Number("7")}, "c": map[string]any{"z": "İ", "y": true}, "d": mark}
	c := Contact{Phone: "447700900001", Name: "Łukasz" + mark, Username: "ADA"}
	parts := []string{c.Phone, c.Name, c.Username, "Tok.1", "ÀB\x00c", mark, "\xff\xfeX", "7", "true", "İ", mark}
	if got, want := searchText(c, "Tok.1", answers, Sensitive{}), fold(strings.Join(parts, "\n")); got != want {
		t.Errorf("searchText = %q; want %q", got, want)
	}
}

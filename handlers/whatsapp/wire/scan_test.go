package wire

import (
	"encoding/json"
	"reflect"
	"slices"
	"testing"
)

// FuzzScan holds the walk against encoding/json: the same members and elements for every JSON, and an end for every
// text that is none.
func FuzzScan(f *testing.F) {
	for _, s := range []string{
		`{}`, `[]`, `{"a":1,"b":[1,{"c":"}"}],"\u0061":"\\\""}`, ` [ 1 , "a,]" , null ,{"x":[ ]} ] `, `{"a" : -1.5e9 , "b":true}`, `"x"`, `1`,
		`{"a":{"a":{"a":[]}}}`, "{\"\xff\":\"\xff\"}", `{"a":"\ud800"}`, `[[],[[]],"",0]`, `{"":""}`, `{`, `{"a`, `["\`, `{"a":}`, `[,,]`, `{,}`, `[1}`, `{"a"]`,
		`{"a":"b"}`, " { \"a\" : \"b\" ,\n\"c\":\"\" } ", `{"a":"b","a":"c"}`, `{"a":"b",}`, `{"a":"b"}}`, `{"a":"b"`, `{"a":"b","c"}`, `{"a" "b"}`, "{\"a\":\"\t\"}", `{"a":"\u0062"}`, `{"a":"ä"}`,
		`{"a":"b","n":-1.50e3,"t":true,"f":false,"0":null}`, `{"a":"\ud800","b":"` + "\xff" + `"}`, `{"a":"b","c":{"d":1}}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		got := objectOf(raw)
		list := slices.Collect(elements(raw))
		texts, plain := plainTexts(raw)
		if plain && !json.Valid(raw) {
			t.Errorf("plainTexts(%q) = %q; want none of what is no JSON", raw, texts)
		}
		if !json.Valid(raw) {
			return
		}
		if plain && !reflect.DeepEqual(texts, got) {
			t.Errorf("plainTexts(%q) = %q; want %q", raw, texts, got)
		}
		var data map[string]any
		if decodeNumbers(raw, &data) == nil && data != nil {
			if into := map[string]any{}; flat(raw, into) && !reflect.DeepEqual(into, data) {
				t.Errorf("flat(%q) = %v; want %v", raw, into, data)
			}
		}
		var want map[string]json.RawMessage
		if json.Unmarshal(raw, &want) == nil && want != nil && !reflect.DeepEqual(map[string]json.RawMessage(got), want) {
			t.Errorf("objectOf(%q) = %q; want %q", raw, got, want)
		}
		var wantList []json.RawMessage
		if json.Unmarshal(raw, &wantList) == nil && len(wantList) > 0 && !reflect.DeepEqual(list, wantList) {
			t.Errorf("elements(%q) = %q; want %q", raw, list, wantList)
		}
		var s string
		if json.Unmarshal(raw, &s) == nil && raw[0] == '"' && raw[len(raw)-1] == '"' && textOf(raw) != s {
			t.Errorf("textOf(%q) = %q; want %q", raw, textOf(raw), s)
		}
	})
}

func TestAnEnvelopeAsClientsWriteItIsReadInOnePass(t *testing.T) {
	for raw, want := range map[string]bool{
		`{"a":"b"}`: true, " {\n\"a\" : \"b\" , \"c\":\"\" }\r\n": true,
		``: false, `{}`: false, `{"a"`: false, `{"a":`: false, `{"a":"b"`: false, `{"a":"b",}`: false, `{"a":"b"}x`: false, `{"a":1}`: false, `{"a":"\n"}`: false, `["a"]`: false,
	} {
		if o, ok := plainTexts([]byte(raw)); ok != want || ok && string(o["a"]) != `"b"` {
			t.Errorf("plainTexts(%q) = %q, %t; want %t", raw, o, ok, want)
		}
	}
}

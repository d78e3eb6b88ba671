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
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		got := objectOf(raw)
		list := slices.Collect(elements(raw))
		if !json.Valid(raw) {
			return
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

package models

import (
	"bytes"
	"encoding/json"
	"reflect"
	"testing"
)

// slow is what decodeAnswers must agree with.
func slow(text []byte) (map[string]any, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var m map[string]any
	err := d.Decode(&m)
	return m, err
}

var answerTexts = []string{
	`{}`, `{"a":"1","b":[1,-2.5e3,true,false,null,"x"],"c":{"d":{"e":[]}}}`, `{"q":"\"\\\/\b\u0000\u00e9\ud83d\ude00"}`, `{"nul":"\u0000"}`,
	`{"a":1,"a":2}`, ` { "a" : 1 } `, `{"a":01}`, `{"a":tru}`, `{"a":"\"}`, `{"a":"x`, `{"a":}`, `{"a":"x"}}`, `{"a":[1,]}`, `[1]`, `null`, ``, `{"a":NaN}`, `{"a":"\x"}`,
	"{\"a\":\"\xff\"}", "{\"a\":\"\n\"}", `{"a" 1}`, `{,}`, `{"a":[}`, `{"a":1 }`, `{"a":"\\"}`, `{"a":"\\\""}`,
}

func TestDecodeAnswersAgreesWithEncodingJSON(t *testing.T) {
	for _, text := range answerTexts {
		same(t, []byte(text))
	}
}

func FuzzDecodeAnswers(f *testing.F) {
	for _, text := range answerTexts {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) { same(t, text) })
}

// same holds for what this program wrote; of anything else only that nothing breaks and valid JSON is not refused.
func same(t *testing.T, text []byte) {
	t.Helper()
	want, wantErr := slow(text)
	if _, err := decodeAnswers(text); wantErr == nil && err != nil {
		t.Errorf("decodeAnswers(%q) = %v; want it decoded", text, err)
	}
	if wantErr != nil || want == nil {
		return
	}
	written, err := encodeJSON(want)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := decodeAnswers([]byte(written)); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("decodeAnswers(%q) = %#v, %v; want %#v", written, got, err, want)
	}
}

// BenchmarkDecodeAnswers decodes twelve answers by both, in turn.
func BenchmarkDecodeAnswers(b *testing.B) {
	text := []byte(`{"age":42,"city":"São Paulo","country":"BR","date":"2026-12-01","department":"dental","email":"s1@example.com","name":"Sofía Martínez 1","notes":"after work, please — “late” is fine","plan":"gold","symptoms":["0_pain","2_swelling"],"terms":true,"time":"10:30"}`)
	for name, decode := range map[string]func([]byte) (map[string]any, error){"ours": decodeAnswers, "encoding/json": slow} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := decode(text); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

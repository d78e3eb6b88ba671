package wire

import (
	"bytes"
	"encoding/json"
	"testing"
)

func TestEveryTextIsWrittenAsTheEncoderWritesIt(t *testing.T) {
	texts := []string{"", "plain", "ünï", "\u2028", "a\xffb", `\`, "<b>&amp;"}
	for c := range 256 {
		texts = append(texts, "a"+string([]byte{byte(c)})+"b")
	}
	for _, text := range texts {
		var want bytes.Buffer
		e := json.NewEncoder(&want)
		e.SetEscapeHTML(false)
		if err := e.Encode(text); err != nil {
			t.Fatal(err)
		}
		if got := encode(text); string(got)+"\n" != want.String() {
			t.Errorf("encode(%q) = %s; want %s", text, got, want.String())
		}
	}
}

package admin

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"

	"switchyard/models/rules"
)

// A form shows less than a document holds: 18 and "18" look alike, a line has no line breaks. So the form carries what
// each of its parts was made from, and a part that comes back as it was shown stays exactly what it was.

// seen is a text as a browser sends it back from any control: without line breaks, which it drops or rewrites, and with
// what visible makes of it.
var seen = strings.NewReplacer("\r", "", "\n", "", "\x00", "␀")

// same tells whether a posted text is one that was shown.
func same(posted, shown string) bool { return seen.Replace(posted) == seen.Replace(shown) }

// asWas is the text that was shown when it comes back unchanged, else what was posted.
func asWas(posted, was string) string {
	if same(posted, was) {
		return was
	}
	return posted
}

// madeOf is a rule as its form carries it: what no row of the form carries.
func madeOf(r rules.Rule) string {
	kept := rules.Rule{Name: r.Name, Off: r.Off, Then: rules.Outcome{Go: r.Then.Go, Expire: r.Then.Expire}}
	if s := r.Then.Stay; s != nil {
		kept.Then.Stay = &rules.Stay{Error: s.Error, Errors: s.Errors}
	}
	return jsonText(kept)
}

// ruleOf reads what madeOf wrote. What cannot be read is a rule without anything.
func ruleOf(made string) (r rules.Rule) {
	if json.Unmarshal([]byte(made), &r) != nil {
		return rules.Rule{}
	}
	return r
}

// pair is one entry of data or params as its row carries it.
func pair(key string, v any) string { return jsonText(map[string]any{key: v}) }

// pairOf reads what pair wrote.
func pairOf(made string) (key string, v any, ok bool) {
	m, is := decodeJSON(made).(map[string]any)
	for key, v = range m {
		return key, v, is && len(m) == 1
	}
	return "", nil, false
}

// jsonText is a value as JSON in one line; "" for what JSON cannot hold, which no document has.
func jsonText(v any) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if e.Encode(v) != nil {
		return ""
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// decodeJSON is nil for what is not one JSON value.
func decodeJSON(text string) any {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var v any
	if d.Decode(&v) != nil {
		return nil
	}
	if _, err := d.Token(); err != io.EOF {
		return nil
	}
	return v
}

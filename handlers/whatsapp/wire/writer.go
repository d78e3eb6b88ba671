package wire

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
)

// A writer writes JSON piece by piece. HTML stays as it is: a phone shows it, no browser reads it.
type writer struct {
	bytes.Buffer
	json *json.Encoder // into the buffer
}

func newWriter() *writer {
	w := new(writer)
	w.json = json.NewEncoder(&w.Buffer)
	w.json.SetEscapeHTML(false)
	return w
}

// write writes v; of what JSON cannot hold (NaN) it writes nothing and tells so.
func (w *writer) write(v any) (ok bool) {
	if text, isText := v.(string); isText && simple(text) {
		w.WriteByte('"')
		w.WriteString(text)
		w.WriteByte('"')
		return true
	}
	before := w.Len()
	if w.json.Encode(v) != nil {
		w.Truncate(before)
		return false
	}
	w.Truncate(w.Len() - len("\n"))
	return true
}

// simple tells that a text is plain ASCII without anything to escape.
func simple(text string) bool {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			return false
		}
	}
	return true
}

// writeEach writes an object and leaves out each value that cannot be written, and null, which no client accepts.
func (w *writer) writeEach(data map[string]any) {
	w.WriteByte('{')
	first := w.Len()
	for _, key := range slices.Sorted(maps.Keys(data)) {
		before := w.Len()
		if before > first {
			w.WriteByte(',')
		}
		w.write(key)
		w.WriteByte(':')
		value := w.Len()
		if !w.write(data[key]) || string(w.Bytes()[value:]) == "null" {
			w.Truncate(before)
		}
	}
	w.WriteByte('}')
}

// encode returns nil for what JSON cannot hold.
func encode(v any) []byte {
	w := newWriter()
	if !w.write(v) {
		return nil
	}
	return w.Bytes()
}

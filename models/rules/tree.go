package rules

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// Limits of a document as text.
const (
	maxBytes = 4 << 20
	maxDepth = 128 // of JSON, which is more than 32 conditions need
)

// errTooDeep stops reading before the nesting costs anything.
var errTooDeep = errors.New("it is nested more than 128 deep")

// An object keeps the keys of a JSON object in their order, so that problems come in the order of the text.
type object struct {
	keys   []string
	values map[string]any
}

// A reader turns JSON into objects, lists and plain values and notes duplicate keys with their place.
type reader struct {
	dec      *json.Decoder
	problems []Problem
}

// readTree reads one JSON value and nothing after it.
func readTree(raw []byte) (any, []Problem) {
	if len(raw) > maxBytes {
		return nil, []Problem{fault("limit", "", "The document is larger than 4 MiB. Make it smaller.")}
	}
	r := &reader{dec: json.NewDecoder(bytes.NewReader(raw))}
	r.dec.UseNumber()
	v, err := r.value("", 0)
	if err == nil {
		if _, end := r.dec.Token(); end != io.EOF {
			err = errors.New("there is text after its end")
		}
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = errors.New("it ends too early")
	}
	if err != nil {
		msg := fmt.Sprintf("The document is not valid JSON near byte %d: %s.", r.dec.InputOffset(), strings.TrimSuffix(err.Error(), "."))
		return nil, append(r.problems, fault("json", "", msg))
	}
	return v, r.problems
}

func (r *reader) value(path string, depth int) (any, error) {
	tok, err := r.dec.Token()
	if err != nil {
		return nil, err
	}
	delim, ok := tok.(json.Delim)
	switch {
	case !ok:
		return tok, nil
	case depth >= maxDepth:
		return nil, errTooDeep
	case delim == '{':
		return r.object(path, depth)
	default:
		return r.list(path, depth)
	}
}

func (r *reader) object(path string, depth int) (any, error) {
	o := &object{values: map[string]any{}}
	for r.dec.More() {
		tok, err := r.dec.Token()
		if err != nil {
			return nil, err
		}
		key, _ := tok.(string)
		place := join(path, key)
		v, err := r.value(place, depth+1)
		if err != nil {
			return nil, err
		}
		if _, twice := o.values[key]; twice {
			r.problems = append(r.problems, fault("duplicate-key", place, fmt.Sprintf("The key “%s” stands here twice. Keep one.", key)))
			continue
		}
		o.keys = append(o.keys, key)
		o.values[key] = v
	}
	_, err := r.dec.Token()
	return o, err
}

func (r *reader) list(path string, depth int) (any, error) {
	out := []any{}
	for r.dec.More() {
		v, err := r.value(join(path, strconv.Itoa(len(out))), depth+1)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	_, err := r.dec.Token()
	return out, err
}

// plain turns what readTree made into maps, lists and plain values.
func plain(v any) any {
	switch v := v.(type) {
	case *object:
		out := make(map[string]any, len(v.keys))
		for k, e := range v.values {
			out[k] = plain(e)
		}
		return out
	case []any:
		for i := range v {
			v[i] = plain(v[i])
		}
	}
	return v
}

var pointerEscape = strings.NewReplacer("~", "~0", "/", "~1")

// join adds a step to a JSON pointer.
func join(path string, steps ...string) string {
	for _, s := range steps {
		if strings.ContainsAny(s, "~/") {
			s = pointerEscape.Replace(s)
		}
		path += "/" + s
	}
	return path
}

func fault(code, path, msg string) Problem {
	return Problem{Severity: Error, Code: code, Path: path, Message: msg}
}

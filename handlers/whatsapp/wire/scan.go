package wire

import (
	"bytes"
	"encoding/json"
	"iter"
	"unicode/utf8"
)

// What follows walks JSON that json.Valid has seen. Unlike structs of encoding/json it matches keys exactly (there
// "ID" overrides "id"), never fails on a value of another type, and gives each value as the bytes that came.

const space = " \t\r\n"

// members yields the members of an object in their order, nothing for any other value.
func members(raw []byte) iter.Seq2[string, json.RawMessage] {
	return func(yield func(string, json.RawMessage) bool) {
		b, ok := inside(raw, '{')
		for ok {
			b = bytes.TrimLeft(b, ","+space)
			if len(b) == 0 || b[0] != '"' {
				return
			}
			var k, v []byte
			k, b = cut(b)
			v, b = cut(bytes.TrimLeft(b, ":"+space))
			ok = yield(unquote(k), v)
		}
	}
}

// elements yields the elements of an array in their order, nothing for any other value.
func elements(raw []byte) iter.Seq[json.RawMessage] {
	return func(yield func(json.RawMessage) bool) {
		b, ok := inside(raw, '[')
		for ok {
			b = bytes.TrimLeft(b, ","+space)
			if len(b) == 0 || b[0] == ']' {
				return
			}
			var v []byte
			v, b = cut(b)
			ok = len(v) > 0 && yield(v)
		}
	}
}

func inside(raw []byte, open byte) ([]byte, bool) {
	b := bytes.TrimLeft(raw, space)
	if len(b) == 0 || b[0] != open {
		return nil, false
	}
	return b[1:], true
}

// cut splits the value at the start of b from what follows it.
func cut(b []byte) (value, rest []byte) {
	depth := 0
	for i := 0; i < len(b); i++ {
		switch b[i] {
		case '"':
			i += quoted(b[i:]) - 1
			if depth == 0 {
				return b[: i+1 : i+1], b[i+1:]
			}
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return b[: i+1 : i+1], b[i+1:]
			}
			if depth < 0 { // a number or a word before the end of what holds it
				return b[:i:i], b[i:]
			}
		case ',', ' ', '\t', '\r', '\n':
			if depth == 0 {
				return b[:i:i], b[i:]
			}
		}
	}
	return b, nil
}

// quoted is the length of the string literal at the start of b.
func quoted(b []byte) int {
	if end := 1 + bytes.IndexByte(b[1:], '"'); end > 0 && bytes.IndexByte(b[1:end], '\\') < 0 {
		return end + 1
	}
	for i := 1; i < len(b); i++ {
		switch b[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(b)
}

// unquote returns the text of a string literal; bad UTF-8 becomes U+FFFD, NUL stays.
func unquote(b []byte) string {
	if text, ok := literal(b); ok {
		return string(text)
	}
	var s string
	if json.Unmarshal(b, &s) != nil {
		return ""
	}
	return s
}

// literal returns the bytes of a string literal that needs no reading: it has no escapes and is good UTF-8.
func literal(b []byte) ([]byte, bool) {
	if len(b) < 2 || bytes.IndexByte(b, '\\') >= 0 || !utf8.Valid(b) {
		return nil, false
	}
	return b[1 : len(b)-1], true
}

// plainTexts reads an object of which every key and value is a string in plain ASCII without escapes. One pass does for
// it what json.Valid and objectOf do for any other; ok is false for all else, JSON or not.
func plainTexts(body []byte) (o object, ok bool) {
	rest, ok := inside(body, '{')
	for o = (object{}); ok; {
		var key, value []byte
		if key, rest, ok = plainText(rest); !ok || len(rest) == 0 || rest[0] != ':' {
			return nil, false
		}
		if value, rest, ok = plainText(rest[1:]); !ok || len(rest) == 0 {
			return nil, false
		}
		o[string(key[1:len(key)-1])] = value
		end := rest[0]
		rest = rest[1:]
		if end == '}' {
			return o, len(bytes.TrimLeft(rest, space)) == 0
		}
		ok = end == ','
	}
	return nil, false
}

// plainText splits a string in plain ASCII without escapes, and the space around it, from what follows.
func plainText(b []byte) (literal, rest []byte, ok bool) {
	b = bytes.TrimLeft(b, space)
	if len(b) == 0 || b[0] != '"' {
		return nil, nil, false
	}
	end := 1 + bytes.IndexByte(b[1:], '"')
	if end == 0 {
		return nil, nil, false
	}
	for _, c := range b[1:end] {
		if c < ' ' || c > '~' || c == '\\' {
			return nil, nil, false
		}
	}
	return b[: end+1 : end+1], bytes.TrimLeft(b[end+1:], space), true
}

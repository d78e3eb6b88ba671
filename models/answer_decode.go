package models

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
)

var errAnswers = errors.New("not as this program writes answers")

// decodeAnswers reads answers as encodeJSON wrote them, three times as fast as encoding/json: texts and numbers are
// cut out of one copy. What looks different in any way goes to encoding/json.
func decodeAnswers(text []byte) (map[string]any, error) {
	c := cutter{rest: string(text)}
	v, err := c.value(0)
	if m, ok := v.(map[string]any); ok && err == nil && c.rest == "" {
		return m, nil
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var answers map[string]any
	err = d.Decode(&answers)
	return answers, err
}

// maxCutDepth leaves deep nesting to encoding/json, which bounds it.
const maxCutDepth = 100

// A cutter cuts compact JSON from the front.
type cutter struct{ rest string }

// skip cuts one byte when it comes next.
func (c *cutter) skip(b byte) bool {
	if c.rest == "" || c.rest[0] != b {
		return false
	}
	c.rest = c.rest[1:]
	return true
}

func (c *cutter) value(depth int) (any, error) {
	if c.rest == "" || depth > maxCutDepth {
		return nil, errAnswers
	}
	switch c.rest[0] {
	case '{':
		return c.object(depth)
	case '[':
		return c.list(depth)
	case '"':
		return c.text()
	}
	return c.word()
}

func (c *cutter) object(depth int) (any, error) {
	c.skip('{')
	few := 0
	if depth == 0 { // a map that grows costs as much as all else; a few too many cost nothing
		few = min(strings.Count(c.rest, `":`), maxAnswerRows)
	}
	m := make(map[string]any, few)
	for more := !c.skip('}'); more; more = !c.skip('}') {
		if len(m) > 0 && !c.skip(',') {
			return nil, errAnswers
		}
		k, err := c.text()
		if err != nil || !c.skip(':') {
			return nil, errAnswers
		}
		if m[k], err = c.value(depth + 1); err != nil {
			return nil, err
		}
	}
	return m, nil
}

func (c *cutter) list(depth int) (any, error) {
	c.skip('[')
	l := []any{}
	for more := !c.skip(']'); more; more = !c.skip(']') {
		if len(l) > 0 && !c.skip(',') {
			return nil, errAnswers
		}
		v, err := c.value(depth + 1)
		if err != nil {
			return nil, err
		}
		l = append(l, v)
	}
	return l, nil
}

// text cuts a quoted text; only one with escapes needs decoding.
func (c *cutter) text() (s string, err error) {
	if !c.skip('"') {
		return "", errAnswers
	}
	end := strings.IndexByte(c.rest, '"')
	if end >= 0 && strings.IndexByte(c.rest[:end], '\\') < 0 {
		s, c.rest = c.rest[:end], c.rest[end+1:]
		return s, nil
	}
	for end = strings.IndexAny(c.rest, `"\`); end >= 0 && c.rest[end] == '\\'; {
		next := strings.IndexAny(c.rest[min(end+2, len(c.rest)):], `"\`)
		if next < 0 {
			return "", errAnswers
		}
		end += 2 + next
	}
	if end < 0 {
		return "", errAnswers
	}
	err = json.Unmarshal([]byte(`"`+c.rest[:end]+`"`), &s)
	c.rest = c.rest[end+1:]
	return s, err
}

// word cuts true, false, null or a number.
func (c *cutter) word() (any, error) {
	end := strings.IndexAny(c.rest, ",]}")
	if end < 0 {
		return nil, errAnswers
	}
	word := c.rest[:end]
	c.rest = c.rest[end:]
	switch word {
	case "true":
		return true, nil
	case "false":
		return false, nil
	case "null":
		return nil, nil
	}
	if !json.Valid([]byte(word)) || word[0] != '-' && (word[0] < '0' || word[0] > '9') {
		return nil, errAnswers
	}
	return json.Number(word), nil
}

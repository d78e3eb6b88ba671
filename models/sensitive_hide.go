package models

import (
	"context"
	"encoding/json"
	"iter"
	"slices"
	"strings"
)

// HiddenAnswer stands for an answer that is hidden.
const HiddenAnswer = "Hidden"

// Hide puts HiddenAnswer into the place of what is hidden, in the answers themselves. Objects keep their keys, and nothing
// stands for nothing.
func (s Sensitive) Hide(answers map[string]any) {
	if !s.None() {
		s.hide("", answers, false)
	}
}

func (s Sensitive) hide(prefix string, o map[string]any, under bool) {
	for k, v := range o {
		o[k] = s.hideValue(prefix+k, v, under || s.Hides(prefix+k))
	}
}

func (s Sensitive) hideValue(path string, v any, hidden bool) any {
	switch v := v.(type) {
	case nil:
		return v
	case string:
		if v == "" {
			return v
		}
	case map[string]any:
		s.hide(path+".", v, hidden)
		return v
	case []any:
		if hidden && len(v) > 0 {
			return HiddenAnswer
		}
		for i := range v {
			v[i] = s.hideValue(path, v[i], false)
		}
		return v
	}
	if hidden {
		return HiddenAnswer
	}
	return v
}

// HideAnswers passes responses on without what is hidden of each flow's answers, as AllSensitive tells it. The text of one that
// could not be read is hidden as soon as anything is.
func HideAnswers(rows iter.Seq2[Response, error], hidden map[int64]Sensitive) iter.Seq2[Response, error] {
	if len(hidden) == 0 {
		return rows
	}
	return func(yield func(Response, error) bool) {
		for r, err := range rows {
			if err == nil {
				hidden[r.FlowID].Hide(r.Answers)
				if r.Raw != "" {
					r.Raw = HiddenAnswer
				}
			}
			if !yield(r, err) {
				return
			}
		}
	}
}

// InDelivery are the keys of answers in a body that are hidden, by name; d is what it says. whole tells that nobody knows, so
// that all of it is.
func (s Sensitive) InDelivery(body []byte, d Decoded) (keys []string, whole bool) {
	if s.None() {
		return nil, false
	}
	if d.Reason != "" || d.Fault != "" {
		keys, whole = s.inText(string(body))
	}
	for _, m := range d.Messages {
		if m.Flow != nil {
			keys = append(keys, s.Hidden(m.Flow.Answers)...)
			if m.Flow.Answers == nil {
				more, unknown := s.inText(m.Flow.Raw)
				keys, whole = append(keys, more...), whole || unknown
			}
		}
	}
	slices.Sort(keys)
	return slices.Compact(keys), whole
}

// inText are the hidden keys in JSON of any form, in texts that are JSON themselves too; unknown: it is none.
func (s Sensitive) inText(text string) (keys []string, unknown bool) {
	var v any
	if json.Unmarshal([]byte(text), &v) != nil {
		return nil, true
	}
	s.inValue("", v, &keys)
	return keys, false
}

// inValue looks at a value whose keys have the prefix in front, with a dot behind it.
func (s Sensitive) inValue(prefix string, v any, keys *[]string) {
	switch v := v.(type) {
	case map[string]any:
		for k, inner := range v {
			if s.Hides(prefix + k) {
				*keys = append(*keys, k)
				continue
			}
			s.inValue(prefix+k+".", inner, keys)
		}
	case []any:
		for _, inner := range v {
			s.inValue(prefix, inner, keys)
		}
	case string:
		if strings.HasPrefix(strings.TrimSpace(v), "{") {
			more, unknown := s.inText(v)
			if unknown {
				more = []string{"response_json"}
			}
			*keys = append(*keys, more...)
		}
	}
}

// AllSensitive is what is hidden of each flow's answers; of no flow (0) whatever is hidden of any.
func (db *DB) AllSensitive(ctx context.Context) (map[int64]Sensitive, error) {
	return readSensitive(ctx, db.reader())
}

package models

import (
	"context"
	"iter"
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

// AllSensitive is what is hidden of each flow's answers; of no flow (0) whatever is hidden of any.
func (db *DB) AllSensitive(ctx context.Context) (map[int64]Sensitive, error) {
	return readSensitive(ctx, db.reader())
}

package views

import (
	"slices"
	"strings"

	"switchyard/models"
	"switchyard/models/flowjson"
)

// hiddenAnswer stands for a sensitive answer that nobody revealed (design/decisions.md 8).
const hiddenAnswer = models.HiddenAnswer

// Hides tells whether the answers of a key are hidden; a key inside of others has theirs in front, with dots. What is
// hidden cannot be compared, sorted, grouped or counted by either.
func (a Answers) Hides(path string) bool { return !a.Revealed && a.Hidden.Hides(path) }

// Closed tells whether the answers of a key cannot be compared, because they are hidden, or because such may be inside of them.
func (a Answers) Closed(key string) bool {
	return a.Hides(key) || a.hidesAny() && slices.Contains(a.Nested, key) && !a.typed(key)
}

// typed tells whether the answers of a key are plain texts, whatever a customer writes into them.
func (a Answers) typed(key string) bool {
	f, part := a.behind(key)
	return f != nil && part == "" && !slices.Contains([]flowjson.Kind{flowjson.Object, flowjson.List, flowjson.Media}, f.Kind)
}

// hidesAny tells whether anything may be hidden.
func (a Answers) hidesAny() bool { return !a.Revealed && !a.Hidden.None() }

// HiddenKeys are the keys of answers, and the fields of attached files, that are hidden unless somebody reveals them.
func (a Answers) HiddenKeys(answers map[string]any) []string {
	keys := a.Hidden.Hidden(answers)
	for _, f := range a.Files {
		if a.Hidden.Hides(f.Field) && !slices.Contains(keys, f.Field) {
			keys = append(keys, f.Field)
		}
	}
	return keys
}

// nothing tells a value that says nothing, which stands for itself.
func nothing(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string:
		return v == ""
	case []any:
		return len(v) == 0
	}
	return false
}

// masked is a value as the role may see it, at any depth. Nothing stands for nothing, so that it is not hidden.
func (a Answers) masked(path, key string, v any) any {
	if !a.Mask && !a.hidesAny() || nothing(v) {
		return v
	}
	if a.Hides(path) {
		return hiddenAnswer
	}
	_, isList := v.([]any)
	if f := a.fields[key]; a.Mask && f != nil && f.Kind == flowjson.Phone && !isList {
		return MaskPhone(AnswerText(v))
	}
	switch v := v.(type) {
	case map[string]any:
		return a.maskedObject(path+".", v)
	case []any:
		shown := make([]any, len(v))
		for i, item := range v {
			shown[i] = a.masked(path, key, item)
		}
		return shown
	}
	text := AnswerText(v)
	if shown := a.maskText(text); shown != text {
		return shown
	}
	return v
}

// maskedObject is an object whose path stands in front, with a dot behind it; that of all answers is "".
func (a Answers) maskedObject(prefix string, o map[string]any) map[string]any {
	shown := make(map[string]any, len(o))
	for k, v := range o {
		shown[a.shownKey(k)] = a.masked(prefix+k, k, v)
	}
	return shown
}

// maskText hides the contact's number and the flow token wherever they occur.
func (a Answers) maskText(text string) string {
	if !a.Mask {
		return text
	}
	text = MaskTokenIn(MaskIn(text, a.Phone), a.Token)
	if a.Unsure {
		text = MaskNumbers(text)
	}
	return text
}

// shownKey is a key as the role may see it: a customer's answer may have a number for its key.
func (a Answers) shownKey(key string) string {
	if a.Mask && len(phoneDigits(key)) >= 7 {
		return MaskPhone(key)
	}
	return a.maskText(key)
}

// Raw is the response_json as it may be seen. Who may not see all of it gets what was decoded, written anew after masking:
// in the text as it came a number can be spelled in too many ways. What could not be decoded they do not see at all.
func (a Answers) Raw(raw string, answers map[string]any) RawText {
	switch {
	case !a.Mask && !a.hidesAny(), !a.Mask && answers != nil && len(a.Hidden.Hidden(answers)) == 0:
		return RawOf(raw)
	case answers == nil && a.Mask:
		return UnseenRaw(len(raw))
	case answers == nil:
		return HiddenRaw(len(raw))
	}
	shown := RawOf(jsonText(a.maskedObject("", answers)))
	without := "what is hidden"
	if a.Mask {
		without = "what your role does not see"
	}
	shown.Note = strings.TrimSpace(shown.Note + " Written anew from the answers, without " + without + ".")
	return shown
}

// MaskMoments is a timeline as the role may see it: a phone says which screen it was on, and anything may stand there.
func (a Answers) MaskMoments(all []Moment) []Moment {
	if !a.Mask {
		return all
	}
	shown := slices.Clone(all)
	for i := range shown {
		shown[i].Title, shown[i].Text = MaskNumbers(a.maskText(shown[i].Title)), MaskNumbers(a.maskText(shown[i].Text))
	}
	return shown
}

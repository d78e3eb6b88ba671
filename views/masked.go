package views

import (
	"strings"

	"switchyard/models/flowjson"
)

// hiddenAnswer stands for a sensitive answer that the role may not see (design/decisions.md 8).
const hiddenAnswer = "•••"

// hides tells whether the role may not see the answers of a key.
func (a Answers) hides(key string) bool {
	f := a.fields[key]
	return a.Mask && f != nil && f.Sensitive
}

// masked is a value as the role may see it, at any depth. Nothing stands for nothing, so that it is not hidden.
func (a Answers) masked(key string, v any) any {
	if !a.Mask {
		return v
	}
	list, isList := v.([]any)
	f := a.fields[key]
	switch {
	case v == nil, v == "", isList && len(list) == 0:
		return v
	case a.hides(key):
		return hiddenAnswer
	case f != nil && f.Kind == flowjson.Phone && !isList:
		return MaskPhone(AnswerText(v))
	}
	switch v := v.(type) {
	case map[string]any:
		return a.maskedObject(v)
	case []any:
		shown := make([]any, len(v))
		for i, item := range v {
			shown[i] = a.masked(key, item)
		}
		return shown
	}
	text := AnswerText(v)
	if shown := a.maskText(text); shown != text {
		return shown
	}
	return v
}

func (a Answers) maskedObject(o map[string]any) map[string]any {
	shown := make(map[string]any, len(o))
	for k, v := range o {
		shown[a.shownKey(k)] = a.masked(k, v)
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

// Raw is the response_json for the role. Who may not see all of it gets what was decoded, written anew after masking:
// in the text as it came a number can be spelled in too many ways. What could not be decoded they do not see at all.
func (a Answers) Raw(raw string, answers map[string]any) RawText {
	if !a.Mask {
		return RawOf(raw)
	}
	if answers == nil {
		return UnseenRaw(len(raw))
	}
	shown := RawOf(jsonText(a.maskedObject(answers)))
	shown.Note = strings.TrimSpace(shown.Note + " Written anew from the answers, without what your role does not see.")
	return shown
}

package views

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
)

// deepest is how far the lines of a payload are set in.
const deepest = 20

// Payload is a body as the role may see it, in lines. Those who may see no number see its structure: names that are the
// platform's, and of the values only those of which it is known that they tell nothing of a customer.
func Payload(body []byte, mask bool) RawText {
	if !json.Valid(body) {
		if mask {
			return UnseenRaw(len(body))
		}
		return RawOf(string(body))
	}
	note := ""
	if mask {
		d := json.NewDecoder(bytes.NewReader(body))
		d.UseNumber()
		var v any
		if d.Decode(&v) != nil {
			return UnseenRaw(len(body))
		}
		shown, err := json.Marshal(maskedPayload("", v))
		if err != nil {
			return UnseenRaw(len(body))
		}
		body, note = shown, "Numbers, names, texts and answers are hidden. Only support and above see them."
	}
	text, whole := inLines(body)
	if !whole {
		note = strings.TrimSpace(note + " Only its beginning is shown; it has " + Bytes(int64(len(body))) + ".")
	}
	return RawText{Text: strings.ToValidUTF8(text, "\ufffd"), Note: note}
}

// inLines sets valid JSON in lines, each number and text as it was written, and stops after 64 KiB.
func inLines(body []byte) (text string, whole bool) {
	var b strings.Builder
	depth := 0
	line := func() {
		b.WriteByte('\n')
		b.WriteString(strings.Repeat("  ", min(depth, deepest)))
	}
	for i := 0; i < len(body); i++ {
		if b.Len() > maxRaw {
			return b.String() + "\n…", false
		}
		switch c := body[i]; c {
		case ' ', '\t', '\r', '\n':
		case '{', '[':
			b.WriteByte(c)
			if next := bytes.TrimLeft(body[i+1:], " \t\r\n"); len(next) > 0 && next[0] == c+2 { // ] and } are two after [ and {
				b.WriteByte(next[0])
				i = len(body) - len(next)
				continue
			}
			depth++
			line()
		case '}', ']':
			depth--
			line()
			b.WriteByte(c)
		case ',':
			b.WriteByte(c)
			line()
		case ':':
			b.WriteString(": ")
		case '"':
			end := endOfText(body, i)
			if end-i > maxRaw {
				b.Write(body[i : i+maxRaw])
				return b.String() + "\n…", false
			}
			b.Write(body[i:end])
			i = end - 1
		default:
			b.WriteByte(c)
		}
	}
	return b.String(), true
}

// endOfText is where the text that begins at i ends.
func endOfText(body []byte, i int) int {
	for i++; i < len(body) && body[i] != '"'; i++ {
		if body[i] == '\\' {
			i++
		}
	}
	return min(i+1, len(body))
}

// telling are the names in payloads whose values say what happened, not to whom.
var telling = []string{"object", "field", "messaging_product", "type", "status", "event", "timestamp", "time", "code", "category", "pricing_model",
	"billable", "origin", "flow_id", "threshold", "alert_state", "error_rate", "error_type", "error_count", "p50_latency", "p90_latency", "requests_count",
	"availability", "old_status", "new_status", "mime_type", "reason", "language", "message_template_language", "severity"}

// ofPeople are the names of numbers, of which the country and the end are shown.
var ofPeople = []string{"from", "to", "wa_id", "recipient_id", "phone", "phone_number", "display_phone_number"}

var (
	harmless  = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_./-]{0,59}$`)
	ownName   = regexp.MustCompile(`^[A-Za-z_][A-Za-z_0-9]{0,59}$`)
	manyDigit = regexp.MustCompile(`\d.*\d.*\d.*\d.*\d.*\d`)
)

// maskedPayload is a value without what it says of people; name is that under which it stands.
func maskedPayload(name string, v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, inner := range v {
			if !ownName.MatchString(k) || manyDigit.MatchString(k) {
				out["••••"] = "•••"
				continue
			}
			out[k] = maskedPayload(k, inner)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, inner := range v {
			out[i] = maskedPayload(name, inner)
		}
		return out
	case string:
		return maskedText(name, v)
	case json.Number:
		if slices.Contains(telling, name) {
			return v
		}
		return "•••"
	}
	return v
}

func maskedText(name, text string) string {
	switch {
	case text == "":
		return text
	case slices.Contains(ofPeople, name):
		return MaskPhone(text)
	case !slices.Contains(telling, name):
		return "•••"
	case harmless.MatchString(text) && !manyDigit.MatchString(text):
		return text
	case (name == "timestamp" || name == "time" || name == "flow_id" || name == "code") && strings.Trim(text, "0123456789") == "":
		return text
	}
	return "•••"
}

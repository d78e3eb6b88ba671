package views

import (
	"net/url"
	"strings"
	"time"

	"switchyard/models"
	"switchyard/models/flowjson"
)

// maxName is how much of a name stands in lists and titles, in characters.
const maxName = 60

// ContactWords names a customer as the role may see: the name (else the number, else the business-scoped id), and
// the number.
func ContactWords(c models.Contact, mask bool) (name, phone string) {
	if c.Phone != "" {
		phone = Phone(c.Phone)
		if mask {
			phone = MaskPhone(c.Phone)
		}
	}
	name = c.Name
	if mask {
		name = MaskIn(name, c.Phone)
	}
	switch {
	case name != "":
	case phone != "":
		name = phone
	case c.UserID != "":
		name = c.UserID
	default:
		name = "Unknown contact"
	}
	return shorten(name, maxName), phone
}

// MaskToken is a flow token as the role may see it: whole, or its first characters (design/decisions.md 9).
func MaskToken(token string, mask bool) string {
	if !mask || token == "" {
		return token
	}
	return maskedToken
}

const maskedToken = "••••"

// MaskTokenIn hides a token wherever it occurs in text.
func MaskTokenIn(text, token string) string {
	if token == "" {
		return text
	}
	return strings.ReplaceAll(text, token, maskedToken)
}

// ChatURL opens a chat with a number in WhatsApp.
func ChatURL(phone string) string { return "https://wa.me/" + url.PathEscape(phoneDigits(phone)) }

// SentTitles finds the titles of dynamic options among the data that was sent in a visit, by screen
// (design/decisions.md 36).
func SentTitles(sent map[string]map[string]any) func(f *flowjson.Field, id string) string {
	return func(f *flowjson.Field, id string) string {
		if f.OptionsKey == "" {
			return ""
		}
		options, _ := sent[f.Screen][f.OptionsKey].([]any)
		for _, o := range options {
			if option, ok := o.(map[string]any); ok && option["id"] == id {
				title, _ := option["title"].(string)
				return title
			}
		}
		return ""
	}
}

// StepMoments is a visit as a timeline: each request, the screen that followed, the rule that decided, the time it took.
func StepMoments(steps []models.Step) []Moment {
	ms := make([]Moment, len(steps))
	for i, s := range steps {
		ms[i] = Moment{At: s.At.Time, State: "info", Title: stepTitle(s), Text: stepText(s)}
		switch {
		case len(s.Faults) > 0:
			ms[i].State = "warn"
		case s.Kind == "finish":
			ms[i].State = "done"
		case s.Kind == "expire":
			ms[i].State = "expired"
		}
	}
	return ms
}

func stepTitle(s models.Step) string {
	from := s.Screen
	switch s.Action {
	case "INIT":
		from = "Opened"
	case "BACK":
		from = "Back from " + s.Screen
	}
	switch {
	case s.Kind == stepNotice && s.Screen == "":
		return "WhatsApp reported an error at the opening"
	case s.Kind == stepNotice:
		return "WhatsApp reported an error on " + s.Screen
	case s.NextScreen == "" || s.NextScreen == s.Screen && s.Action != "INIT":
		return from + ", stayed"
	}
	return from + " → " + s.NextScreen
}

func stepText(s models.Step) string {
	parts := []string{}
	if s.Rule != "" {
		parts = append(parts, "Rule: "+s.Rule)
	}
	parts = append(parts, Milliseconds(time.Duration(s.Micros)*time.Microsecond))
	return strings.Join(append(parts, s.Faults...), " · ")
}

package views

import (
	"net/url"
	"strings"

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

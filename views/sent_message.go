package views

import (
	"strconv"
	"strings"

	"switchyard/models"
)

// SentMoments are what is known of the message that a response answers.
func SentMoments(m models.SentMessage) []Moment {
	var all []Moment
	told := map[string]bool{}
	for _, s := range m.Statuses {
		told[s.State] = true
	}
	if !m.SentAt.IsZero() && !told["sent"] {
		all = append(all, Moment{At: m.SentAt.Time, State: "sent", Title: "Written in the WhatsApp Business app"})
	}
	for _, s := range m.Statuses {
		all = append(all, Moment{At: s.At.Time, State: s.State, Title: messageStatusWord(s.State), Text: messageStatusText(s)})
	}
	return all
}

func messageStatusWord(state string) string {
	switch state {
	case "sent":
		return "Sent"
	case "delivered":
		return "Delivered"
	case "read":
		return "Read"
	case "played":
		return "Played"
	case "failed":
		return "Failed"
	}
	return shorten(state, maxName)
}

// messageStatusText says errors, price and conversation of a status: "Utility, billable".
func messageStatusText(s models.MessageStatus) string {
	var said []string
	for _, e := range s.Errors {
		text := e.Title
		if e.Details != "" && e.Details != e.Title {
			text += ": " + e.Details
		}
		if e.Code != 0 {
			text += " (error " + strconv.Itoa(e.Code) + ")"
		}
		said = append(said, shorten(strings.TrimSpace(text), 200))
	}
	if c := s.Pricing.Category; c != "" {
		said = append(said, "priced as "+plainName(c))
	}
	if b := s.Pricing.Billable; b != nil && *b {
		said = append(said, "billable")
	} else if b != nil {
		said = append(said, "free of charge")
	}
	if o := s.Conversation.Origin.Type; o != "" {
		said = append(said, plainName(o)+" conversation")
	}
	return upperFirst(strings.Join(said, ", "))
}

// plainName is a name of Meta's as people write it; it is spelled with both signs.
func plainName(s string) string {
	return shorten(strings.NewReplacer("_", " ", "-", " ").Replace(s), maxName)
}

func upperFirst(s string) string {
	if s == "" {
		return ""
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

package views

import (
	"maps"
	"slices"
)

// fieldWords are the fields of a webhook that a target can choose, with what they tell.
var fieldWords = []Option{
	{"messages", "Messages of customers, their statuses, responses to flows"},
	{"flows", "Status of flows and alerts of their endpoints"},
	{"message_template_status_update", "A template approved, rejected, paused"},
	{"message_template_quality_update", "Quality of a template"},
	{"template_category_update", "Category of a template"},
	{"message_template_components_update", "Text of a template"},
	{"phone_number_quality_update", "Quality and limits of a number"},
	{"phone_number_name_update", "Display name of a number"},
	{"security", "Two-step verification of a number"},
	{"account_update", "Changes of the account"},
	{"account_alerts", "Alerts of the account"},
	{"account_review_update", "Review of the account"},
	{"business_capability_update", "Limits of the business"},
	{"user_preferences", "What customers want to be sent"},
	{"smb_message_echoes", "Messages written in the WhatsApp Business app"},
	{"smb_app_state_sync", "Contacts of the WhatsApp Business app"},
	{"history", "Earlier chats of the WhatsApp Business app"},
}

// targetFields are the choices of the form: those known, then those that came (seen) or that the target has already.
func targetFields(seen, chosen []string) []Option {
	all := slices.Clone(fieldWords)
	more := map[string]bool{}
	for _, name := range slices.Concat(seen, chosen) {
		if name != "" && !slices.ContainsFunc(all, func(o Option) bool { return o.Value == name }) {
			more[name] = true
		}
	}
	for _, name := range slices.Sorted(maps.Keys(more)) {
		all = append(all, Option{name, "Not known here by a word"})
	}
	return all
}

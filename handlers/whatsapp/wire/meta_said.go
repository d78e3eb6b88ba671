package wire

// metaFields says the changes of each field of Meta's in plain words (protocol.md §2.7).
var metaFields = map[string]func(object) Said{
	"message_template_status_update":     templateStatus,
	"message_template_quality_update":    templateQuality,
	"template_category_update":           templateCategory,
	"message_template_components_update": templateComponents,
	"phone_number_quality_update":        numberQuality,
	"phone_number_name_update":           numberName,
	"security":                           numberSecurity,
	"account_update":                     accountUpdate,
	"account_review_update":              accountReview,
	"account_alerts":                     accountAlert,
	"account_settings_update":            accountSettings,
	"business_capability_update":         capabilities,
	"partner_solutions":                  partnerSolution,
	"payment_configuration_update":       paymentConfiguration,
	"user_preferences":                   userPreferences,
	"user_id_update":                     userIDs,
	"history":                            history,
	"smb_app_state_sync":                 stateSync,
	"messages.errors":                    valueErrors,
	"automatic_events":                   named(OfOther, "Automatic event"),
	"calls":                              calls,
	"group_lifecycle_update":             group("Group created, changed or ended"),
	"group_participants_update":          group("Members of a group changed"),
	"group_settings_update":              group("Settings of a group changed"),
	"group_status_update":                group("State of a group changed"),
}

// metaSaid says a change of a field. What it is about is at most a number of ours or a name that the business gave.
func metaSaid(field string, c change) Said {
	o := objectOf(c.value)
	s := Said{}
	switch say := metaFields[field]; {
	case say != nil && o != nil:
		s = say(o)
	case field == "" || field == "messages" || field == "flows" || field == "smb_message_echoes":
		s.Summary = "A part of a delivery is not what its place should hold."
	case o.text("event") != "":
		s.Summary = sentence("A kind of change that is not known here", plain(o.text("event")))
	default:
		s.Summary = "A kind of change that is not known here."
	}
	number := or(o.text("display_phone_number"), objectOf(o["metadata"]).text("display_phone_number"))
	s.Channel = or(s.Channel, or(number, c.account))
	return s
}

// named says a field by fixed words and the event that it names.
func named(kind Kind, words string) func(object) Said {
	return func(o object) Said { return Said{Kind: kind, Summary: sentence(words, plain(o.text("event")))} }
}

// reason is why; "NONE" says that there is no reason.
func reason(s string) string {
	if s = plain(s); s == "none" {
		return ""
	}
	return s
}

package wire

func numberQuality(o object) Said {
	limit := or(o.text("max_daily_conversations_per_business"), o.text("current_limit"))
	return ofNumber(o, plain(o.text("event")), turned("limit", o.text("old_limit"), limit))
}

func numberName(o object) Said {
	return ofNumber(o, with("name", o.text("requested_verified_name")), plain(o.text("decision")), reason(o.text("rejection_reason")))
}

func numberSecurity(o object) Said { return ofNumber(o, plain(o.text("event"))) }

func ofNumber(o object, parts ...string) Said {
	number := o.text("display_phone_number")
	return Said{Kind: OfNumber, Subject: number, Summary: sentence("Number "+or(number, "of ours"), parts...)}
}

func accountUpdate(o object) Said {
	info := func(key, field string) string { return plain(objectOf(o[key]).text(field)) }
	var restricted string
	for e := range elements(o["restriction_info"]) {
		restricted = plain(objectOf(e).text("restriction_type"))
		break
	}
	return Said{
		Kind: OfAccount, Subject: or(o.text("phone_number"), objectOf(o["waba_info"]).text("waba_id")),
		Summary: sentence("Account", accountEvent(o.text("event")), info("ban_info", "waba_ban_state"),
			with("violation", info("violation_info", "violation_type")), restricted, info("disconnection_info", "reason")),
	}
}

// accountEvent says the events whose names say little.
func accountEvent(event string) string {
	switch event = constant(event); event {
	case "DISABLED_UPDATE":
		return "banned, or its ban changed"
	case "ACCOUNT_RESTRICTION":
		return "restricted"
	case "ACCOUNT_VIOLATION":
		return "a policy was violated"
	case "VERIFIED_ACCOUNT":
		return "verified"
	case "ACCOUNT_DELETED":
		return "deleted"
	}
	return plain(event)
}

func accountReview(o object) Said {
	return Said{Kind: OfAccount, Summary: sentence("Account review", plain(o.text("decision")))}
}

func accountAlert(o object) Said {
	info := objectOf(o["alert_info"])
	get := func(key string) string { return or(o.text(key), info.text(key)) }
	return Said{
		Kind: OfAccount, Subject: o.text("entity_id"),
		Summary: sentence("Account alert", plain(get("alert_severity")), plain(get("alert_type")), plain(get("alert_status")), get("alert_description")),
	}
}

func accountSettings(o object) Said {
	return Said{Kind: OfAccount, Summary: sentence("Account settings changed", plain(or(o.text("event"), o.text("type"))))}
}

// capabilities reads Meta's change and 360dialog's: the same names, apart from a letter.
func capabilities(o object) Said {
	daily := or(o.text("max_daily_conversation_per_phone"), o.text("max_daily_conversations_per_business"))
	return Said{Kind: OfAccount, Summary: sentence("Capabilities changed", with("conversations a day up to", plain(daily)),
		with("numbers of the business up to", o.text("max_phone_numbers_per_business")),
		with("numbers of the account up to", o.text("max_phone_numbers_per_waba")))}
}

func partnerSolution(o object) Said {
	return Said{Kind: OfAccount, Subject: o.text("solution_id"), Summary: sentence("Partner solution", plain(o.text("event")), plain(o.text("solution_status")))}
}

func paymentConfiguration(o object) Said {
	name := o.text("configuration_name")
	return Said{Kind: OfAccount, Subject: name, Summary: sentence("Payment configuration "+or(name, "without a name"), o.text("provider_name"), plain(o.text("status")))}
}

// valueErrors are errors of the account as a whole, beside or instead of messages.
func valueErrors(o object) Said {
	s := Said{Kind: OfErrors, Subject: objectOf(o["metadata"]).text("display_phone_number"), Summary: "Errors were reported without words."}
	for e := range elements(o["errors"]) {
		f := objectOf(e)
		said := fault(f)
		s.Summary = sentence("Error "+or(f.text("code"), "without a code"), said.Title, said.Details)
		break
	}
	return s
}

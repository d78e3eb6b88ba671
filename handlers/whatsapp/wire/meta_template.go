package wire

// ofTemplate is a change of a template whose name and language are said the same way in each field.
func ofTemplate(o object, parts ...string) Said {
	name, language := o.text("message_template_name"), o.text("message_template_language")
	return sayTemplate(or(name, o.text("message_template_id")), language, parts...)
}

func sayTemplate(name, language string, parts ...string) Said {
	head := "Template " + or(name, "without a name")
	if language != "" {
		head += " (" + language + ")"
	}
	return Said{Kind: OfTemplate, Subject: name, Summary: sentence(head, parts...)}
}

func templateStatus(o object) Said {
	why := reason(o.text("reason"))
	if info := objectOf(o["rejection_info"]); info != nil {
		why = or(info.text("reason"), why)
	}
	return ofTemplate(o, plain(o.text("event")), why)
}

func templateQuality(o object) Said {
	return ofTemplate(o, turned("quality", o.text("previous_quality_score"), o.text("new_quality_score")))
}

func templateCategory(o object) Said {
	return ofTemplate(o, turned("category", o.text("previous_category"), or(o.text("new_category"), o.text("correct_category"))))
}

func templateComponents(o object) Said { return ofTemplate(o, "its text or buttons changed") }

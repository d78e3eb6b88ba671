package views

import (
	"switchyard/models"
	"switchyard/models/alert"
	"switchyard/models/flowjson"
)

// stepNotice is the kind of a step in which WhatsApp told that it could not show an answer.
const stepNotice = "notice"

// noticeMeans says what an error of WhatsApp means and what to do, "" for one that is not known.
func noticeMeans(fault string) string {
	m, ok := alert.Known(keyOfNotice(fault))
	if !ok {
		return ""
	}
	return m.Means + " " + m.Fix
}

// faultPlace is where a fault is mended: the rule that decided, else the rules of the screen; no Href when the flow
// does not have it.
func faultPlace(p FlowPage, s models.Step) Link {
	rules, screen := RulesURL(p.Flow.Slug), s.Screen
	if s.Action == "INIT" && (s.Kind != stepNotice || screen == "") {
		screen = openingPlace
	}
	switch {
	case p.JSON == nil || !p.JSON.HasEndpoint():
		return Link{FlowURL(p.Flow.Slug) + "#flow-json", "Import a Flow JSON"}
	case screen != openingPlace && p.JSON.Screen(screen) == nil:
		return Link{}
	case s.RuleID != "":
		return Link{rules + "#rule-" + s.RuleID, "Open the rule “" + s.Rule + "”"}
	case s.Rule == "Otherwise":
		return Link{rules + "#otherwise-" + screen, "Open what happens otherwise on " + ScreenName(p.JSON, screen)}
	case s.Rule == "Back":
		return Link{rules + "#back-" + screen, "Open what happens when customers go back from " + ScreenName(p.JSON, screen)}
	}
	return Link{rules + "#screen-" + screen, "Open the rules of " + ScreenName(p.JSON, screen)}
}

// flowScreen names the screens of a Flow JSON, which may be nil.
func flowScreen(flow *flowjson.Flow) func(string) string {
	return func(id string) string { return ScreenName(flow, id) }
}

package views

import (
	"slices"
	"strconv"

	"switchyard/models"
	"switchyard/models/flowjson"
	"switchyard/models/rules"
)

// RuleNames are what the rules of a document are called, by id: their name, or their place.
func RuleNames(doc rules.Document, flow *flowjson.Flow) map[string]string {
	names := map[string]string{}
	add := func(place string, s *rules.ScreenRules) {
		if s == nil {
			return
		}
		for i, r := range s.Rules {
			if names[r.ID] = r.Name; r.Name == "" {
				names[r.ID] = "rule " + strconv.Itoa(i+1) + " of " + ScreenName(flow, place)
			}
		}
	}
	add(openingPlace, doc.Opening)
	for place, s := range doc.Screens {
		add(place, s)
	}
	return names
}

// Routes tells whether rules lead through the flow, so that its responses have outcomes.
func (a Answers) Routes() bool { return a.flow != nil && a.flow.HasEndpoint() }

// Outcome is an outcome in words: the screen that a rule went to, or the rule that finished the flow; "" of none.
func (a Answers) Outcome(outcome string) string {
	screen, rule, finished := models.RoutedTo(outcome)
	switch name := a.Rules[rule]; {
	case screen != "":
		return shorten(ScreenName(a.flow, screen), maxName)
	case finished && name != "":
		return shorten("Finished: "+name, maxName)
	case finished && rule != "":
		return "Finished by a former rule"
	case finished:
		return "Finished otherwise"
	}
	return ""
}

// OutcomeWords is what a filter asks for.
func (a Answers) OutcomeWords(asked string) string {
	if words := a.Outcome(asked); words != "" {
		return words
	}
	return "none"
}

// KnowsOutcome tells whether the flow as it is can have such an outcome.
func (a Answers) KnowsOutcome(outcome string) bool {
	screen, rule, finished := models.RoutedTo(outcome)
	return outcome == models.NoOutcome || finished && rule == "" || a.Rules[rule] != "" || a.flow != nil && screen != "" && a.flow.Screen(screen) != nil
}

// OutcomeOptions are what a filter may ask for: what occurs, and what is asked.
func (a Answers) OutcomeOptions(occurring []string, asked string) []Option {
	options := []Option{{"", "Any"}}
	if asked != "" && asked != models.NoOutcome && !slices.Contains(occurring, asked) {
		occurring = append(slices.Clone(occurring), asked)
	}
	for _, o := range occurring {
		if words := a.Outcome(o); words != "" {
			options = append(options, Option{o, words})
		}
	}
	for i := range options { // two screens may have one title
		same := slices.ContainsFunc(options, func(o Option) bool { return o.Label == options[i].Label && o.Value != options[i].Value })
		if same && options[i].Value != "" {
			options[i].Label += " (" + shorten(options[i].Value, maxName) + ")"
		}
	}
	return append(options, Option{models.NoOutcome, "None"})
}

package views

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"switchyard/models"
	"switchyard/models/flowjson"
	"switchyard/models/rules"
)

// A FlowJSONSummary is what the list of versions says of one.
type FlowJSONSummary struct {
	Kept             models.FlowJSON // without Raw
	Version, API     string          // as the document says
	Size             int64           // bytes
	Screens          int
	Errors, Warnings int
}

// A JSONBreak is one thing that is gone from a Flow JSON and that rules use.
type JSONBreak struct {
	Text string // one sentence
	Uses []RuleUse
}

// A RuleProblem is a problem of rules that a Flow JSON brings about.
type RuleProblem struct {
	rules.Problem
	Draft, Published bool
}

// JSONBreaks is what a Flow JSON does to the rules that there are.
type JSONBreaks struct {
	Gone     []JSONBreak
	Problems []RuleProblem // that the version before did not have
}

// None tells whether nothing breaks.
func (b JSONBreaks) None() bool { return len(b.Gone) == 0 && len(b.Problems) == 0 }

// FlowScreensURL is what is known of a flow's screens.
func FlowScreensURL(slug string) string { return FlowURL(slug) + "/screens" }

// FlowJSONsURL is the versions of a flow's Flow JSON.
func FlowJSONsURL(slug string) string { return FlowURL(slug) + "/json" }

// FlowJSONURL is one version.
func FlowJSONURL(slug string, version int) string {
	return FlowJSONsURL(slug) + "/" + strconv.Itoa(version)
}

// CompareJSONURL is what changed from one version to another.
func CompareJSONURL(slug string, from, to int) string {
	return withQuery(FlowJSONsURL(slug)+"/compare", url.Values{"from": {strconv.Itoa(from)}, "to": {strconv.Itoa(to)}})
}

// fieldKindWords are the kinds of fields for people.
var fieldKindWords = map[flowjson.Kind]string{
	flowjson.Text: "text", flowjson.Number: "number", flowjson.Email: "e-mail address", flowjson.Phone: "phone number", flowjson.Secret: "secret, never stored",
	flowjson.Choice: "choice", flowjson.Choices: "several choices", flowjson.YesNo: "yes or no", flowjson.Date: "date", flowjson.Range: "two dates",
	flowjson.Media: "photos or documents", flowjson.Object: "object", flowjson.List: "list",
}

// componentWords is a component with its input type: "TextInput, number".
func componentWords(f flowjson.Field) string {
	if f.InputType != "" {
		return f.Component + ", " + f.InputType
	}
	return f.Component
}

// actionWords says what an action does with its payload.
func actionWords(p flowjson.Payload, flow *flowjson.Flow) string {
	by := p.Component
	if p.Label != "" {
		by = "“" + p.Label + "” (" + p.Component + ")"
	}
	switch p.Action {
	case "data_exchange":
		return by + " asks the endpoint"
	case "navigate":
		return by + " leads to " + ScreenName(flow, p.Next)
	}
	return by + " completes the flow"
}

// unknownWords says what is not known here.
func unknownWords(u flowjson.Unknown) string {
	of := ""
	if u.Of != "" && u.What != "component" {
		of = " of " + u.Of
	}
	if u.What == "component" && u.Of != "" {
		of = " called " + u.Of
	}
	return strings.ToUpper(u.What[:1]) + u.What[1:] + " “" + u.Name + "”" + of
}

// placeWords is where a part of a document stands: its JSON path and line.
func placeWords(path string, line int) string {
	if line == 0 {
		return path
	}
	return strings.TrimSpace(path + " line " + strconv.Itoa(line))
}

func unknownOn(f *flowjson.Flow, screen string) []flowjson.Unknown {
	var on []flowjson.Unknown
	for _, u := range f.Unknown {
		if u.Screen == screen {
			on = append(on, u)
		}
	}
	return on
}

func isEntry(f *flowjson.Flow, s *flowjson.Screen) bool { return slices.Contains(f.Entries(), s) }

// summaryWords is a version in a line: "Flow JSON 7.3, data_api_version 3.0, 5 screens, 12 KB".
func summaryWords(s FlowJSONSummary) string {
	words := []string{"Flow JSON " + orDash(s.Version)}
	if s.API != "" {
		words = append(words, "data_api_version "+s.API)
	}
	return strings.Join(append(words, plural(s.Screens, "screen", "screens"), Bytes(s.Size)), ", ")
}

// changeState is a change as Badge knows it.
func changeState(k flowjson.ChangeKind) string {
	switch k {
	case flowjson.Added:
		return "good"
	case flowjson.Removed:
		return "bad"
	}
	return "info"
}

func problemCounts(s FlowJSONSummary) string {
	var parts []string
	if s.Errors > 0 {
		parts = append(parts, plural(s.Errors, "error", "errors"))
	}
	if s.Warnings > 0 {
		parts = append(parts, plural(s.Warnings, "warning", "warnings"))
	}
	return strings.Join(parts, ", ")
}

func (p RuleProblem) where() string {
	return RuleUse{Draft: p.Draft, Published: p.Published}.where()
}

func (p RuleProblem) href(slug string) string {
	switch {
	case p.RuleID != "":
		return RulesURL(slug) + "#rule-" + p.RuleID
	case p.Screen != "":
		return RulesURL(slug) + "#screen-" + p.Screen
	}
	return RulesURL(slug)
}

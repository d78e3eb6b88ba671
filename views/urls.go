package views

import (
	"net/url"
	"strconv"

	"switchyard/models/filter"
)

// The pages whose address never varies.
const (
	OverviewURL = "/"
	FlowsURL    = "/flows"
	ListsURL    = "/lists"
	KeysURL     = "/keys"
	UsersURL    = "/users"
	SetupURL    = "/setup/connect"
	SettingsURL = "/settings"
	SignInURL   = "/sign-in"
	SignOutURL  = "/sign-out"
)

// ResponsesURL is the list of responses with a filter that people can read; nil is all of them.
func ResponsesURL(query url.Values) string {
	if len(query) == 0 {
		return "/responses"
	}
	return "/responses?" + filter.Query(query)
}

// ResponseURL is one response.
func ResponseURL(id int64) string { return "/responses/" + strconv.FormatInt(id, 10) }

// AlertsURL is the list of alerts in one state; "" is the list's own default.
func AlertsURL(state string) string {
	if state == "" {
		return "/alerts"
	}
	return withQuery("/alerts", url.Values{"state": {state}})
}

// AlertURL is one alert.
func AlertURL(id int64) string { return "/alerts/" + strconv.FormatInt(id, 10) }

// FlowURL is one flow, by its slug.
func FlowURL(slug string) string { return FlowsURL + "/" + url.PathEscape(slug) }

// RulesURL is the rules of one flow.
func RulesURL(slug string) string { return FlowURL(slug) + "/rules" }

// ListURL is one list of options, by its name.
func ListURL(name string) string { return ListsURL + "/" + url.PathEscape(name) }

func withQuery(path string, query url.Values) string {
	if len(query) == 0 {
		return path
	}
	return path + "?" + query.Encode()
}

// NewFlowURL is the form for a new flow, with Meta's id filled in when it is not "".
func NewFlowURL(metaID string) string {
	if metaID == "" {
		return FlowsURL + "/new"
	}
	return withQuery(FlowsURL+"/new", url.Values{"meta_id": {metaID}})
}

// VisitsURL is the visits of one flow; slug "" is those of all.
func VisitsURL(slug string) string {
	if slug == "" {
		return "/visits"
	}
	return FlowURL(slug) + "/visits"
}

// VisitURL is one visit.
func VisitURL(id int64) string { return "/visits/" + strconv.FormatInt(id, 10) }

// FileURL is one attached file, to download.
func FileURL(id int64) string { return "/files/" + strconv.FormatInt(id, 10) }

// UnmatchedURL is the tray of what needs a person.
const UnmatchedURL = "/unmatched"

// RuleURL is the form of one rule of a screen; rule is an id, "new", "otherwise" or "back", screen an id or "opening".
func RuleURL(slug, screen, rule string) string {
	return RulesURL(slug) + "/" + url.PathEscape(screen) + "/" + url.PathEscape(rule)
}

// RuleAnchorURL is where a rule stands among all of its flow; rule "new" or "" is the screen as a whole.
func RuleAnchorURL(slug, screen, rule string) string {
	at := "#rule-" + rule
	switch rule {
	case "", "new":
		at = "#screen-" + screen
	case "otherwise", "back":
		at = "#" + rule + "-" + screen
	}
	return RulesURL(slug) + at
}

// ViewsURL is the list of saved views.
const ViewsURL = "/views"

// ViewURL is where one saved view is changed.
func ViewURL(id int64) string { return ViewsURL + "/" + strconv.FormatInt(id, 10) }

// ColumnsURL is where a person chooses the columns of the flow of a list, and returns to that list.
func ColumnsURL(q ResponseQuery) string { return "/responses/columns?" + q.Address() }

// DistributionURL is how the responses of a filter are spread.
func DistributionURL(q ResponseQuery) string {
	if query := q.Query(); query != "" {
		return "/responses/distribution?" + query
	}
	return "/responses/distribution"
}

// CountViewsURL is the saved views with how many responses each has; current is the query of the list that is shown.
func CountViewsURL(current string) string {
	if current == "" {
		return ViewsURL + "/counts"
	}
	return ViewsURL + "/counts?" + current
}

// StatusesURL is where administrators name the statuses of responses.
const StatusesURL = "/statuses"

// TriageActsURL is the list of changes of many responses, before an id (0 = newest).
func TriageActsURL(before int64) string {
	if before == 0 {
		return "/triage"
	}
	return "/triage?before=" + strconv.FormatInt(before, 10)
}

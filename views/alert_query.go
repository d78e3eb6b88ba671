package views

import (
	"net/url"
	"strconv"

	"switchyard/models/alert"
)

// An AlertQuery is the filter of the list of alerts as it stands in the address.
type AlertQuery struct {
	State    alert.Status
	Flow     string // slug
	Kind     alert.Kind
	Severity alert.Severity // at least; 0: any
}

// URL is the list with this filter.
func (q AlertQuery) URL() string {
	v := url.Values{}
	for name, value := range map[string]string{"state": string(q.State), "flow": q.Flow, "kind": string(q.Kind), "severity": q.severity()} {
		if value != "" {
			v.Set(name, value)
		}
	}
	return withQuery("/alerts", v)
}

// PageURL is the page of the list that begins below an alert; 0 is the first.
func (q AlertQuery) PageURL(before int64) string {
	if before <= 0 {
		return q.URL()
	}
	return q.URL() + "&before=" + strconv.FormatInt(before, 10)
}

// In is the same filter in another state.
func (q AlertQuery) In(s alert.Status) AlertQuery {
	q.State = s
	return q
}

// Filtered tells whether anything but the state is chosen.
func (q AlertQuery) Filtered() bool { return q != AlertQuery{State: q.State} }

func (q AlertQuery) severity() string {
	if q.Severity == 0 {
		return ""
	}
	return strconv.Itoa(int(q.Severity))
}

// AlertHandoverURL is what happened in a period.
func AlertHandoverURL(query url.Values) string { return withQuery("/alerts/handover", query) }

var severityOptions = []Option{{"", "All"}, {"2", "Medium and high"}, {"3", "High"}}

func kindOptions() []Option {
	all := []Option{{"", "All"}}
	for _, k := range alert.Kinds {
		all = append(all, Option{string(k), AlertName(k)})
	}
	return all
}

// alertTab names a state as the tabs of the list do.
func alertTab(s alert.Status) string {
	if s == alert.Active {
		return "New"
	}
	return StatusWord(string(s))
}

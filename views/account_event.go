package views

import (
	"bytes"
	"encoding/json"
	"net/url"
	"slices"
	"strconv"

	"switchyard/models"
)

// An AccountEventQuery is the filter of the list as it stands in the URL.
type AccountEventQuery struct {
	Kind, Channel, From, To, Text string // From and To as YYYY-MM-DD in the person's zone
}

// Values is the filter as URL parameters, without those that are not set.
func (q AccountEventQuery) Values() url.Values {
	v := url.Values{}
	for name, value := range map[string]string{"kind": q.Kind, "channel": q.Channel, "from": q.From, "to": q.To, "q": q.Text} {
		if value != "" {
			v.Set(name, value)
		}
	}
	return v
}

// AccountEventsPage is the list.
type AccountEventsPage struct {
	Page
	Query        AccountEventQuery
	Channels     []string
	Rows         []models.AccountEvent
	Newer, Older string // addresses; "" for none
	Errors       []FieldError
}

// AccountEventPage is one event whole.
type AccountEventPage struct {
	Page
	Event       models.AccountEvent
	Raw         RawText
	DeliveryURL string // "" when the body is deleted by its age
	Kept        Kept
}

// AccountEventsURL is the list of account events with a filter; nil is all of them.
func AccountEventsURL(query url.Values) string { return withQuery("/account-events", query) }

// AccountEventURL is one account event.
func AccountEventURL(id int64) string { return "/account-events/" + strconv.FormatInt(id, 10) }

// accountEventKinds are the kinds with their words.
var accountEventKinds = []Option{
	{"template", "Template"}, {"number", "Number"}, {"account", "Account"}, {"channel", "Channel"}, {"contacts", "Contacts"},
	{"history", "Chat history"}, {"errors", "Errors"}, {"other", "Other"},
}

// IsAccountEventKind tells whether there is such a kind.
func IsAccountEventKind(kind string) bool {
	return slices.ContainsFunc(accountEventKinds, func(o Option) bool { return o.Value == kind })
}

// accountEventKind is a kind in words.
func accountEventKind(kind string) string {
	for _, o := range accountEventKinds {
		if o.Value == kind {
			return o.Label
		}
	}
	return kind
}

func (p AccountEventsPage) channels() []Option {
	options := []Option{{"", "All"}}
	for _, c := range p.Channels {
		options = append(options, Option{c, c})
	}
	if c := p.Query.Channel; c != "" && !slices.Contains(p.Channels, c) {
		options = append(options, Option{c, c})
	}
	return options
}

// sourceWord names the platform that a delivery came from.
func sourceWord(source string) string {
	if source == "meta" {
		return "Meta"
	}
	return source
}

// IndentJSON writes JSON over several lines; a text that is no JSON as it is.
func IndentJSON(text string) []byte {
	var b bytes.Buffer
	if json.Indent(&b, []byte(text), "", "  ") != nil {
		return []byte(text)
	}
	return b.Bytes()
}

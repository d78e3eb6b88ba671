package views

import (
	"net/url"
	"strconv"
	"strings"

	"switchyard/models/filter"
)

// A ResponseQuery is the filter of the list as it stands in the URL. A number or a name of a contact never does.
type ResponseQuery struct {
	Flow, State, From, To, Text string // From and To as YYYY-MM-DD in the person's zone
	Days                        int    // the last so many, today among them, where From and To are empty
	Where                       string // conditions on the answers, as package filter writes them
	Sort                        string // an answer's key, or "received"; with - in front downwards
	Outcome                     string // of the rules, as models.Routed has it, or models.NoOutcome
	Contacts                    []int64
	Tests                       bool

	Status            string   // a key, "open" or "closed"
	Assignee          string   // "me", "none" or an id
	Tags              []string // names
	Unread, Mentioned bool

	Shown bool // the distribution stands beside the list; no part of the filter
}

// Values is the filter as URL parameters, without those that are not set.
func (q ResponseQuery) Values() url.Values {
	v := url.Values{}
	for name, value := range map[string]string{"flow": q.Flow, "state": q.State, "from": q.From, "to": q.To, "last": lastDays(q.Days), "q": q.Text, "w": q.Where, "sort": q.Sort, "status": q.Status, "assignee": q.Assignee, "outcome": q.Outcome} {
		if value != "" {
			v.Set(name, value)
		}
	}
	for _, id := range q.Contacts {
		v.Add("contact", strconv.FormatInt(id, 10))
	}
	for _, tag := range q.Tags {
		v.Add("tag", tag)
	}
	for name, on := range map[string]bool{"tests": q.Tests, "unread": q.Unread, "mentioned": q.Mentioned} {
		if on {
			v.Set(name, "1")
		}
	}
	return v
}

// Response is one response within this list.
func (q ResponseQuery) Response(id int64) string {
	if id == 0 {
		return ""
	}
	if query := q.Address(); query != "" {
		return ResponseURL(id) + "?" + query
	}
	return ResponseURL(id)
}

// List is the list with this filter.
func (q ResponseQuery) List() string { return ResponsesURL(q.values()) }

// Page is the list from there on: behind ("before") or in front of ("after") the response of that id, whose first row
// is the so-manyth; "" for id 0.
func (q ResponseQuery) Page(param string, id int64, at int) string {
	if id == 0 {
		return ""
	}
	v := q.values()
	v.Set(param, strconv.FormatInt(id, 10))
	if at > 1 {
		v.Set("at", strconv.Itoa(at))
	}
	return ResponsesURL(v)
}

// Query is the filter as it is kept in a view.
func (q ResponseQuery) Query() string { return filter.Query(q.Values()) }

// values is the filter with what stands beside the list.
func (q ResponseQuery) values() url.Values {
	v := q.Values()
	if q.Shown {
		v.Set("show", ShowDistribution)
	}
	return v
}

// ShowDistribution is what show in an address asks for.
const ShowDistribution = "distribution"

// Address is the query of the list as it is shown.
func (q ResponseQuery) Address() string { return filter.Query(q.values()) }

// distribution is the list with the distribution beside it, or without it.
func (q ResponseQuery) distribution(shown bool) string {
	q.Shown = shown
	if shown {
		return q.List() + "#distribution"
	}
	return q.List()
}

// Received is how the order of receipt is called in an address; an answer of that name has answers. in front.
const Received = "received"

// SortName is how an answer is called there.
func SortName(key string) string {
	if key == Received || strings.HasPrefix(key, "-") || strings.HasPrefix(key, "answers.") {
		return "answers." + key
	}
	return key
}

// sorted tells how the list is sorted by a name: "ascending", "descending" or "".
func (q ResponseQuery) sorted(name string) string {
	switch {
	case q.Sort == name:
		return "ascending"
	case q.Sort == "-"+name, q.Sort == "" && name == Received:
		return "descending"
	}
	return ""
}

// sortBy is the list sorted by a name, the other way round when it is already.
func (q ResponseQuery) sortBy(name string) string {
	switch q.sorted(name) {
	case "ascending":
		q.Sort = "-" + name
	default:
		q.Sort = name
	}
	if q.Sort == "-"+Received {
		q.Sort = ""
	}
	return q.List()
}

// without is the filter of the list without contacts, and without what is asked of answers.
func (q ResponseQuery) withoutContacts() ResponseQuery {
	q.Contacts = nil
	return q
}

func (q ResponseQuery) withoutWhere() ResponseQuery {
	q.Where = ""
	return q
}

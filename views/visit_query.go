package views

import (
	"net/url"
	"strconv"
)

// A VisitQuery is the filter of the list of visits as it stands in the URL. A token or a number never does.
type VisitQuery struct {
	Flow                            string // slug; "" of all flows
	Outcome, Screen, From, To, Name string // From and To as YYYY-MM-DD in the person's zone
	IDs, Contacts                   []int64
	Faulty, Tests                   bool
}

// Values is the filter as URL parameters, without the flow and what is not set.
func (q VisitQuery) Values() url.Values {
	v := url.Values{}
	for name, value := range map[string]string{"outcome": q.Outcome, "screen": q.Screen, "from": q.From, "to": q.To, "name": q.Name} {
		if value != "" {
			v.Set(name, value)
		}
	}
	for name, set := range map[string]bool{"faulty": q.Faulty, "tests": q.Tests} {
		if set {
			v.Set(name, "1")
		}
	}
	for name, ids := range map[string][]int64{"id": q.IDs, "contact": q.Contacts} {
		for _, id := range ids {
			v.Add(name, strconv.FormatInt(id, 10))
		}
	}
	return v
}

// List is the list with this filter.
func (q VisitQuery) List() string { return withQuery(VisitsURL(q.Flow), q.Values()) }

// Page is the list from there on: before or after the visit of that id; "" for 0.
func (q VisitQuery) Page(param string, id int64) string {
	if id == 0 {
		return ""
	}
	v := q.Values()
	v.Set(param, strconv.FormatInt(id, 10))
	return withQuery(VisitsURL(q.Flow), v)
}

// Visit is one visit as part of this list; "" for 0.
func (q VisitQuery) Visit(id int64) string {
	if id == 0 {
		return ""
	}
	v := q.Values()
	if q.Flow != "" {
		v.Set("flow", q.Flow)
	}
	return withQuery(VisitURL(id), v)
}

package views

import (
	"strconv"
	"strings"

	"switchyard/models"
)

// FollowNames are the words for the statuses, people and tags by which responses are followed up, for one person.
type FollowNames struct {
	models.TriageNames
	Me      int64
	Outcome func(string) string // an outcome of the one flow in words; nil for all flows
}

// Status is the name of a status by its key.
func (n FollowNames) Status(key string) string {
	for _, s := range n.Statuses {
		if s.Key == key {
			return s.Name
		}
	}
	return shorten(key, maxName)
}

// statusState draws a status as Badge does.
func (n FollowNames) statusState(key string) string {
	for _, s := range n.Statuses {
		switch {
		case s.Key != key:
		case s.Closed:
			return "done"
		case key == models.StatusNew:
			return "waiting"
		}
	}
	return "open"
}

// Person is the name of who has a response; nobody is "".
func (n FollowNames) Person(id int64) string {
	for _, u := range n.People {
		if u.ID == id {
			return personName(u)
		}
	}
	if id == 0 {
		return ""
	}
	return "user " + strconv.FormatInt(id, 10)
}

func (n FollowNames) tag(id int64) string {
	for _, t := range n.Tags {
		if t.ID == id {
			return t.Name
		}
	}
	return ""
}

func personName(u models.User) string {
	if u.Name != "" {
		return u.Name
	}
	name, _, _ := strings.Cut(u.Email, "@")
	return name
}

// statusOptions are those that can be set; what a response has that is not offered any more stays a choice.
func (n FollowNames) statusOptions(current string) (options []Option) {
	for _, s := range n.Statuses {
		if !s.Removed || s.Key == current {
			options = append(options, Option{s.Key, s.Name})
		}
	}
	return options
}

// assigneeOptions are the people who may follow up.
func (n FollowNames) assigneeOptions(current int64) []Option {
	options := []Option{{"0", "Nobody"}}
	for _, u := range n.People {
		if u.ID == current || u.DisabledAt.IsZero() && u.Role.May(models.Support) {
			name := personName(u)
			if u.ID == n.Me {
				name += " (you)"
			}
			options = append(options, Option{strconv.FormatInt(u.ID, 10), name})
		}
	}
	return options
}

// What a filter of the list may ask.
func (n FollowNames) statusFilter() []Option {
	options := []Option{{"", "Any"}, {"open", "Not done"}}
	for _, s := range n.Statuses {
		name := s.Name
		if s.Removed {
			name += " (removed)"
		}
		options = append(options, Option{s.Key, name})
	}
	return options
}

func (n FollowNames) assigneeFilter(p Page) []Option {
	options := []Option{{"", "Anybody"}, {"none", "Nobody"}}
	if p.Can.Support {
		options = append(options, Option{"me", "Me"})
	}
	for _, u := range n.People {
		if u.Role.May(models.Support) && u.ID != n.Me {
			options = append(options, Option{strconv.FormatInt(u.ID, 10), personName(u)})
		}
	}
	return options
}

func (n FollowNames) tagFilter() []Option {
	options := []Option{{"", "Any"}}
	for _, t := range n.Tags {
		options = append(options, Option{t.Name, t.Name})
	}
	return options
}

// The columns of what became of a response stand among those of its answers, under names that no answer has.
const (
	statusColumn   = "@status"
	assigneeColumn = "@assignee"
	tagsColumn     = "@tags"
	outcomeColumn  = "@outcome"
)

// FollowColumns are those columns, with the outcome of a flow through which rules lead.
func FollowColumns(routes bool) []AnswerColumn {
	all := []AnswerColumn{{Key: statusColumn, Label: "Status"}, {Key: assigneeColumn, Label: "Assignee"}, {Key: tagsColumn, Label: "Tags"}}
	if routes {
		all = append(all, AnswerColumn{Key: outcomeColumn, Label: "Rule outcome"})
	}
	return all
}

// FollowColumn tells whether a column is one of them.
func FollowColumn(key string) bool {
	return key == statusColumn || key == assigneeColumn || key == tagsColumn || key == outcomeColumn
}

// Cell is what stands in such a column.
func (n FollowNames) Cell(key string, r models.Response) AnswerView {
	v := AnswerView{Key: key}
	switch key {
	case outcomeColumn:
		if n.Outcome != nil {
			v.Text, v.ID = n.Outcome(r.Outcome), r.Outcome
		}
	case statusColumn:
		v.Text = n.Status(r.Status)
	case assigneeColumn:
		v.Text = r.Assignee
	default:
		for _, t := range r.Tags {
			v.Parts = append(v.Parts, t.Name)
		}
		v.Text = strings.Join(v.Parts, ", ")
	}
	return v
}

// TriageWords says a change for people: "Status: Done".
func (n FollowNames) TriageWords(a models.TriageAct) string {
	id, _ := strconv.ParseInt(a.Value, 10, 64)
	switch a.What {
	case models.SetStatus:
		return "Status: " + n.Status(a.Value)
	case models.SetAssignee:
		if id == 0 {
			return "Assigned to nobody"
		}
		return "Assigned to " + n.Person(id)
	case models.AddTag:
		return "Tag added: " + n.tag(id)
	case models.RemoveTag:
		return "Tag removed: " + n.tag(id)
	case models.MarkRead:
		return "Marked as read"
	}
	return "Marked as unread"
}

// ChangeWords says a change that nobody made yet.
func (n FollowNames) ChangeWords(c models.TriageChange) string {
	switch c.What {
	case models.AddTag:
		return "Tag added: " + c.Value
	case models.RemoveTag:
		return "Tag removed: " + c.Value
	}
	return n.TriageWords(models.TriageAct{What: c.What, Value: c.Value})
}

// wasWords says what it was before; "" when that is plain.
func (n FollowNames) wasWords(a models.TriageAct) string {
	switch a.What {
	case models.SetStatus:
		return "It was “" + n.Status(a.Was) + "”."
	case models.SetAssignee:
		if id, _ := strconv.ParseInt(a.Was, 10, 64); id != 0 {
			return "It was " + n.Person(id) + "’s."
		}
	}
	return ""
}

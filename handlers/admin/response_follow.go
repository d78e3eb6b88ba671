package admin

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"switchyard/models"
	"switchyard/views"
)

// maxTagsAsked is how many tags a filter may ask for.
const maxTagsAsked = 5

// readFollowUp reads what an address asks of status, assignee, tags and what is unread. me is who asks.
func (f *found) readFollowUp(v url.Values, names models.TriageNames, me int64) {
	f.names = names
	q, follow := &f.query, &f.filter.Follow
	q.Unread, q.Mentioned = v.Get("unread") == "1", v.Get("mentioned") == "1"
	if follow.Unread = q.Unread; q.Mentioned {
		follow.Mentions = me
	}
	if asked := v.Get("status"); asked != "" {
		for _, s := range names.Statuses {
			if s.Key == asked || asked == "open" && !s.Closed || asked == "closed" && s.Closed {
				follow.Statuses = append(follow.Statuses, s.Key)
			}
		}
		if q.Status = asked; len(follow.Statuses) == 0 {
			f.wrong("status", "There is no status “"+asked+"”. Choose one of the list.")
			q.Status = ""
		}
	}
	f.readAssignee(v.Get("assignee"), me)
	for _, name := range v["tag"][:min(len(v["tag"]), maxTagsAsked)] {
		if name = strings.TrimSpace(name); name == "" {
			continue
		}
		i := slices.IndexFunc(names.Tags, func(t models.Tag) bool { return strings.EqualFold(t.Name, name) })
		if i < 0 {
			f.wrong("tag", "There is no tag “"+name+"”. Choose one of the list.")
			continue
		}
		if !slices.Contains(follow.Tags, names.Tags[i].ID) {
			follow.Tags, q.Tags = append(follow.Tags, names.Tags[i].ID), append(q.Tags, names.Tags[i].Name)
		}
	}
}

func (f *found) readAssignee(asked string, me int64) {
	id, err := strconv.ParseInt(asked, 10, 64)
	switch {
	case asked == "":
		return
	case asked == "me":
		id = me
	case asked == "none":
		id = 0
	case err != nil || !slices.ContainsFunc(f.names.People, func(u models.User) bool { return u.ID == id }):
		f.wrong("assignee", "There is no such person. Choose one of the list.")
		return
	}
	f.query.Assignee, f.filter.Follow.Assignees = asked, []int64{id}
}

// standingViews stand in everybody's sidebar before the saved ones. What is mine is what I have to do.
func standingViews(follows bool) []views.NavView {
	view := func(name, query, icon string) views.NavView {
		return views.NavView{ResponseView: models.ResponseView{Name: name, Query: query}, Icon: icon}
	}
	all := []views.NavView{view("Unread", "unread=1", "mail")}
	if follows {
		all = append(all, view("Mine", "assignee=me&status=open", "user-check"))
	}
	return append(all, view("Mentions", "mentioned=1", "at-sign"))
}

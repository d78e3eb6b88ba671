package views

import (
	"net/url"
	"strconv"
	"strings"

	"switchyard/models"
)

// MappingsURL is the page of mappings.
const MappingsURL = "/mappings"

// A TrayTab is one part of the tray.
type TrayTab string

// The tabs of the tray.
const (
	TabNoFlow     TrayTab = "no-flow"
	TabUnreadable TrayTab = "unreadable"
	TabBodies     TrayTab = "bodies"
)

// Known tells whether it is one of the tabs.
func (t TrayTab) Known() bool { return t == TabNoFlow || t == TabUnreadable || t == TabBodies }

// FirstTab is the first with something in it.
func FirstTab(n models.TrayCounts) TrayTab {
	switch {
	case n.NoFlow > 0:
		return TabNoFlow
	case n.Unreadable > 0:
		return TabUnreadable
	case n.Bodies > 0:
		return TabBodies
	}
	return TabNoFlow
}

// TrayURL is a tab of the tray, from before an id; 0 is the newest.
func TrayURL(tab TrayTab, before int64) string {
	v := url.Values{"show": {string(tab)}}
	if before > 0 {
		v.Set("before", strconv.FormatInt(before, 10))
	}
	return withQuery(UnmatchedURL, v)
}

// AssignURL is where a response is assigned; tray tells that the person comes from there.
func AssignURL(id int64, tray bool) string {
	if tray {
		return ResponseURL(id) + "/assign?back=tray"
	}
	return ResponseURL(id) + "/assign"
}

// AssignmentsURL lists what was assigned, from before an id; 0 is the newest.
func AssignmentsURL(before int64) string {
	if before == 0 {
		return "/assignments"
	}
	return withQuery("/assignments", url.Values{"before": {strconv.FormatInt(before, 10)}})
}

func undoURL(id int64) string { return AssignmentsURL(0) + "/" + strconv.FormatInt(id, 10) + "/undo" }

// A Suggestion is a flow that a response may belong to, and why. The higher the score, the better.
type Suggestion struct {
	Slug, Name string
	Score      int
	Why        []string
}

func (s Suggestion) why() string { return Sentence(strings.Join(s.Why, "; ")) }

// FitWords say how many of a response's answers a flow can give.
func FitWords(hits, total int) string {
	if total == 1 {
		return "its one answer is a field of this flow"
	}
	if hits == total && total == 2 {
		return "both answers are fields of this flow"
	}
	if hits == total {
		return "all " + Number(total) + " answers are fields of this flow"
	}
	return Number(hits) + " of " + Number(total) + " answers are fields of this flow"
}

// TokenWords say that tokens of a flow begin as that of a response.
func TokenWords(n int) string {
	return "its token begins like those of " + plural(n, "recent response", "recent responses") + " of this flow"
}

// NumberWords say that a number of ours is used for one flow.
func NumberWords(n int) string {
	if n == 1 {
		return "the last response to this number was of this flow"
	}
	return "the last " + Number(n) + " responses to this number were all of this flow"
}

// likeWords say in what responses are alike: "token begins with booking-". With mask no token is told.
func likeWords(l models.Like, mask bool) string {
	switch l.Kind {
	case models.LikeKeys:
		return "the same answers"
	case models.LikeToken:
		return "token " + patternWords(l.Value, mask)
	case models.LikeNumber:
		return "sent to our number " + Phone(l.Value)
	case models.LikeContact:
		return "from the same customer"
	}
	return "one response"
}

func patternWords(pattern string, mask bool) string {
	head, one := strings.CutSuffix(pattern, "*")
	switch {
	case mask:
		return "of the same form"
	case one && !strings.Contains(head, "*"):
		return "begins with " + head
	case strings.Contains(pattern, "*"):
		return "fits " + pattern
	}
	return "is " + pattern
}

// mappingWords name what a mapping goes by.
func mappingWords(m models.Mapping, mask bool) string {
	switch m.Like.Kind {
	case models.LikeNumber:
		return "Our number " + Phone(m.Like.Value)
	case models.LikeContact:
		name, _ := ContactWords(m.Contact, mask)
		if m.Contact.ID == 0 {
			name = "a customer who is gone"
		}
		return "Customer " + name
	}
	return "Token " + patternWords(m.Like.Value, mask)
}

// AssignedWords say what was assigned, on the next page.
func AssignedWords(a models.Assignment) string {
	said := plural(int(a.Total), "response", "responses") + " assigned to " + a.FlowName + "."
	if a.State == models.Assigning {
		said += " The rest follows."
	}
	if a.MappingID != 0 {
		said += " Responses like that belong to it from now on."
	}
	return said
}

// countWords is a count that may have been stopped.
func countWords(c models.LikeCount) string {
	if c.All {
		return Number(c.N)
	}
	return "at least " + Number(c.N)
}

// trayCount is the number on a tab; above what is counted it says so.
func trayCount(n int) string {
	if n > 10_000 {
		return "10,000+"
	}
	return Number(n)
}

// joinedKeys names the answers of a response, by name.
func joinedKeys(answers map[string]any) string { return strings.Join(sortedKeys(answers), ", ") }

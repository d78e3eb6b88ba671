package views

import (
	"net/url"
	"strconv"
	"strings"
	"switchyard/models"
	"time"
)

// The pages of forwarding whose address never varies.
const (
	TargetsURL      = "/targets"
	NewTargetURL    = TargetsURL + "/new"
	AllowedHostsURL = TargetsURL + "/hosts"
)

// TargetURL is one target.
func TargetURL(id int64) string { return TargetsURL + "/" + strconv.FormatInt(id, 10) }

// TargetForwardsURL is the forwards of a target in one state; param and id page on, when there is an id.
func TargetForwardsURL(id int64, state models.ForwardState, param string, page int64) string {
	q := url.Values{"state": {string(state)}}
	if page != 0 {
		q.Set(param, strconv.FormatInt(page, 10))
	}
	return withQuery(TargetURL(id), q)
}

// failingLong is after how long a target that fails is worth a line on the overview.
const failingLong = time.Hour

// A targetState is how it goes with a target: a state that Badge draws, and a word.
type targetState struct{ state, word string }

func targetStateOf(t models.Target, h models.TargetHealth, now time.Time) targetState {
	switch {
	case t.Off:
		return targetState{"off", "Off"}
	case h.PausedUntil.After(now):
		return targetState{"paused", "Paused"}
	case h.Failures > 0:
		return targetState{"failing", "Failing"}
	case h.LastSuccess.IsZero():
		return targetState{"waiting", "Nothing sent yet"}
	}
	return targetState{"ok", "Well"}
}

// failsLong tells whether a target has failed for more than an hour while something waits for it.
func failsLong(t models.Target, h models.TargetHealth, now time.Time) bool {
	long := now.Add(-failingLong)
	return !t.Off && h.Failures > 0 && !h.Oldest.IsZero() && h.Oldest.Before(long) && h.LastSuccess.Before(long)
}

// TargetNotices are the sentences about targets that somebody should look at.
func TargetNotices(targets []models.Target, health map[int64]models.TargetHealth, now time.Time) (notices []TargetNotice) {
	for _, t := range targets {
		h := health[t.ID]
		switch {
		case failsLong(t, h, now):
			text := "Its oldest body has waited for " + span(now.Sub(h.Oldest.Time)) + "; " + plural(int(h.Waiting), "body waits", "bodies wait") + "."
			if h.Dead > 0 {
				text += " " + deadWords(h.Dead) + "."
			}
			notices = append(notices, TargetNotice{"failing", t.Name + " does not take what is forwarded", text, TargetURL(t.ID)})
		case h.Dead > 0:
			notices = append(notices, TargetNotice{"warn", t.Name + ": " + plural(int(h.Dead), "dead letter", "dead letters"),
				"Not taken in three days of tries, or refused for good. They can be tried again.", TargetForwardsURL(t.ID, models.ForwardDead, "", 0)})
		}
	}
	return notices
}

// A TargetNotice is one such sentence.
type TargetNotice struct{ State, Title, Text, Href string }

func deadWords(n int64) string { return plural(int(n), "is dead", "are dead") }

// targetAddress is where a target is, without what its address may hide: the query, for viewers the path, too.
func targetAddress(t models.Target, can Can) string {
	u, err := url.Parse(t.URL)
	if err != nil {
		return "–"
	}
	text := u.Host
	if u.Scheme == "http" {
		text = "http://" + text
	}
	if can.Support {
		text += u.EscapedPath()
	}
	if u.RawQuery != "" || !can.Support && len(u.Path) > 1 {
		text += "…"
	}
	return shorten(text, 120)
}

// targetFilter says which bodies a target gets, as people say it; flows are names by id.
func targetFilter(t models.Target, flows map[int64]string) string {
	text := "Everything"
	if len(t.Fields) > 0 {
		text = "Only " + strings.Join(t.Fields, ", ")
	}
	if len(t.Flows) > 0 {
		var names []string
		for _, id := range t.Flows {
			name := flows[id]
			if name == "" {
				name = "a flow that is gone"
			}
			names = append(names, name)
		}
		text += " about " + strings.Join(names, ", ")
	}
	if t.Tests {
		text += ", test traffic too"
	}
	return shorten(text, 200)
}

// rateWords is the share of tries of a day that succeeded.
func rateWords(f models.TargetFigures) string {
	if f.Tries == 0 {
		return "–"
	}
	return Percent(f.Rate())
}

// withinWords is how long nine of ten tries took at most.
func withinWords(f models.TargetFigures) string {
	if f.P90 == 0 {
		return "–"
	}
	return Milliseconds(f.P90)
}

// RetriedWords says how many dead letters were put back.
func RetriedWords(n int64) string {
	if n == 1 {
		return "The body is tried again."
	}
	return Number(n) + " bodies are tried again."
}

// forwardWord is the state of a forward for people.
func forwardWord(s models.ForwardState) string {
	switch s {
	case models.ForwardDone:
		return "Sent"
	case models.ForwardDead:
		return "Dead"
	}
	return "Waiting"
}

// forwardAnswer is what the last try brought.
func forwardAnswer(f models.Forward) string {
	switch {
	case f.LastError != "" && f.LastStatus != 0 && !strings.Contains(f.LastError, strconv.Itoa(f.LastStatus)):
		return strconv.Itoa(f.LastStatus) + ": " + shorten(Sentence(f.LastError), 160)
	case f.LastError != "":
		return shorten(Sentence(f.LastError), 160)
	case f.LastStatus != 0:
		return strconv.Itoa(f.LastStatus)
	case f.Attempts == 0:
		return "Not tried yet"
	}
	return "–"
}

package views

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"switchyard/models"
	"switchyard/models/alert"
)

// channelWord names a channel.
func channelWord(c models.Channel) string {
	switch c {
	case models.Email:
		return "E-mail"
	case models.Chat:
		return "Chat"
	}
	return "Web hook"
}

func receiverState(r models.Receiver) targetState {
	switch {
	case r.Off:
		return targetState{"off", "Off"}
	case r.Failures > 0:
		return targetState{"failing", "Failing"}
	case r.LastSuccess.IsZero():
		return targetState{"waiting", "Nothing sent yet"}
	}
	return targetState{"ok", "Well"}
}

// receiverRule says what a receiver hears, as people say it; flows are names by id.
func receiverRule(r models.Receiver, flows map[int64]string) string {
	var moments []string
	for _, m := range models.Moments {
		if slices.Contains(r.Moments, m) {
			moments = append(moments, map[models.Moment]string{models.Began: "beginning", models.Worse: "worsening",
				models.Forgotten: "no acknowledgement in " + plural(r.Forgotten, "minute", "minutes"), models.Over: "end"}[m])
		}
	}
	text := "Alerts"
	if r.Severity > 1 {
		text += " from " + r.Severity.Word() + " severity on"
	}
	if len(r.Kinds) > 0 {
		var kinds []string
		for _, k := range r.Kinds {
			kinds = append(kinds, strings.ToLower(AlertName(k)))
		}
		text += ", only " + strings.Join(kinds, ", ")
	}
	if len(r.Flows) > 0 {
		text += ", of " + flowList(r.Flows, flows)
	}
	return shorten(text+": "+strings.Join(moments, ", "), 300)
}

func flowList(ids []int64, flows map[int64]string) string {
	var names []string
	for _, id := range ids {
		name := flows[id]
		if name == "" {
			name = "a flow that is gone"
		}
		names = append(names, name)
	}
	return strings.Join(names, ", ")
}

// weekdays are 1 to 7.
var weekdays = []string{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"}

// hoursWords says when a receiver hears.
func hoursWords(r models.Receiver) string {
	h := r.Hours
	if h.Always() {
		return "At any hour"
	}
	text := "Every day"
	if len(h.Days) > 0 {
		var days []string
		for _, d := range h.Days {
			days = append(days, weekdays[d-1])
		}
		if text = strings.Join(days, ", "); slices.Equal(h.Days, []int{1, 2, 3, 4, 5}) {
			text = "Monday to Friday"
		}
	}
	if h.From != h.To {
		text += ", " + clockWords(h.From) + " to " + clockWords(h.To)
	}
	text += " (" + h.Zone + ")"
	if r.Urgent {
		text += "; high severity at any hour"
	}
	return text
}

// clockWords is a minute of the day such as 08:00; "" for none.
func clockWords(minute int) string {
	if minute < 0 {
		return ""
	}
	return fmt.Sprintf("%02d:%02d", minute/60, minute%60)
}

// countValue is a number in a form; "" for one that was none.
func countValue(n int) string {
	if n < 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// ReceiverNotices are the sentences about receivers that somebody should look at.
func ReceiverNotices(receivers []models.Receiver, all map[int64]models.Backlog) (notices []TargetNotice) {
	for _, r := range receivers {
		switch b := all[r.ID]; {
		case r.Off && r.OffReason != "":
			notices = append(notices, TargetNotice{"warn", r.Name + " was switched off by itself", Sentence(r.OffReason), ReceiverURL(r.ID)})
		case !r.Off && r.Failures > 2 && b.Waiting+b.Dead > 0:
			notices = append(notices, TargetNotice{"failing", r.Name + " does not hear of alerts", Sentence(r.Failure), ReceiverURL(r.ID)})
		}
	}
	return notices
}

// postWord is the state of a post as Badge draws it, and for people.
func postWord(p models.Post) (state, word string) {
	switch {
	case p.State == models.PostDone:
		return "done", "Sent"
	case p.State == models.PostDead:
		return "dead", "Not sent"
	case p.Attempts > 0:
		return "failing", "Trying again"
	}
	return "waiting", "Waiting"
}

func postAnswer(p models.Post) string {
	switch {
	case p.LastError != "":
		return shorten(Sentence(p.LastError), 300)
	case p.State == models.PostDone:
		return "Taken"
	case p.Attempts == 0:
		return "Not tried yet"
	}
	return "–"
}

// postLine is a notification in the log.
func postLine(n models.Notification) string {
	text := MomentWord(n.Fact.Moment) + ": " + factTitle(n.Fact)
	if n.Fact.Moment != models.Over {
		text += ", " + factFigures(n.Fact)
	}
	return text
}

var leastSeverities = []Option{{"1", "Low, so all"}, {"2", "Medium"}, {"3", "High only"}}

var alertKinds = []alert.Kind{alert.EndpointErrorRate, alert.EndpointLatency, alert.EndpointAvailability, alert.ClientErrorRate}

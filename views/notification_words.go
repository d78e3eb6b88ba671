package views

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"switchyard/models"
	"switchyard/models/alert"
)

// The pages of notifications whose address never varies.
const (
	NotificationsURL = "/notifications"
	NewReceiverURL   = NotificationsURL + "/new"
	MailServerURL    = NotificationsURL + "/mail-server"
)

// ReceiverURL is one receiver.
func ReceiverURL(id int64) string { return NotificationsURL + "/" + strconv.FormatInt(id, 10) }

// MomentWord is what happened, as a notification begins.
func MomentWord(m models.Moment) string {
	switch m {
	case models.Worse:
		return "Worse"
	case models.Forgotten:
		return "Nobody has it"
	case models.Over:
		return "Over"
	}
	return "Active"
}

// momentLabel is a moment to choose, and momentHint what it means.
func momentLabel(m models.Moment) (label, hint string) {
	switch m {
	case models.Worse:
		return "It gets worse", "Its severity rises, or it is active again."
	case models.Forgotten:
		return "Nobody acknowledges it", "After the time below. For somebody to fall back on, choose only this one."
	case models.Over:
		return "It is over", "The figures are good again, or somebody resolved it."
	}
	return "An alert begins", ""
}

// mostTold is how many alerts one notification names.
const mostTold = 30

// A Telling is what one post says, for every channel.
type Telling struct {
	Title       string // one line
	Items       []TellingItem
	More        int // alerts that are not named
	Receiver    string
	AlertsURL   string // whole addresses
	SettingsURL string
}

// A TellingItem is one alert in it.
type TellingItem struct {
	Moment   models.Moment
	Word     string // "Active"
	Severity string // "high"
	Title    string // "Endpoint latency of Claims"
	Figures  string // "p90 8 s (threshold 7 s)"
	When     string // "Active since 20 Nov 14:05 CET. Said by Meta."
	URL      string
}

// TellingOf says what a receiver is told; of each alert only the newest. origin is that of this server.
func TellingOf(r models.Receiver, tells []models.Notification, origin string) Telling {
	t := Telling{Receiver: r.Name, AlertsURL: origin + AlertsURL(""), SettingsURL: origin + ReceiverURL(r.ID)}
	var newest []models.Notification
	for _, n := range slices.Backward(tells) {
		if !slices.ContainsFunc(newest, func(o models.Notification) bool { return o.AlertID == n.AlertID }) {
			newest = append(newest, n)
		}
	}
	slices.Reverse(newest)
	t.Title = tellingTitle(newest)
	if len(newest) > mostTold {
		t.More, newest = len(newest)-mostTold, newest[:mostTold]
	}
	for _, n := range newest {
		t.Items = append(t.Items, itemOf(n, zoneOf(r.Hours.Zone), origin))
	}
	return t
}

// Fewer is the telling with one alert less that is named.
func (t Telling) Fewer() Telling {
	t.Items, t.More = t.Items[:len(t.Items)-1], t.More+1
	return t
}

func tellingTitle(all []models.Notification) string {
	if len(all) == 1 {
		n := all[0]
		title := MomentWord(n.Fact.Moment) + ": " + factTitle(n.Fact)
		if n.Fact.Moment != models.Over {
			title += ", " + factFigures(n.Fact)
		}
		return title
	}
	over := 0
	for _, n := range all {
		if n.Fact.Moment == models.Over {
			over++
		}
	}
	title := plural(len(all), "alert", "alerts")
	switch open := len(all) - over; {
	case over == 0:
		return title + " active"
	case open == 0:
		return title + " over"
	default:
		return fmt.Sprintf("%s: %d active, %d over", title, open, over)
	}
}

func itemOf(n models.Notification, zone *time.Location, origin string) TellingItem {
	f := n.Fact
	moment := func(t models.Time) string { return t.In(zone).Format("2 Jan 15:04 MST") }
	told := TellingItem{Moment: f.Moment, Word: MomentWord(f.Moment), Severity: n.Severity.Word(), Title: factTitle(f), URL: origin + ToldURL(n)}
	if f.Moment == models.Over {
		told.When = "From " + moment(f.Since) + " to " + moment(f.At) + "."
		if f.ByHand {
			told.When += " Somebody resolved it."
		}
		return told
	}
	told.Figures, told.When = factFigures(f), "Active since "+moment(f.Since)+"."
	if f.Own {
		told.When += " Said by our own monitor."
	} else {
		told.When += " Said by Meta."
	}
	return told
}

func factTitle(f models.Fact) string {
	flow := strings.Join(strings.Fields(f.Flow), " ")
	if flow == "" {
		flow = "flow " + shortID(f.MetaID)
	}
	return AlertName(f.Kind) + " of " + flow
}

// factFigures is what was measured, as far as it was said.
func factFigures(f models.Fact) string {
	switch {
	case f.Figure == nil && f.Threshold == nil:
		return "no figure said"
	case f.Figure == nil:
		return "threshold " + Measure(f.Kind, f.Threshold)
	}
	figure := Measure(f.Kind, f.Figure)
	if f.Kind == alert.EndpointLatency {
		figure = "p90 " + figure
	}
	if f.Threshold == nil {
		return figure
	}
	return figure + " (threshold " + Measure(f.Kind, f.Threshold) + ")"
}

// ToldURL is the alert that a notification is about; of a test all alerts.
func ToldURL(n models.Notification) string {
	if n.AlertID == 0 {
		return AlertsURL("")
	}
	return AlertURL(n.AlertID)
}

// zoneOf is a zone by its name, UTC when there is none.
func zoneOf(name string) *time.Location {
	if zone, err := time.LoadLocation(name); err == nil {
		return zone
	}
	return time.UTC
}

// Text is the telling as plain text, without its title.
func (t Telling) Text() string {
	var b strings.Builder
	for i, item := range t.Items {
		if i > 0 {
			b.WriteString("\n")
		}
		fmt.Fprintf(&b, "%s, %s: %s", item.Word, item.Severity, item.Title)
		if item.Figures != "" {
			b.WriteString(", " + item.Figures)
		}
		fmt.Fprintf(&b, "\n%s\n%s\n", item.When, item.URL)
	}
	if t.More > 0 {
		fmt.Fprintf(&b, "\nAnd %s: %s\n", plural(t.More, "more alert", "more alerts"), t.AlertsURL)
	}
	return b.String()
}

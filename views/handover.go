package views

import (
	"cmp"
	"iter"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"switchyard/models"
	"switchyard/models/alert"
)

// HandoverPage is what happened in a period, for who is on duty next.
type HandoverPage struct {
	Page
	From, To string // days
	Rows     []models.Alert
	More     bool // the file has more than the page
	Errors   []FieldError
}

func (p HandoverPage) exportURL() string {
	return withQuery("/alerts/handover/export", url.Values{"from": {p.From}, "to": {p.To}})
}

// toAcknowledge is how long an alert was ours before somebody took it: from when we first heard of it to the first
// acknowledgement that was not taken back; ok is false when nobody did.
func toAcknowledge(a models.Alert) (d time.Duration, by string, ok bool) {
	var taken []alert.Act // each but the first after it had got worse
	for _, act := range a.Acts {
		switch {
		case act.Verb == alert.Acknowledge:
			taken = append(taken, act)
		case act.Verb == alert.Unacknowledge && len(taken) > 0:
			taken = taken[:len(taken)-1]
		}
	}
	if len(taken) == 0 || len(a.Events) == 0 {
		return 0, "", false
	}
	return max(0, taken[0].At.Sub(heardAt(a))), taken[0].Name, true
}

// heardAt is when the first notice of an alert came; they stand in the order of their own times.
func heardAt(a models.Alert) time.Time {
	first := a.Events[0].ArrivedAt.Time
	for _, e := range a.Events {
		if e.Activated && e.ArrivedAt.Before(first) {
			first = e.ArrivedAt.Time
		}
	}
	return first
}

// toResolve is from the first notice's own time to recovery; ok is false while it is open.
func toResolve(a models.Alert) (d time.Duration, ok bool) {
	return max(0, a.ResolvedAt.Sub(a.SinceAt.Time)), !a.ResolvedAt.IsZero()
}

// alertNotes are what people wrote about an alert, with their names.
func alertNotes(a models.Alert) (notes []string) {
	undone := alert.Undone(a.Acts)
	for _, act := range a.Acts {
		if act.Note != "" && !undone[act.ID] {
			notes = append(notes, act.Name+": "+act.Note)
		}
	}
	return notes
}

// span is a time that something took, in words.
func spanWords(d time.Duration) string {
	switch minutes := int(d.Round(time.Minute) / time.Minute); {
	case minutes < 1:
		return "under 1 min"
	case minutes < 120:
		return strconv.Itoa(minutes) + " min"
	case minutes < 48*60:
		return strconv.Itoa(minutes/60) + " h " + strconv.Itoa(minutes%60) + " min"
	default:
		return strconv.Itoa(minutes/60/24) + " days"
	}
}

func (p HandoverPage) figures() []Figure {
	var taken, over []time.Duration
	open := 0
	for _, a := range p.Rows {
		if d, _, ok := toAcknowledge(a); ok {
			taken = append(taken, d)
		}
		if d, ok := toResolve(a); ok {
			over = append(over, d)
		} else {
			open++
		}
	}
	return []Figure{
		{Label: "Alerts", Value: Number(len(p.Rows)), Icon: "bell"},
		{Label: "Still open", Value: Number(open), Icon: "circle-alert"},
		{Label: "Time to acknowledge", Value: median(taken), Hint: "Median of " + plural(len(taken), "alert", "alerts"), Icon: "user-check"},
		{Label: "Time to resolve", Value: median(over), Hint: "Median of " + plural(len(over), "alert", "alerts"), Icon: "clock"},
	}
}

func median(all []time.Duration) string {
	if len(all) == 0 {
		return "–"
	}
	slices.SortFunc(all, func(a, b time.Duration) int { return cmp.Compare(a, b) })
	return spanWords((all[(len(all)-1)/2] + all[len(all)/2]) / 2)
}

var handoverColumns = []string{"since", "resolved_at", "flow_id", "flow", "kind", "status", "severity", "worst_threshold", "worst_figure", "acknowledged_by",
	"minutes_to_acknowledge", "minutes_to_resolve", "assigned_to", "resolved_by", "notes"}

// HandoverCSV writes one row per alert, times it took in minutes. The rows come with their events and acts.
func (e Export) HandoverCSV(rows iter.Seq2[models.Alert, error]) (int, error) {
	return writeCSV(e, handoverColumns, rows, func(a models.Alert) []string {
		acknowledged, by, taken := toAcknowledge(a)
		resolved, over := toResolve(a)
		worst := worstNotice(a)
		return []string{e.time(a.SinceAt), e.time(a.ResolvedAt), a.MetaID, a.FlowSlug, string(a.Kind), string(a.Status), a.Severity.Word(),
			plainFigure(worst.Threshold), plainFigure(AlertFigure(a.Kind, worst)), by, inMinutes(acknowledged, taken), inMinutes(resolved, over),
			a.AssignedName, a.ClosedName, strings.Join(alertNotes(a), "\n")}
	})
}

func inMinutes(d time.Duration, known bool) string {
	if !known {
		return ""
	}
	return strconv.FormatFloat(d.Minutes(), 'f', 1, 64)
}

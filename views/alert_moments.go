package views

import (
	"strings"

	"switchyard/models"
	"switchyard/models/alert"
)

// alertMoments is the timeline of an alert: notices and people's acts by time, with what takes an act back for who may.
func alertMoments(p AlertPage) []Moment {
	a := p.Alert
	var ms []Moment
	for _, e := range a.Events {
		ms = append(ms, eventMoment(a.Kind, e))
	}
	undone := alert.Undone(a.Acts)
	for _, act := range a.Acts {
		m := actMoment(act, p)
		switch {
		case undone[act.ID]:
			m.State, m.Title = "off", m.Title+" (taken back)"
		case p.mayUndo(act):
			m.Content = undoAct(a.ID, act)
		}
		ms = append(ms, m)
	}
	return byTime(ms)
}

func eventMoment(k alert.Kind, e models.AlertEvent) Moment {
	m := Moment{At: e.At.Time, State: "active", Title: "Activated: " + AlertFigures(k, e), Text: e.Message}
	switch {
	case !e.Activated && k == alert.EndpointAvailability:
		m.State, m.Title = "resolved", "Above the threshold again: "+AlertFigures(k, e)
	case !e.Activated:
		m.State, m.Title = "resolved", "Below the threshold again: "+AlertFigures(k, e)
	}
	m.Title = alertSource(e) + ": " + strings.ToLower(m.Title[:1]) + m.Title[1:]
	return m
}

// alertSource is who says it.
func alertSource(e models.AlertEvent) string {
	if e.Own() {
		return "Switchyard"
	}
	return "Meta"
}

func actMoment(act alert.Act, p AlertPage) Moment {
	m := Moment{At: act.At, State: "acknowledged", Title: "Acknowledged by " + act.Name, Text: act.Note}
	switch act.Verb {
	case alert.Unacknowledge:
		m.State, m.Title = "waiting", "Acknowledgement taken back by "+act.Name
	case alert.Snooze:
		m.State, m.Title = "snoozed", "Snoozed by "+act.Name+" until "+DateTime(act.Until, p.Zone)
	case alert.Resolve:
		m.State, m.Title = "resolved", "Resolved by "+act.Name
	case alert.Assign:
		m.State, m.Title = "info", "Assigned to "+act.ToName+" by "+act.Name
		if act.To == 0 {
			m.Title = "Assigned to nobody by " + act.Name
		}
	case alert.Comment:
		m.State, m.Title = "note", act.Name+" wrote"
	case alert.Undo:
		m.State, m.Title = "off", act.Name+" took back "+undoneWords(act.Of, p.Alert.Acts)
	}
	return m
}

// undoneWords names the act that was taken back.
func undoneWords(of int64, acts []alert.Act) string {
	for _, a := range acts {
		if a.ID == of {
			return verbWords[a.Verb]
		}
	}
	return "an act"
}

var verbWords = map[alert.Verb]string{
	alert.Snooze: "the snooze", alert.Resolve: "the resolution", alert.Assign: "the assignment", alert.Comment: "a comment",
}

// mayUndo tells whether to offer it: comments are their author's.
func (p AlertPage) mayUndo(act alert.Act) bool {
	return p.Can.Support && act.Verb.Undoable() && (act.Verb != alert.Comment || p.User != nil && p.User.ID == act.By)
}

package views

import (
	"strconv"
	"strings"
	"time"

	"switchyard/models"
	"switchyard/models/flowjson"
)

// VisitStory says in a sentence how a visit went: "Stopped on Details 3 days ago, after 2 of 4 screens."
func VisitStory(p VisitPage) string {
	on := ScreenName(p.JSON, p.Visit.Screen)
	if !p.Can.Support {
		on = shorten(MaskNumbers(on), maxName)
	}
	ago := Ago(p.Now, p.Visit.LastAt.Time)
	if !strings.HasSuffix(ago, "ago") && ago != "just now" {
		ago = "on " + ago
	}
	after := screensSeen(p)
	switch p.Outcome {
	case models.VisitFinished:
		return "Finished " + ago + ", after " + after + "."
	case models.VisitExpired:
		return "A rule expired the flow token " + ago + ", after " + after + "."
	case models.VisitAbandoned:
		return "Stopped on " + orDash(on) + " " + ago + ", after " + after + "."
	}
	return "On " + orDash(on) + " now, after " + after + "."
}

// screensSeen is "2 of 4 screens".
func screensSeen(p VisitPage) string {
	seen := map[string]bool{}
	for _, s := range p.Steps {
		for _, id := range []string{s.Screen, s.NextScreen} {
			if id != "" && (p.JSON == nil || p.JSON.Screen(id) != nil) {
				seen[id] = true
			}
		}
	}
	if p.JSON == nil {
		return plural(len(seen), "screen", "screens")
	}
	return Number(len(seen)) + " of " + plural(len(p.JSON.Screens), "screen", "screens")
}

// VisitPath names the screens on the customer's way, without those that were left by going back.
func VisitPath(flow *flowjson.Flow, trail []string) []string {
	path := make([]string, 0, len(trail))
	for _, id := range trail {
		if flow == nil || flow.Screen(id) != nil {
			path = append(path, ScreenName(flow, id))
		}
	}
	return path
}

func stepState(s models.Step) string {
	switch {
	case len(s.Faults) > 0:
		return "warn"
	case s.Kind == "finish":
		return "done"
	case s.Kind == "expire":
		return "expired"
	}
	return "info"
}

// StepMoments is a visit as a short timeline: each request, the screen that followed, the rule that decided, the time it
// took, and how long the customer stayed before.
func StepMoments(flow *flowjson.Flow, steps []models.Step) []Moment {
	ms := make([]Moment, len(steps))
	for i, s := range steps {
		ms[i] = Moment{At: s.At.Time, State: stepState(s), Text: stepText(s),
			Title: stepTitle(s, func(id string) string { return ScreenName(flow, id) })}
		if i > 0 {
			ms[i].Text += " · after " + waitedWords(max(0, s.At.Sub(steps[i-1].At.Time)))
		}
	}
	return ms
}

func stepTitle(s models.Step, screen func(string) string) string {
	from := screen(s.Screen)
	switch s.Action {
	case "INIT":
		from = "Opened"
	case "BACK":
		from = "Back from " + from
	}
	switch {
	case s.Kind == stepNotice && s.Screen == "":
		return "WhatsApp reported an error at the opening"
	case s.Kind == stepNotice:
		return "WhatsApp reported an error on " + screen(s.Screen)
	case s.Kind == "expire":
		return from + " → expired"
	case s.Kind == "finish":
		return from + " → finished"
	case s.NextScreen == "" || s.NextScreen == s.Screen && s.Action != "INIT":
		return from + ", stayed"
	}
	return from + " → " + screen(s.NextScreen)
}

func stepText(s models.Step) string {
	parts := []string{}
	if s.Rule != "" {
		parts = append(parts, "Rule: "+s.Rule)
		if s.RuleVersion > 0 {
			parts[0] += " (version " + strconv.Itoa(s.RuleVersion) + ")"
		}
	}
	parts = append(parts, Milliseconds(time.Duration(s.Micros)*time.Microsecond))
	return strings.Join(append(parts, s.Faults...), " · ")
}

// keyOfNotice is the error's key in a fault that an error notification left: "KEY: message".
func keyOfNotice(fault string) string {
	key, _, _ := strings.Cut(fault, ":")
	return strings.TrimSpace(key)
}

// waitedWords says a pause between two requests: "20 s", "4 min".
func waitedWords(d time.Duration) string {
	if d < time.Minute {
		return Number(int(d.Round(time.Second)/time.Second)) + " s"
	}
	return span(d)
}

// StopsSince is the midnight of the person's zone from which a flow's page counts abandoned visits.
func StopsSince(p Page) time.Time { return midnight(p, -StopDays+1) }

// Midnight is when the day of the person began.
func Midnight(p Page) time.Time { return midnight(p, 0) }

func midnight(p Page, days int) time.Time {
	y, m, d := p.Now.In(orUTC(p.Zone)).Date()
	return models.StartOfDay(y, m, d+days, orUTC(p.Zone))
}

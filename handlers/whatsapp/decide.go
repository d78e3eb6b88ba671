package whatsapp

import (
	"fmt"
	"maps"
	"runtime"
	"runtime/debug"
	"slices"
	"time"

	"switchyard/models/rules"
)

// budget is how long deciding may take; then the customer gets the fallback. Rules bound their own work far below it
// (rules.Set.Next), so what goes on after it ends soon: only a machine that has no time to give comes so far.
const budget = 2 * time.Second

// decide asks the rules, and answers for them when they panic or take too long, and when there is nothing to ask.
func (t *turn) decide() rules.Decision {
	if t.in.Unread != "" {
		return t.fall(t.fallback(), "The request could not be read: "+t.in.Unread+".")
	}
	in := rules.Request{Action: rules.Action(t.in.Action), Screen: t.in.Screen, Data: t.in.Data, Now: t.now}
	known, fb := t.known(), t.fallback()
	decided := make(chan rules.Decision, 1)
	broke := make(chan string, 1)
	go func() {
		defer func() {
			if p := recover(); p != nil {
				t.e.Log.Error("the rules panicked", "flow", t.flow.Slug, "panic", safePanic(p), "stack", string(debug.Stack()))
				broke <- "The rules broke down on this request."
			}
		}()
		decided <- t.by.next(in, known, fb)
	}()
	late := time.NewTimer(budget)
	defer late.Stop()
	select {
	case d := <-decided:
		return d
	case fault := <-broke:
		return t.fall(fb, fault)
	case <-late.C:
		return t.fall(fb, fmt.Sprintf("The rules took longer than %s.", budget))
	}
}

// known is what the rules may know of the visit. They get copies of what the turn changes: a decision that comes too
// late still reads them.
func (t *turn) known() rules.Visit {
	known := rules.Visit{Test: isTest(t.in.Token), Started: t.now}
	if t.visit == nil {
		return known
	}
	v := &t.visit.v
	known.Known, known.Answers, known.Sent = true, maps.Clone(v.Answers), maps.Clone(v.Sent)
	known.Trail, known.Started, known.Steps = slices.Clone(v.Trail), v.StartedAt.Time, v.Steps
	return known
}

// fallback is the flow's; a provider that speaks plain JSON is told of an action that nobody knows
// (design/decisions.md 21).
func (t *turn) fallback() rules.Fallback {
	fb := t.flow.fallback()
	switch rules.Action(t.in.Action) {
	case rules.Init, rules.Exchange, rules.Back:
	default:
		if t.plain {
			fb.Message = "Unknown action: " + cut(t.in.Action, 100)
		}
	}
	return fb
}

// fall shows the screen that the customer looks at again, as it was last sent, with the fallback's text.
func (t *turn) fall(fb rules.Fallback, fault string) rules.Decision {
	screen := t.in.Screen
	if t.visit != nil && !t.flow.hasScreen(screen) {
		screen = t.visit.v.Screen
	}
	d, ok := rules.Unruled(t.flow.json, rules.Request{Screen: screen}, fb)
	if !ok {
		d = rules.Decision{Kind: rules.Falls, Screen: screen, Rule: "Fallback", Message: fb.Message}
	}
	if sent := t.sentTo(d.Screen); sent != nil {
		d.Data = maps.Clone(sent)
	}
	if d.Data == nil {
		d.Data = map[string]any{}
	}
	d.Data["error_message"] = fb.Message
	d.Faults = []string{fault}
	return d
}

// sentTo is what we last sent for a screen in this visit.
func (t *turn) sentTo(screen string) map[string]any {
	if t.visit == nil {
		return nil
	}
	return t.visit.v.Sent[screen]
}

// safePanic names a panic without a value that may hold a customer's words.
func safePanic(p any) string {
	if err, ok := p.(runtime.Error); ok {
		return err.Error()
	}
	return fmt.Sprintf("%T", p)
}

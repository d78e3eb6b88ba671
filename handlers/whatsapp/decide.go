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

// DefaultBudget is how long an opened request may wait for its visit and be decided; then the customer gets the
// fallback. Rules bound their own work far below it (rules.Set.Next), so what goes on after it ends soon: only a machine
// that has no time to give comes so far.
const DefaultBudget = 2 * time.Second

// decide asks the rules, and answers for them when they panic or take too long, and when there is nothing to ask.
func (t *turn) decide() rules.Decision {
	in, known, fb := t.request(), t.known(), t.fallback()
	switch {
	case t.in.Unread != "":
		return t.last().Fall(in, known, fb, "The request could not be read: "+t.in.Unread+". Look for what changes it between WhatsApp and this server.")
	case t.late:
		return t.last().Fail(in, known, fb, fmt.Sprintf("Other requests of the same visit took the %s that an answer may take. The server or its database is too slow.", t.e.Budget))
	}
	type end struct {
		d     rules.Decision
		fault string // why there is none
	}
	ended := make(chan end, 1)
	t.e.deciders.do(func() {
		defer func() {
			if p := recover(); p != nil {
				t.e.Log.Error("the rules panicked", "flow", t.flow.Slug, "panic", safePanic(p), "stack", string(debug.Stack()))
				ended <- end{fault: "The rules broke down on this request. That is a fault of Switchyard: the log tells more where it says “the rules panicked”."}
			}
		}()
		ended <- end{d: t.by.next(in, known, fb)}
	})
	late := time.NewTimer(time.Until(t.until))
	defer late.Stop()
	select {
	case got := <-ended:
		if got.fault != "" {
			return t.last().Fail(in, known, fb, got.fault)
		}
		return got.d
	case <-late.C:
		return t.last().Fail(in, t.known(), fb, fmt.Sprintf("The rules took longer than %s. Simplify the formulas of this screen, or give the server more time to compute.", t.e.Budget))
	}
}

// request is what the rules are asked.
func (t *turn) request() rules.Request {
	return rules.Request{Action: rules.Action(t.in.Action), Screen: t.in.Screen, Data: t.in.Data, Now: t.now}
}

// last is the set that answers when the rules do not.
func (t *turn) last() *rules.Set {
	if t.by.set != nil {
		return t.by.set
	}
	return rules.Bare(t.flow.json)
}

// known is what the rules may know of the visit. They get copies of what the turn changes: a decision that comes too
// late still reads them.
func (t *turn) known() rules.Visit {
	known := rules.Visit{Test: isTest(t.in.Token), Started: t.now}
	if t.visit == nil {
		return known
	}
	v := &t.visit.v
	known.Known = t.visit.loaded || v.Sent[t.in.Screen] != nil // of one that cannot be read, as little is known as without
	known.Answers, known.Sent = maps.Clone(v.Answers), maps.Clone(v.Sent)
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

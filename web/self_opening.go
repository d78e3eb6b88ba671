package web

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"switchyard/models"
	"switchyard/models/flowjson"
	"switchyard/views"
)

const (
	// quick is within what an answer should come (protocol.md §3.4).
	quick = time.Second
	// recordTime is how long the test waits for its own visit.
	recordTime = 2 * time.Second
	// mostSaid bounds the problems that a stage tells.
	mostSaid = 8
)

// opened: what WhatsApp asks when a customer opens the flow.
func (t *selfCheck) opened(ctx context.Context) (views.Stage, error) {
	s := views.Stage{Name: "Opening"}
	var err error
	t.opening, err = t.client.ask(ctx, map[string]any{"version": "3.0", "action": "INIT", "screen": "", "data": map[string]any{}, "flow_token": t.token})
	if err != nil {
		return s, err
	}
	s.Took = t.opening.took
	if t.opening.status == tokenSpent && t.opening.broken == nil {
		s.State, s.Said = views.StageFailed, "The rules expired the flow token at the opening, so a customer sees no screen."
		s.Fix, s.Link = "If that is not for tests only, change the rules of the opening.", t.rules()
		return s, nil
	}
	if t.answered(&s, t.opening) {
		s.State, s.Said = views.StageDone, "The answer to the opening was opened."
	}
	return s, nil
}

// screened: the first screen is one with which a flow may begin.
func (t *selfCheck) screened(context.Context) (views.Stage, error) {
	s := views.Stage{Name: "First screen", State: views.StageFailed, Link: t.rules()}
	id := t.opening.screen
	switch {
	case id == "SUCCESS":
		s.Said, s.Fix = "The rules finish the flow at its opening, so a customer sees no screen.", "Change the rules of the opening."
	case t.json.Screen(id) == nil:
		s.Said, s.Fix = fmt.Sprintf("The answer names the screen %q, which the Flow JSON does not have.", id), "Import the newest Flow JSON, or change the rules of the opening."
	case !slices.ContainsFunc(t.json.Entries(), func(e *flowjson.Screen) bool { return e.ID == id }):
		s.Said, s.Fix = fmt.Sprintf("%s is not an entry screen of the routing model, so phones refuse it.", views.ScreenName(t.json, id)), "Go to an entry screen in the rules of the opening."
	default:
		s.State, s.Link, s.Said = views.StageDone, views.Link{}, views.ScreenName(t.json, id)+" is an entry screen of the routing model."
	}
	return s, nil
}

// filled: a phone shows the screen only with every declared key, each of its type.
func (t *selfCheck) filled(context.Context) (views.Stage, error) {
	screen := t.json.Screen(t.opening.screen)
	s := views.Stage{Name: "Data", State: views.StageDone, Said: "Every declared key is there and of its type: " + words(len(screen.Data), "key") + "."}
	if unmet := screen.Unmet(t.opening.data); len(unmet) > 0 {
		s.State, s.Said, s.Fix, s.Link = views.StageFailed, sentence(unmet, mostSaid), "Give each declared key in the rules of the opening; phones refuse the screen otherwise.", t.rules()
	}
	return s, nil
}

// recorded: the visit of the test is stored as a test, and the rules had no trouble with it.
func (t *selfCheck) recorded(ctx context.Context) (views.Stage, error) {
	s := views.Stage{Name: "Record"}
	began := time.Now()
	v, err := t.visit(ctx)
	s.Took = time.Since(began)
	if errors.Is(err, models.ErrNotFound) {
		s.State, s.Said, s.Fix = views.StageWarned, "The visit was not stored within 2 s. Customers are answered all the same.", "The database is slow or cannot be written: look at the server's log and the free space."
		return s, nil
	}
	if err != nil {
		return s, err
	}
	steps, err := t.db.VisitSteps(ctx, v.ID)
	if err != nil {
		return s, err
	}
	s.State, s.Said, s.Link = views.StageDone, "The visit was stored, as a test.", views.Link{Href: views.VisitURL(v.ID), Text: "Look at the visit"}
	var faults []string
	for _, step := range steps {
		faults = append(faults, step.Faults...)
	}
	if len(faults) > 0 {
		s.State, s.Said, s.Fix = views.StageWarned, sentence(faults, mostSaid), "The customer got a screen all the same. Mend the rules of the opening."
	}
	return s, nil
}

// visit waits for the test's own visit.
func (t *selfCheck) visit(ctx context.Context) (models.Visit, error) {
	late := time.Now().Add(recordTime)
	for {
		v, err := t.db.NewestVisit(ctx, t.flow.ID, t.token)
		if err == nil && v.Steps > 0 || err != nil && !errors.Is(err, models.ErrNotFound) || time.Now().After(late) {
			return v, err
		}
		select {
		case <-ctx.Done():
			return models.Visit{}, ctx.Err()
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// timed: Meta warns of a slow endpoint and throttles its flows.
func (t *selfCheck) timed(context.Context) (views.Stage, error) {
	s := views.Stage{Name: "Time", State: views.StageDone, Took: t.opening.took, Said: "The opening was answered within a second."}
	if t.opening.took >= quick {
		s.State, s.Said = views.StageWarned, "The opening took longer than a second. Meta warns of that, and throttles the flow when it goes on."
		s.Fix = "Look for large lists in the rules of the opening, and whether this machine has other work."
		s.Link = t.rules()
	}
	return s, nil
}

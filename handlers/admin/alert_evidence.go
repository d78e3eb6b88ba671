package admin

import (
	"context"
	"slices"
	"time"

	"switchyard/models"
	"switchyard/models/alert"
	"switchyard/views"
)

const (
	evidenceBefore = time.Hour           // Meta's longest window
	evidenceAfter  = 30 * time.Minute    // of a resolved alert, to see that it is over
	evidenceMost   = 30 * 24 * time.Hour // of an alert that stays open, its first days
	causesWithin   = 25 * time.Hour      // steps are many: the hour before an alert and its first day
)

// alertEvidence is what we measured while the alert lasted, and what may have caused it.
func (a *Admin) alertEvidence(ctx context.Context, al models.Alert) (e views.AlertEvidence, err error) {
	e.From, e.To = al.SinceAt.Add(-evidenceBefore), a.Now()
	if !al.ResolvedAt.IsZero() && al.ResolvedAt.Add(evidenceAfter).Before(e.To) {
		e.To = al.ResolvedAt.Add(evidenceAfter)
	}
	if e.Cut = e.To.Sub(e.From) > evidenceMost; e.Cut {
		e.To = e.From.Add(evidenceMost)
	}
	e.Until = e.To
	if e.Until.Sub(e.From) > causesWithin {
		e.Until = e.From.Add(causesWithin)
	}
	e.Step = views.ChartStep(e.To.Sub(e.From))
	if e.Similar, err = a.DB.SimilarAlerts(ctx, al); err != nil || al.FlowSlug == "" {
		return e, err
	}
	if e.Flow, err = a.DB.Flow(ctx, al.FlowSlug); err != nil {
		return e, err
	}
	if e.Limits, err = a.DB.Limits(ctx, e.Flow.ID); err != nil {
		return e, err
	}
	if e.JSON, err = a.flowJSON(ctx, e.Flow.ID); err != nil {
		return e, err
	}
	if err := a.measured(ctx, &e); err != nil {
		return e, err
	}
	return e, a.causes(ctx, al, &e)
}

// measured reads our own figures, by the hour where the minutes are no longer kept.
func (a *Admin) measured(ctx context.Context, e *views.AlertEvidence) (err error) {
	span := models.Minute
	if e.Step >= time.Hour {
		span = models.Hour
	}
	e.Minutes, err = a.DB.Tallies(ctx, e.Flow.ID, span, e.From.Truncate(e.Step), e.To)
	if err == nil && len(e.Minutes) == 0 && span == models.Minute {
		e.Step = time.Hour
		e.Minutes, err = a.DB.Tallies(ctx, e.Flow.ID, models.Hour, e.From.Truncate(e.Step), e.To)
	}
	return err
}

// causes reads what this kind of alert and its errors ask for.
func (a *Admin) causes(ctx context.Context, al models.Alert, e *views.AlertEvidence) (err error) {
	wants := views.EvidenceOf(al)
	if wants.Slow {
		if e.SlowSteps, err = a.DB.SlowSteps(ctx, e.Flow.ID, e.From, e.Until); err != nil {
			return err
		}
		if e.SlowRules, err = a.DB.SlowRules(ctx, e.Flow.ID, e.From, e.Until); err != nil {
			return err
		}
	}
	if wants.Faults {
		if e.Faults, err = a.DB.FaultsBetween(ctx, e.Flow.ID, e.From, e.Until); err != nil {
			return err
		}
	}
	if wants.Screens {
		if err := a.forbidden(ctx, e); err != nil {
			return err
		}
	}
	if wants.Keys {
		if e.Keys, err = a.DB.Keys(ctx); err != nil {
			return err
		}
	}
	if wants.Gaps {
		return a.gaps(ctx, e)
	}
	return nil
}

// gaps finds when nothing was answered. Whole hours with figures but without minutes are those of long ago.
func (a *Admin) gaps(ctx context.Context, e *views.AlertEvidence) error {
	minutes, err := a.DB.Tallies(ctx, e.Flow.ID, models.Minute, e.From, e.Until)
	if err != nil {
		return err
	}
	if e.Asked = len(minutes) > 0; !e.Asked {
		hours, err := a.DB.Tallies(ctx, e.Flow.ID, models.Hour, e.From.Truncate(time.Hour).Add(time.Hour), e.Until)
		e.Dropped = len(hours) > 0
		return err
	}
	e.Answered = slices.ContainsFunc(minutes, func(m alert.Minute) bool { return m.Answered+m.Pings > 0 })
	e.Gaps = alert.Gaps(minutes, e.From, e.Until, 5*time.Minute)
	return nil
}

// forbidden finds what leads where the routing model does not.
func (a *Admin) forbidden(ctx context.Context, e *views.AlertEvidence) (err error) {
	if e.JSON == nil {
		return nil
	}
	all, err := a.DB.Transitions(ctx, e.Flow.ID, e.From, e.Until)
	for _, g := range all {
		if e.JSON.Screen(g.Screen) != nil && g.NextScreen != "SUCCESS" && !e.JSON.Leads(g.Screen, g.NextScreen) {
			e.Forbidden = append(e.Forbidden, g)
		}
	}
	return err
}

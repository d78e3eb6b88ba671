package demo

import (
	"context"
	"errors"
	"fmt"
	"time"

	"switchyard/models"
)

const (
	// forwardedFor is how long ago forwarding began.
	forwardedFor = 12 * day
	// downFor is how long the warehouse has been down at the end of the past.
	downFor = 3 * hour
	// claimed is how much is passed on in one transaction.
	claimed = 500
)

// targets adds the systems that bodies are passed on to, when Receiver says where they are.
func (f *filling) targets(ctx context.Context, _ *Filled) error {
	if f.Receiver == "" {
		return nil
	}
	f.clock.set(f.ago(forwardedFor))
	by := f.staff[models.Admin]
	if err := f.db.AllowHost(ctx, f.Receiver, "Systems that this demo plays", by); err != nil {
		return err
	}
	for _, t := range []models.Target{
		{Name: "CRM", URL: "http://" + f.Receiver + crmPath},
		{Name: "Data warehouse", URL: "http://" + f.Receiver + warehousePath + "?source=whatsapp", Fields: []string{"flows", "messages"}, Timeout: 5},
	} {
		made, _, err := f.db.CreateTarget(ctx, t, by)
		if err != nil {
			return fmt.Errorf("target %s: %w", t.Name, err)
		}
		f.passedTo = append(f.passedTo, made)
	}
	return nil
}

// passOn is what became of what was forwarded so far.
func (f *filling) passOn(ctx context.Context) error {
	for i, t := range f.passedTo {
		for {
			c, err := f.db.ClaimForwards(ctx, t.ID, claimed, time.Minute)
			if err != nil {
				return err
			}
			if len(c.Forwards) == 0 {
				break
			}
			if err := f.settle(ctx, t, c.Forwards, i == 1); err != nil {
				return err
			}
		}
	}
	return nil
}

// settle ends tries at about the time at which their deliveries came, those that failed after the others.
func (f *filling) settle(ctx context.Context, t models.Target, all []models.ClaimedForward, warehouse bool) error {
	var ended, failed []models.ForwardResult
	now, last := f.clock.now(), time.Time{}
	for _, one := range all {
		r := f.passedOn(warehouse, one.Forward)
		if r.End == models.ForwardFailed {
			failed = append(failed, r)
			continue
		}
		ended = append(ended, r)
		if one.ReceivedAt.After(last) {
			last = one.ReceivedAt.Time
		}
	}
	if len(ended) > 0 {
		f.clock.set(last.Add(time.Second))
	}
	err := f.db.SettleForwards(ctx, t.ID, ended)
	f.clock.set(now)
	return errors.Join(err, f.db.SettleForwards(ctx, t.ID, failed))
}

// passedOn is how one try ended. The warehouse lost a table once, and is down of late.
func (f *filling) passedOn(warehouse bool, one models.Forward) models.ForwardResult {
	r := models.ForwardResult{Forward: one, End: models.ForwardTaken, Status: 200, Took: time.Duration(30+f.rand.ExpFloat64()*60) * time.Millisecond}
	if !warehouse {
		return r
	}
	r.Took *= 4
	switch came := one.ReceivedAt.Time; {
	case came.After(f.ago(downFor)):
		r.End, r.Status, r.Reason = models.ForwardFailed, 503, "It answered 503 Service Unavailable."
	case came.After(f.ago(5*day)) && chance(f.rand, 2):
		r.End, r.Status, r.Reason = models.ForwardLost, 422, "It answered 422 Unprocessable Entity: it does not take this body."
	}
	return r
}

package demo

import (
	"context"
	"errors"
	"fmt"
	"time"

	"switchyard/models"
)

// gathered is a little more than how long news are gathered into one message.
const gathered = 20 * time.Second

// receivers adds who hears of alerts, when Receiver says where that is.
func (f *filling) receivers(ctx context.Context, _ *Filled) error {
	if f.Receiver == "" {
		return nil
	}
	by := f.staff[models.Admin]
	for _, r := range []struct {
		path string
		models.Receiver
	}{
		{crmPath, models.Receiver{Name: "Incident tool", Moments: models.Moments, Severity: 1, Forgotten: 30, Hours: models.Hours{Zone: "UTC"}, Hourly: 5, Daily: 15}},
		{warehousePath, models.Receiver{Name: "Status page", Moments: []models.Moment{models.Began, models.Over}, Severity: 3, Forgotten: 60,
			Hours: models.Hours{Days: []int{1, 2, 3, 4, 5}, From: 8 * 60, To: 18 * 60, Zone: "Europe/Lisbon"}, Urgent: true, Hourly: 5, Daily: 15}},
	} {
		r.Channel, r.Place = models.WebHook, f.Receiver
		if _, _, err := f.db.CreateReceiver(ctx, r.Receiver, "http://"+f.Receiver+r.path, by); err != nil {
			return fmt.Errorf("receiver %s: %w", r.Name, err)
		}
	}
	return nil
}

// tellPeople is what became of what people were to hear by then. The status page has been down of late.
func (f *filling) tellPeople(ctx context.Context) error {
	if _, err := f.db.GatherPosts(ctx); err != nil {
		return err
	}
	due, err := f.db.DuePosts(ctx)
	for _, receiver := range due {
		if err != nil {
			return err
		}
		var c models.PostClaim
		if c, err = f.db.ClaimPost(ctx, receiver, models.PostLease); errors.Is(err, models.ErrNotFound) {
			err = nil
			continue
		}
		if err != nil {
			return err
		}
		r := models.PostResult{Post: c.Post, End: models.PostTaken, Status: 200}
		if c.Receiver.Severity == 3 && f.clock.now().After(f.ago(downFor)) {
			r.End, r.Status, r.Reason = models.PostFailed, 503, "It answered 503 Service Unavailable."
		}
		err = f.db.SettlePost(ctx, r)
	}
	return err
}

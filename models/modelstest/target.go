package modelstest

import (
	"context"
	"time"

	"switchyard/models"
)

// NewTarget saves a target that wants everything, and returns its signing secret, too; change may alter it first.
func (db *DB) NewTarget(name string, change ...func(*models.Target)) (models.Target, string) {
	db.t.Helper()
	t := models.Target{Name: name, URL: "https://" + name + ".example/hook"}
	for _, c := range change {
		c(&t)
	}
	t, secret, err := db.CreateTarget(context.Background(), t, models.By{Name: "test"})
	db.must("CreateTarget "+name, err)
	return t, secret
}

// Claim claims what is due for a target, for a minute.
func (db *DB) Claim(target int64, limit int) []models.ClaimedForward {
	db.t.Helper()
	c, err := db.ClaimForwards(context.Background(), target, limit, time.Minute)
	db.must("ClaimForwards", err)
	return c.Forwards
}

// Settle settles claimed forwards of one target, all in one way.
func (db *DB) Settle(end models.ForwardEnd, claimed ...models.ClaimedForward) {
	db.t.Helper()
	var results []models.ForwardResult
	for _, c := range claimed {
		r := models.ForwardResult{Forward: c.Forward, End: end, Took: 20 * time.Millisecond}
		switch end {
		case models.ForwardTaken:
			r.Status = 200
		case models.ForwardFailed:
			r.Status, r.Reason = 500, "It answered 500."
		}
		results = append(results, r)
	}
	if len(results) > 0 {
		db.must("SettleForwards", db.SettleForwards(context.Background(), claimed[0].TargetID, results))
	}
}

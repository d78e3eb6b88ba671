package modelstest

import (
	"context"
	"time"

	"switchyard/models"
)

// NewReceiver saves a web hook that hears everything at any hour, and returns its signing secret, too; change may alter it
// first.
func (db *DB) NewReceiver(name string, change ...func(*models.Receiver)) (models.Receiver, string) {
	db.t.Helper()
	r := models.Receiver{Name: name, Channel: models.WebHook, Place: name + ".example", Moments: models.Moments, Severity: 1, Forgotten: 30, Hourly: 5, Daily: 15}
	for _, c := range change {
		c(&r)
	}
	r, secret, err := db.CreateReceiver(context.Background(), r, "https://"+name+".example/hook", models.By{Name: "test"})
	db.must("CreateReceiver "+name, err)
	return r, secret
}

// Gather makes the posts that can be made now, and says how many.
func (db *DB) Gather() int {
	db.t.Helper()
	n, err := db.GatherPosts(context.Background())
	db.must("GatherPosts", err)
	return n
}

// ClaimNext claims what is due for a receiver, for a minute; ok is false when nothing is.
func (db *DB) ClaimNext(receiver int64) (c models.PostClaim, ok bool) {
	db.t.Helper()
	c, err := db.ClaimPost(context.Background(), receiver, time.Minute)
	if err == models.ErrNotFound {
		return c, false
	}
	db.must("ClaimPost", err)
	return c, true
}

// SettleAs settles a claimed post.
func (db *DB) SettleAs(c models.PostClaim, end models.PostEnd) {
	db.t.Helper()
	r := models.PostResult{Post: c.Post, End: end}
	switch end {
	case models.PostTaken:
		r.Status = 200
	case models.PostFailed, models.PostRefused:
		r.Status, r.Reason = 500, "It answered 500."
	}
	db.must("SettlePost", db.SettlePost(context.Background(), r))
}

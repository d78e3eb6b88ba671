package web

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"switchyard/models"
	"switchyard/views"
)

const (
	// upkeepTurn is how often it is asked whether upkeep is due, and the pause after a failure; the first one is a turn
	// after the start.
	upkeepTurn  = time.Minute
	upkeepEvery = time.Hour
	// sweepEvery is how often the store of files is read through.
	sweepEvery = 24 * time.Hour
	// fewestDays is how long deliveries are kept at least: a body that comes again within 14 days is known.
	fewestDays = 15
	mostDays   = 36500
)

// Days are how long something is kept; 0 is for ever.
type Days int

var errDays = errors.New("write days as a whole number, such as 90, or never to keep all")

// UnmarshalText reads "90", "90d", or "never", which is 0.
func (d *Days) UnmarshalText(text []byte) error {
	s := strings.TrimSuffix(string(text), "d")
	if len(text) == 0 || s == "never" {
		*d = 0
		return nil
	}
	n, err := strconv.ParseUint(s, 10, 32)
	if err != nil || n > mostDays {
		return errDays
	}
	*d = Days(n)
	return nil
}

// duration is what they last.
func (d Days) duration() time.Duration { return time.Duration(d) * 24 * time.Hour }

// upkeep drops what is kept no longer and makes room for what comes, each hour.
func (a *App) upkeep() func(context.Context) error {
	keep := models.Keep{Deliveries: a.cfg.KeepDeliveries.duration(), Messages: a.cfg.KeepMessages.duration(), Steps: a.cfg.KeepSteps.duration(),
		Minutes: a.cfg.KeepMinutes.duration()}
	var next, sweep time.Time
	return func(ctx context.Context) error {
		if time.Now().Before(next) { // of this process: not the clock by which rows are old
			return nil
		}
		gone, err := a.db.Maintain(ctx, keep)
		if gone != (models.Dropped{}) {
			a.log.Info("old rows dropped", "deliveries", gone.Deliveries, "steps", gone.Steps,
				"messages", gone.Messages, "statuses", gone.Statuses, "account_events", gone.Others, "contacts", gone.Contacts, "forwards", gone.Forwards, "minutes", gone.Minutes)
		}
		if err == nil && time.Now().After(sweep) {
			err = a.sweepFiles(ctx)
			sweep = time.Now().Add(sweepEvery)
		}
		if err == nil {
			err = a.retireFiles(ctx)
		}
		if err == nil {
			next = time.Now().Add(upkeepEvery)
		}
		return err
	}
}

// retain removes what flows keep no longer.
func (a *App) retain(ctx context.Context) error { return a.db.RemoveOld(ctx, a.files.Remove) }

// kept is what pages say of it.
func (c Config) kept() views.Kept {
	_, file := c.Database.file()
	return views.Kept{Deliveries: int(c.KeepDeliveries), Messages: int(c.KeepMessages), Steps: int(c.KeepSteps), Files: int(c.KeepFiles), ByMonth: !file}
}

package models

import (
	"context"
	"slices"
	"time"

	"gorm.io/gorm"

	"switchyard/models/alert"
)

const (
	// maxReceivers bounds what one alert can cause.
	maxReceivers = 50
	// longestForgotten is a week, in minutes.
	longestForgotten = 7 * dayMinutes
	// maxHourly and maxDaily bound the posts to one receiver.
	maxHourly, maxDaily = 60, 500
)

func (r Receiver) check() error {
	switch h := r.Hours; {
	case r.Name == "" || tooLong(r.Name, 100):
		return &Invalid{"name", "Name it in at most 100 characters on one line."}
	case !slices.Contains([]Channel{Email, WebHook, Chat}, r.Channel):
		return &Invalid{"channel", "Choose e-mail, web hook or chat."}
	case tooLong(r.Place, 300):
		return &Invalid{"address", "This is too long."}
	case len(r.Moments) == 0 || slices.ContainsFunc(r.Moments, func(m Moment) bool { return !slices.Contains(Moments, m) }):
		return &Invalid{"moments", "Choose when it is told something."}
	case len(r.Kinds) > maxWanted || slices.ContainsFunc(r.Kinds, func(k alert.Kind) bool { return k == "" || tooLong(string(k), maxWord) }):
		return &Invalid{"kinds", "Choose kinds of alerts, or none for all."}
	case len(r.Flows) > maxWanted:
		return &Invalid{"flows", "Choose at most 100 flows, or none for all."}
	case r.Severity < 1 || r.Severity > 3:
		return &Invalid{"severity", "Choose from which severity on."}
	case slices.Contains(r.Moments, Forgotten) && (r.Forgotten < 1 || r.Forgotten > longestForgotten):
		return &Invalid{"forgotten", "Write 1 to 10080 minutes; that is a week."}
	case slices.ContainsFunc(h.Days, func(d int) bool { return d < 1 || d > 7 }):
		return &Invalid{"days", "Choose days of the week, or none for all."}
	case h.From < 0 || h.From >= dayMinutes:
		return &Invalid{"from", "Write a time such as 08:00."}
	case h.To < 0 || h.To >= dayMinutes:
		return &Invalid{"to", "Write a time such as 18:00."}
	case r.Hourly < 1 || r.Hourly > maxHourly:
		return &Invalid{"hourly", "Allow 1 to 60 messages an hour."}
	case r.Daily < r.Hourly || r.Daily > maxDaily:
		return &Invalid{"daily", "Allow at most 500 messages a day, and no fewer than in an hour."}
	}
	return checkZone("timezone", r.Hours.Zone)
}

// checkIn finds another receiver of that name, flows that are none, and that there are too many.
func (r Receiver) checkIn(ctx context.Context, tx *gorm.DB) error {
	var others, named, flows int
	err := inTx(tx).QueryRowContext(ctx, `SELECT count(*), coalesce(sum(CASE WHEN name = ? THEN 1 ELSE 0 END), 0) FROM receivers WHERE deleted_at = 0 AND id <> ?`,
		r.Name, r.ID).Scan(&others, &named)
	if err == nil && len(r.Flows) > 0 {
		err = inTx(tx).QueryRowContext(ctx, `SELECT count(*) FROM flows WHERE id IN (`+placeholders(len(r.Flows))+`)`, asAny(r.Flows)...).Scan(&flows)
	}
	switch {
	case err != nil:
		return err
	case named > 0:
		return &Invalid{"name", "Another receiver has this name."}
	case others >= maxReceivers:
		return &Invalid{"name", "There are 50 receivers already. Delete one first."}
	case flows < len(r.Flows):
		return &Invalid{"flows", "One of these flows does not exist any more."}
	}
	return nil
}

// Hears tells whether a receiver may be told something of that severity now.
func (r Receiver) Hears(severity alert.Severity, now time.Time) bool {
	return r.Urgent && severity >= 3 || r.Hours.Open(now)
}

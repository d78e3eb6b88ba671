package models

import (
	"context"
	"fmt"

	"switchyard/models/alert"
)

// An AlertPulse is what a page that is open needs to know of alerts to stay true.
type AlertPulse struct {
	Active int    // active, not acknowledged and not snoozed
	Mark   string // another one whenever an alert changed
	Newest Alert  // of the active the one with the newest activation; ID 0 when there is none
}

// AlertPulse reads it by a few small reads.
func (db *DB) AlertPulse(ctx context.Context) (p AlertPulse, err error) {
	counts, err := db.AlertCounts(ctx, AlertFilter{})
	if err != nil {
		return p, err
	}
	var events, acts, open int64
	row := db.reader().QueryRowContext(ctx, `SELECT (SELECT coalesce(max(id), 0) FROM alert_events), (SELECT coalesce(max(id), 0) FROM alert_acts),
		(SELECT CAST(coalesce(sum(last_event), 0) AS BIGINT) FROM alerts WHERE status IN ('active', 'acknowledged'))`)
	if err := row.Scan(&events, &acts, &open); err != nil {
		return p, err
	}
	p.Active = counts[alert.Active]
	// On PostgreSQL an event may be seen after one with a higher id: then only its alert shows that it came.
	p.Mark = fmt.Sprintf("%d.%d.%d.%d.%d.%d.%d", events, acts, open, p.Active, counts[alert.Acknowledged], counts[alert.Snoozed], counts[alert.Resolved])
	if p.Active == 0 {
		return p, nil
	}
	found, err := db.reader().QueryContext(ctx, selectAlerts+`WHERE a.status = 'active' AND a.snoozed_until <= ? AND e.activated ORDER BY a.last_event DESC LIMIT 1`, db.now())
	rows, err := collect(found, err, (*Alert).scan)
	if len(rows) > 0 {
		p.Newest = rows[0]
	}
	return p, err
}

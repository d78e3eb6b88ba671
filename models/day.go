package models

import (
	"context"
	"time"
)

// A DayCount is one day's figure.
type DayCount struct {
	Day time.Time // midnight in the zone asked for
	N   int
}

// maxDays bounds what one figure may ask for.
const maxDays = 400

// ResponsesPerDay counts responses of the last n days up to now in that zone, oldest first, days without any
// included; flowID 0 = all. Tests are left out.
func (db *DB) ResponsesPerDay(ctx context.Context, flowID int64, n int, zone *time.Location) ([]DayCount, error) {
	return db.perDay(ctx, `responses`, `received_at`, flowID, n, zone)
}

// VisitsPerDay counts visits by the day they started, likewise.
func (db *DB) VisitsPerDay(ctx context.Context, flowID int64, n int, zone *time.Location) ([]DayCount, error) {
	return db.perDay(ctx, `visits`, `started_at`, flowID, n, zone)
}

func (db *DB) perDay(ctx context.Context, table, column string, flowID int64, n int, zone *time.Location) ([]DayCount, error) {
	y, m, d := db.Now().In(zone).Date()
	n = min(max(n, 1), maxDays)
	days := make([]DayCount, n)
	for i := range days {
		day := StartOfDay(y, m, d-n+1+i, zone) // a day of 23 or 25 hours is one day
		var w where
		if flowID != 0 {
			w.and(`flow_id = ?`, flowID)
		}
		w.between(column, day, StartOfDay(y, m, d-n+2+i, zone))
		w.and(`NOT test`)
		days[i].Day = day
		if err := db.reader().QueryRowContext(ctx, `SELECT count(*) FROM `+table+` `+w.sql(), w.args...).Scan(&days[i].N); err != nil {
			return nil, err
		}
	}
	return days, nil
}

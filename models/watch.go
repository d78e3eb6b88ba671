package models

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"switchyard/models/alert"
)

// A watchRow is what our own monitor last said of one kind: the thresholds that are exceeded.
type watchRow struct {
	FlowID     int64      `gorm:"primaryKey"`
	Kind       alert.Kind `gorm:"primaryKey"`
	MetaID     string     `gorm:"primaryKey"`
	Thresholds jsonColumn[[]float64]
}

func (watchRow) TableName() string { return "watches" }

// errMeanwhile is that another server said something since we looked.
var errMeanwhile = errors.New("models: judged by another server meanwhile")

// Watch holds every flow's last minutes against its limits, and writes what is to be said about it as events of its
// alerts: one of Meta's for the same condition joins the same alert. It may run in several servers at once: what one has
// said the others do not say again. said counts the events.
func (db *DB) Watch(ctx context.Context) (said int, err error) {
	now := db.Now()
	flows, err := db.Flows(ctx)
	if err != nil {
		return 0, err
	}
	minutes, err := db.TalliesSince(ctx, Minute, now.Add(-alert.LookBack))
	if err != nil {
		return 0, err
	}
	limits, err := gorm.G[limitsRow](db.read).Find(ctx)
	if err != nil {
		return 0, err
	}
	watches, err := gorm.G[watchRow](db.read).Find(ctx)
	if err != nil {
		return 0, err
	}
	for _, f := range flows {
		l := alert.DefaultLimits
		if i := slices.IndexFunc(limits, func(r limitsRow) bool { return r.FlowID == f.ID }); i >= 0 {
			l = limits[i].limits()
		}
		active := map[alert.Kind][]float64{}
		for _, w := range watches {
			switch {
			case w.FlowID != f.ID:
			case w.MetaID == f.AlertID():
				active[w.Kind] = w.Thresholds.V
			default: // the flow goes by another id now
				over := alert.Verdict{Kind: w.Kind, Thresholds: w.Thresholds.V[:1]}
				if err := db.say(ctx, f.ID, w.MetaID, over, w.Thresholds.V, &said); err != nil {
					return said, err
				}
			}
		}
		for _, v := range alert.Judge(now, l, minutes[f.ID], active) {
			if err := db.say(ctx, f.ID, f.AlertID(), v, active[v.Kind], &said); err != nil {
				return said, err
			}
		}
	}
	return said, nil
}

// say writes a verdict that was found when was was what our monitor had said.
func (db *DB) say(ctx context.Context, flowID int64, metaID string, v alert.Verdict, was []float64, said *int) error {
	err := db.alongside(ctx, func(tx *gorm.DB) error {
		if err := db.engine.share(tx, lockInbox); err != nil {
			return err
		}
		if err := db.engine.lock(tx, aboutFlow(metaID)); err != nil {
			return err
		}
		if err := sameWatch(ctx, tx, flowID, metaID, v.Kind, was); err != nil {
			return err
		}
		for _, t := range v.Thresholds {
			row, err := db.ownEvent(flowID, metaID, v, t)
			if err != nil {
				return err
			}
			if err := tx.Create(&row).Error; err != nil {
				return err
			}
		}
		if err := keepWatch(tx, watchRow{flowID, v.Kind, metaID, jsonColumn[[]float64]{v.Active}}); err != nil {
			return err
		}
		return db.recut(ctx, tx, metaID, v.Kind)
	})
	switch {
	case errors.Is(err, errMeanwhile):
		return nil
	case err != nil:
		return fmt.Errorf("%s of flow %d: %w", v.Kind, flowID, err)
	}
	*said += len(v.Thresholds)
	return nil
}

// sameWatch refuses when another server said something since.
func sameWatch(ctx context.Context, tx *gorm.DB, flowID int64, metaID string, kind alert.Kind, was []float64) error {
	rows, err := gorm.G[watchRow](tx).Where("flow_id = ? AND kind = ? AND meta_id = ?", flowID, kind, metaID).Find(ctx)
	if err != nil {
		return err
	}
	var now []float64
	for _, r := range rows {
		now = r.Thresholds.V
	}
	if !slices.Equal(now, was) {
		return errMeanwhile
	}
	return nil
}

func keepWatch(tx *gorm.DB, w watchRow) error {
	if len(w.Thresholds.V) == 0 {
		return tx.Exec(`DELETE FROM watches WHERE flow_id = ? AND kind = ? AND meta_id = ?`, w.FlowID, w.Kind, w.MetaID).Error
	}
	return tx.Exec(`INSERT INTO watches (flow_id, kind, meta_id, thresholds) VALUES (?, ?, ?, ?)
		ON CONFLICT (flow_id, kind, meta_id) DO UPDATE SET thresholds = excluded.thresholds`, w.FlowID, w.Kind, w.MetaID, w.Thresholds).Error
}

// ownEvent is an event as Meta would have sent it, with what we measured.
func (db *DB) ownEvent(flowID int64, metaID string, v alert.Verdict, threshold float64) (alertEventRow, error) {
	now, state := db.now(), deactivated
	if v.Activated {
		state = activated
	}
	row := alertEventRow{
		Key:    fmt.Sprintf("%s/%d/%s/%s/%d/%s/%g", ownSource, flowID, metaID, v.Kind, now.Micros(), state, threshold),
		MetaID: metaID, Kind: v.Kind, Source: ownSource, Activated: v.Activated, At: now, ArrivedAt: now, Threshold: &threshold,
		Errors: "[]", Message: v.Message(),
	}
	if v.Window == 0 {
		return row, nil
	}
	t := &v.Tally
	requests := float64(t.Requests())
	switch v.Kind {
	case alert.EndpointLatency:
		row.P50, row.P90, requests = t.Within(.5), t.Within(.9), float64(t.Latency.Count())
	case alert.EndpointAvailability:
		row.Available, requests = t.Availability(), float64(t.Requests()+t.Pings)
	default:
		row.ErrorRate = alert.Figure(v.Kind, t)
	}
	row.Requests = &requests
	if v.Kind != alert.EndpointErrorRate {
		return row, nil
	}
	var errs []AlertError
	for _, c := range t.Causes() {
		n, share := float64(c.N), 100*float64(c.N)/float64(t.Failed())
		errs = append(errs, AlertError{Type: c.Type, Count: &n, Rate: &share})
	}
	var err error
	if len(errs) > 0 {
		row.Errors, err = encodeJSON(errs)
	}
	return row, err
}

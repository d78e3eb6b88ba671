package models

import (
	"context"
	"errors"
	"fmt"

	"gorm.io/gorm"

	"switchyard/models/alert"
)

// A limitsRow is the limits of a flow that has its own.
type limitsRow struct {
	FlowID         int64 `gorm:"primaryKey"`
	Latency        float64
	EndpointErrors float64
	ClientErrors   float64
	Availability   float64
	Requests       int64
	UpdatedAt      Time
}

func (limitsRow) TableName() string { return "limits" }

func (r limitsRow) limits() alert.Limits {
	return alert.Limits{Latency: r.Latency, EndpointErrors: r.EndpointErrors, ClientErrors: r.ClientErrors, Availability: r.Availability, Requests: r.Requests}
}

// Limits are at which figures our own monitor speaks about a flow.
func (db *DB) Limits(ctx context.Context, flowID int64) (alert.Limits, error) {
	row, err := gorm.G[limitsRow](db.read).Where("flow_id = ?", flowID).First(ctx)
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return alert.DefaultLimits, nil
	}
	return row.limits(), err
}

// SetLimits changes them. An Invalid names the field: latency, endpoint_errors, client_errors, availability, requests.
func (db *DB) SetLimits(ctx context.Context, flowID int64, l alert.Limits, by By) error {
	if err := checkLimits(l); err != nil {
		return err
	}
	return db.tx(ctx, func(tx *gorm.DB) error {
		f, err := flowIn(tx, flowID)
		if err != nil {
			return err
		}
		row := limitsRow{f.ID, l.Latency, l.EndpointErrors, l.ClientErrors, l.Availability, l.Requests, db.now()}
		if err := tx.Save(&row).Error; err != nil {
			return err
		}
		return db.audit(tx, by, "flow.limits", f.object(), map[string]any{"latency": l.Latency, "endpoint_errors": l.EndpointErrors,
			"client_errors": l.ClientErrors, "availability": l.Availability, "requests": l.Requests})
	})
}

func checkLimits(l alert.Limits) error {
	for _, c := range []struct {
		field       string
		value       float64
		least, most float64
		unit        string
	}{
		{"latency", l.Latency, 10, 10_000, "milliseconds"}, {"endpoint_errors", l.EndpointErrors, 0.1, 100, "percent"},
		{"client_errors", l.ClientErrors, 0.1, 100, "percent"}, {"availability", l.Availability, 1, 99.9, "percent"},
	} {
		if c.value != 0 && !(c.value >= c.least && c.value <= c.most) {
			return &Invalid{c.field, fmt.Sprintf("Write %g to %g %s, or 0 for never.", c.least, c.most, c.unit)}
		}
	}
	if l.Requests < 1 || l.Requests > 100_000 {
		return &Invalid{"requests", "Write a number from 1 to 100,000."}
	}
	return nil
}

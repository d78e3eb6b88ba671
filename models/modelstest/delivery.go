package modelstest

import (
	"context"
	"fmt"
	"slices"

	"switchyard/models"
)

// Deliver stores a delivery, applies what it is decoded to, and returns it as it then is.
func (db *DB) Deliver(d models.Delivery, decoded models.Decoded) models.Delivery {
	db.t.Helper()
	ctx := context.Background()
	d = db.Store(d)
	decoded.ID = d.ID
	db.must("ApplyDeliveries", db.ApplyDeliveries(ctx, []models.Decoded{decoded}))
	d, err := db.Delivery(ctx, d.ID)
	db.must("Delivery", err)
	return d
}

// Store stores a delivery and returns it pending. Its body must be new; no body gets one of its own.
func (db *DB) Store(d models.Delivery) models.Delivery {
	db.t.Helper()
	ctx := context.Background()
	if d.Source == "" {
		d.Source = "meta"
	}
	if d.Body == nil {
		d.Body = fmt.Appendf(nil, `{"test": %d}`, db.next())
	}
	db.must("StoreDeliveries", db.StoreDeliveries(ctx, []models.Delivery{d}))
	pending, err := db.PendingDeliveries(ctx, 1000)
	db.must("PendingDeliveries", err)
	for _, p := range slices.Backward(pending) {
		if p.Source == d.Source && string(p.Body) == string(d.Body) {
			return p
		}
	}
	db.t.Fatalf("the delivery of %d bytes is not pending", len(d.Body))
	return models.Delivery{}
}

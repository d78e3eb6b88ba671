package models

import (
	"slices"
	"time"
)

// forwardYoung is how old a delivery may be to be passed on when it is decoded. It is less than forwards are kept, so
// that one which is decoded again is not passed on again.
const forwardYoung = keepForwards - 24*time.Hour

const (
	sqlForward = `INSERT INTO forwards (target_id, delivery_id, received_at, next_at) VALUES (?, ?, ?, ?)
		ON CONFLICT (delivery_id, target_id) DO NOTHING`
	postgresForwards = `INSERT INTO forwards (target_id, delivery_id, received_at, next_at)
		SELECT target_id, delivery_id, received_at, ? FROM unnest(?::bigint[], ?::bigint[], ?::bigint[]) AS f (target_id, delivery_id, received_at)
		ORDER BY delivery_id, target_id ON CONFLICT (delivery_id, target_id) DO NOTHING`
)

// A flowPart is a part of a delivery that is about a flow.
type flowPart struct {
	field string
	flow  int64
}

// wants tells whether a delivery is for the target: what its fields and parts are, or what could not be read.
func (t *Target) wants(fields []string, parts []flowPart) bool {
	asked := func(field string) bool { return len(t.Fields) == 0 || slices.Contains(t.Fields, field) }
	if len(t.Flows) > 0 {
		return slices.ContainsFunc(parts, func(p flowPart) bool { return asked(p.field) && slices.Contains(t.Flows, p.flow) })
	}
	return len(t.Fields) == 0 || slices.ContainsFunc(fields, asked)
}

// forward makes the forwards of a delivery that was decoded, or could not be: they are in the transaction that marks it,
// so that each is made, and once. A target without a filter gets what nobody understands, too.
func (x *inboxTx) forward(s stored, fields []string, parts []flowPart) error {
	return x.forwardTo(s, func(t *Target) bool { return t.wants(fields, parts) })
}

// forwardLater makes those for targets that ask for the flow which was found later for a response of a delivery.
func (x *inboxTx) forwardLater(s stored, flow int64) error {
	parts := []flowPart{{"messages", flow}}
	return x.forwardTo(s, func(t *Target) bool { return len(t.Flows) > 0 && t.wants(nil, parts) })
}

func (x *inboxTx) forwardTo(s stored, wants func(*Target) bool) error {
	targets, err := x.wanting()
	if err != nil || len(targets) == 0 || s.received.Before(x.now.Add(-forwardYoung)) {
		return err
	}
	for i := range targets {
		t := &targets[i]
		if s.test && !t.Tests || s.received.Before(t.Since.Time) || !wants(t) {
			continue
		}
		if x.batch != nil {
			x.batch.forwards.add(t.ID, s)
		} else if _, err := x.exec(sqlForward, t.ID, s.id, s.received, x.db.dueClock()); err != nil {
			return err
		}
	}
	return nil
}

// wanting reads the targets that are on once per transaction: there are few.
func (x *inboxTx) wanting() ([]Target, error) {
	if x.targets != nil {
		return *x.targets, nil
	}
	rows, err := x.rows(sqlTargetsOn)
	all, err := collect(rows, err, (*Target).scan)
	if err == nil {
		x.targets = &all
	}
	return all, err
}

const sqlTargetsOn = `SELECT ` + targetColumns + ` FROM targets WHERE NOT off AND deleted_at = 0`

// forwardRows are forwards by column, as unnest takes them.
type forwardRows struct{ targets, deliveries, received []int64 }

func (r *forwardRows) add(target int64, s stored) {
	r.targets, r.deliveries, r.received = append(r.targets, target), append(r.deliveries, s.id), append(r.received, s.received.Micros())
}

func (x *inboxTx) writeForwards(r *forwardRows) error {
	if len(r.targets) == 0 {
		return nil
	}
	_, err := x.exec(postgresForwards, x.db.dueClock(), r.targets, r.deliveries, r.received)
	return err
}

// touch notes that a part of the delivery is about a flow.
func (x *inboxTx) touch(field string, flow int64) {
	if flow > 0 {
		x.touched = append(x.touched, flowPart{field, flow})
	}
}

// touchFlows notes the flows that alerts and status changes are about.
func (x *inboxTx) touchFlows(events []InFlowEvent) error {
	targets, err := x.wanting()
	if err != nil || len(events) == 0 || !slices.ContainsFunc(targets, func(t Target) bool { return len(t.Flows) > 0 }) {
		return err
	}
	names, err := x.names()
	if err != nil {
		return err
	}
	for _, e := range events {
		x.touch("flows", names.metas[e.MetaID])
	}
	return nil
}

package models

import (
	"cmp"
	"context"
	"slices"
	"strings"
)

// A FlowEvent is one entry of a flow's status timeline.
type FlowEvent struct {
	ID        int64
	Key       string
	MetaID    string
	Event     string // FLOW_STATUS_CHANGE, FLOW_VERSION_EXPIRY_WARNING, or as it came
	OldStatus string
	NewStatus string
	Message   string
	Warning   string
	At        Time
	ArrivedAt Time
	Source    string
}

// A flowEventRow also holds where it came from.
type flowEventRow struct {
	FlowEvent
	Account    string
	DeliveryID int64
	Body       string
}

func (flowEventRow) TableName() string { return "flow_events" }

// FlowEvents is the timeline of a Meta flow id, oldest first in the order of design/decisions.md 38.
func (db *DB) FlowEvents(ctx context.Context, metaID string) ([]FlowEvent, error) {
	var all []FlowEvent
	err := db.read.WithContext(ctx).Where("meta_id = ?", metaID).Find(&all).Error
	return inOrder(all), err
}

// inOrder sorts by own time; at the same time those without a status before come first, then the chain of old and
// new status, then the key: the same timeline whatever the order of arrival.
func inOrder(all []FlowEvent) []FlowEvent {
	slices.SortFunc(all, func(a, b FlowEvent) int {
		return cmp.Or(a.At.Compare(b.At.Time), -compareBool(a.OldStatus == "", b.OldStatus == ""), cmp.Compare(a.Key, b.Key))
	})
	sorted := make([]FlowEvent, 0, len(all))
	status := ""
	for len(all) > 0 {
		next := 0
		for i, e := range all {
			if !e.At.Equal(all[0].At.Time) || all[0].OldStatus == "" {
				break
			}
			if e.OldStatus == status {
				next = i
				break
			}
		}
		sorted = append(sorted, all[next])
		status = cmp.Or(all[next].NewStatus, status)
		all = slices.Delete(all, next, next+1)
	}
	return sorted
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// flowEvents writes changes of field "flows": alert events by their state, all others on the timeline.
func (x *inboxTx) flowEvents(all []InFlowEvent, s stored) error {
	for _, e := range all {
		e.Key = cmp.Or(e.Key, hashOf(s.source, e.Body))
		if e.At.IsZero() {
			e.At = s.received
		}
		e.State = strings.ToUpper(e.State)
		write := x.timelineEvent
		if e.State == activated || e.State == deactivated {
			write = x.alertEvent
		}
		if err := write(e, s); err != nil {
			return err
		}
	}
	return nil
}

func (x *inboxTx) timelineEvent(e InFlowEvent, s stored) error {
	row := flowEventRow{
		FlowEvent: FlowEvent{
			Key: e.Key, MetaID: e.MetaID, Event: e.Event, OldStatus: e.OldStatus, NewStatus: e.NewStatus,
			Message: e.Message, Warning: e.Warning, At: e.At, ArrivedAt: s.received, Source: s.source,
		},
		Account: e.Account, DeliveryID: s.id, Body: string(e.Body),
	}
	made := x.tx.Clauses(once).Create(&row)
	if made.Error != nil || made.RowsAffected == 0 {
		return made.Error
	}
	return x.flowStatus(e.MetaID)
}

// flowStatus sets a flow's status to the newest on its timeline.
func (x *inboxTx) flowStatus(metaID string) error {
	var all []FlowEvent
	if err := x.tx.Where("meta_id = ? AND new_status <> ''", metaID).Find(&all).Error; err != nil || len(all) == 0 {
		return err
	}
	status := inOrder(all)[len(all)-1].NewStatus
	set := x.tx.Exec(`UPDATE flows SET status = ? WHERE meta_id = ? AND meta_id <> '' AND status <> ?`, status, metaID, status)
	if set.Error != nil || set.RowsAffected == 0 {
		return set.Error
	}
	return x.db.bump(x.tx)
}

// allFlowStatuses catches up with flows that were added after their events. Each is locked like a delivery that tells of it.
func (db *DB) allFlowStatuses(ctx context.Context) error {
	var ids []string
	if err := db.read.WithContext(ctx).Raw(`SELECT meta_id FROM flows WHERE meta_id <> '' ORDER BY id`).Scan(&ids).Error; err != nil {
		return kindOf(err)
	}
	for _, id := range ids {
		err := db.inboxTx(ctx, func(x *inboxTx) error {
			if err := x.share(lockInbox); err != nil { // what is about too much excludes it instead
				return err
			}
			if err := x.lock(aboutFlow(id)); err != nil {
				return err
			}
			return x.flowStatus(id)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// UnknownFlows lists Meta flow ids that sent alerts or status events and are no flow here.
func (db *DB) UnknownFlows(ctx context.Context) ([]string, error) {
	var ids []string
	err := db.read.WithContext(ctx).Raw(`SELECT meta_id FROM alerts UNION SELECT meta_id FROM flow_events
		EXCEPT SELECT meta_id FROM flows ORDER BY 1`).Scan(&ids).Error
	return slices.DeleteFunc(ids, func(id string) bool { return id == "" || strings.HasPrefix(id, localFlow) }), err
}

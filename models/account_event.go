package models

import (
	"cmp"

	"gorm.io/gorm/clause"
)

// An accountEvent is what a platform says about templates, numbers, channels, accounts.
type accountEvent struct {
	ID         int64
	Key        string
	Account    string
	Field      string
	At         Time
	ArrivedAt  Time
	Source     string
	DeliveryID int64
	Body       string
}

// once makes an insert do nothing when the event is known: replays and retries change nothing.
var once = clause.OnConflict{DoNothing: true}

func (x *inboxTx) accountEvents(all []InOther, s stored) error {
	for _, o := range all {
		row := accountEvent{
			Key: cmp.Or(o.Key, hashOf(s.source, o.Body)), Account: o.Account, Field: o.Field, At: o.At, ArrivedAt: s.received,
			Source: s.source, DeliveryID: s.id, Body: string(o.Body),
		}
		if row.At.IsZero() {
			row.At = s.received
		}
		if err := x.tx.Clauses(once).Create(&row).Error; err != nil {
			return err
		}
	}
	return nil
}

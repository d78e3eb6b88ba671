package models

import (
	"cmp"
	"strings"

	"gorm.io/gorm/clause"
)

// An AccountEvent is what a platform says about templates, numbers, channels, accounts.
type AccountEvent struct {
	ID         int64
	Key        string
	Account    string
	Field      string // Meta's field or 360dialog's event, as it came
	Kind       string // template, number, account, channel, contacts, history, errors, other
	Subject    string // a template's name, a number of ours, …; may be empty
	Channel    string // 360dialog's channel, else our number, else the account; may be empty
	Summary    string // one sentence
	At         Time   // its own time, else its arrival
	ArrivedAt  Time
	Source     string
	DeliveryID int64
	Body       string // only from AccountEvent(id)
}

// An accountEventRow also holds what a search looks into.
type accountEventRow struct {
	AccountEvent
	Search string
}

func (accountEventRow) TableName() string { return "account_events" }

// once makes an insert do nothing when the event is known: replays and retries change nothing.
var once = clause.OnConflict{DoNothing: true}

// saidAgain takes over the words of a known event: a newer version may say it better when it is decoded again.
var saidAgain = clause.OnConflict{
	Columns:   []clause.Column{{Name: "key"}},
	DoUpdates: clause.AssignmentColumns([]string{"kind", "subject", "channel", "summary", "search"}),
}

func (x *inboxTx) accountEvents(all []InOther, s stored) error {
	for _, o := range all {
		row := accountEventRow{AccountEvent: AccountEvent{
			Key: cmp.Or(o.Key, hashOf(s.source, o.Body)), Account: o.Account, Field: o.Field,
			Kind: cmp.Or(o.Kind, "other"), Subject: o.Subject, Channel: o.Channel, Summary: o.Summary,
			At: o.At, ArrivedAt: s.received, Source: s.source, DeliveryID: s.id, Body: string(o.Body),
		}}
		if row.At.IsZero() {
			row.At = s.received
		}
		row.Search = fold(shorten(strings.Join([]string{o.Field, o.Subject, o.Channel, o.Summary}, "\n"), maxSearch))
		if err := x.tx.Clauses(saidAgain).Create(&row).Error; err != nil {
			return err
		}
	}
	return nil
}

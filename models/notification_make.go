package models

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"switchyard/models/alert"
)

// news is what happened to an alert in a transaction.
type news struct {
	moment  Moment
	alertID int64
	metaID  string
	kind    alert.Kind
	stretch alert.Stretch
	said    alertEventRow // the event whose figures are told
}

// momentOf tells what became of an alert that was as was says, nil for one that is new; "" is nothing that anybody wants
// to hear. What was over when we first heard of it is none.
func momentOf(was *alertRow, s alert.Stretch) Moment {
	switch open := was != nil && was.Status != alert.Resolved; {
	case s.Status == alert.Resolved && open:
		return Over
	case s.Status == alert.Resolved:
		return ""
	case was == nil:
		return Began
	case !open, s.Severity > was.Severity, s.ReopenedAt.After(was.ReopenedAt.Time):
		return Worse
	}
	return ""
}

// telling is the event whose figures are told of an alert: the newest that is as severe as the alert, which a late notice
// need not be the newest of all for.
func telling(k alert.Kind, s alert.Stretch) alert.Event {
	for _, e := range slices.Backward(s.Events) {
		if e.Activated && alert.SeverityOf(k, e.Threshold) == s.Severity {
			return e
		}
	}
	return s.Last
}

// key names the moment: the same news of the same events and acts is told once. Late events, behind which the newest
// stays the same, count.
func (n news) key() string {
	return fmt.Sprintf("%s/%s/%d/%d", n.moment, n.stretch.Last.Key, len(n.stretch.Events), len(n.stretch.Acts))
}

func (n news) fact() Fact {
	f := Fact{Moment: n.moment, Kind: n.kind, MetaID: n.metaID, Since: at(n.stretch.Since), At: n.said.At, Own: n.said.Source == ownSource,
		Threshold: n.said.Threshold, Figure: figureOf(n.kind, n.said.P90, n.said.ErrorRate, n.said.Available)}
	if n.moment == Over {
		f.ByHand, f.At = n.stretch.Closed != nil, at(n.stretch.ResolvedAt)
	}
	return f
}

// figureOf is what a kind measures.
func figureOf(k alert.Kind, p90, rate, available *float64) *float64 {
	switch k {
	case alert.EndpointLatency:
		return p90
	case alert.EndpointAvailability:
		return available
	}
	return rate
}

// notify makes the notifications of what happened, in the transaction in which it did.
func (db *DB) notify(ctx context.Context, tx *gorm.DB, all []news) error {
	if len(all) == 0 {
		return nil
	}
	receivers, err := receiversIn(ctx, inTx(tx))
	if err != nil || len(receivers) == 0 {
		return err
	}
	for _, n := range all {
		flow, name, err := flowOfAlert(ctx, inTx(tx), n.metaID)
		if err != nil {
			return err
		}
		fact := n.fact()
		fact.Flow = name
		for _, r := range receivers {
			if !r.wants(fact, flow, n.stretch.Severity) {
				continue
			}
			if _, err := db.tell(tx, r.ID, n.alertID, n.key(), n.stretch.Severity, fact); err != nil {
				return err
			}
		}
	}
	return nil
}

// tell writes one notification, unless the receiver has it already.
func (db *DB) tell(tx *gorm.DB, receiver, alertID int64, key string, severity alert.Severity, fact Fact) (told bool, err error) {
	text, err := encodeJSON(fact)
	if err != nil {
		return false, err
	}
	made := tx.Exec(`INSERT INTO notifications (receiver_id, alert_id, key, severity, fact, made_at) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (receiver_id, key) DO NOTHING`, receiver, alertID, key, severity, text, db.dueClock())
	return made.RowsAffected > 0, made.Error
}

// wants tells whether a receiver hears of such a thing; flow is the id of a flow that is added here, else 0.
func (r Receiver) wants(f Fact, flow int64, severity alert.Severity) bool {
	return !r.Off && slices.Contains(r.Moments, f.Moment) && severity >= r.Severity &&
		(len(r.Kinds) == 0 || slices.Contains(r.Kinds, f.Kind)) && (len(r.Flows) == 0 || slices.Contains(r.Flows, flow))
}

// flowOfAlert is the flow that an alert's id names; 0 and "" when it is not added here.
func flowOfAlert(ctx context.Context, q querier, metaID string) (id int64, name string, err error) {
	err = q.QueryRowContext(ctx, `SELECT f.id, f.name FROM flows f WHERE f.meta_id = ? AND f.meta_id <> '' OR '`+localFlow+`' || f.id = ? ORDER BY f.id LIMIT 1`,
		metaID, metaID).Scan(&id, &name)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return id, name, err
}

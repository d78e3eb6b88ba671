package models

import (
	"cmp"
	"context"
	"database/sql"
	"errors"

	"switchyard/models/alert"
)

// maxEffects bounds how many effects of one kind are listed.
const maxEffects = 50

// Effects are what a delivery caused, as it stands now. It is looked up by what the body says, so that no table needs to
// know its delivery by an index. Each list has at most 50.
type Effects struct {
	Messages  []EffectMessage
	Statuses  []EffectStatus
	Responses []EffectResponse
	Alerts    []EffectAlert
	Flows     []EffectFlow
	Others    []EffectOther
	More      int // what is not listed
}

// An EffectMessage is a message that the delivery brought.
type EffectMessage struct {
	WAMID, Type string
	Own         bool // this delivery was the first that told of it
}

// An EffectStatus is a state that the delivery told of a message.
type EffectStatus struct {
	WAMID, State string
	At           Time
	Own          bool
}

// An EffectResponse is a response that the delivery brought.
type EffectResponse struct {
	ID       int64
	State    ResponseState
	FlowName string
	Own      bool
}

// An EffectAlert is a notice of an alert; ID is 0 for one that opened none.
type EffectAlert struct {
	ID        int64
	Kind      alert.Kind
	Activated bool
	Own       bool
}

// An EffectFlow is an entry on the timeline of a flow; Slug is empty while the flow is not added.
type EffectFlow struct {
	Event, OldStatus, NewStatus, MetaID, Slug string
	Own                                       bool
}

// An EffectOther is an account event.
type EffectOther struct {
	ID    int64
	Field string
	Own   bool
}

// Effects tells what a delivery caused. d is what its body says.
func (db *DB) Effects(ctx context.Context, source string, d Decoded) (e Effects, err error) {
	d = boundedDecoded(d)
	q := effectQuery{ctx: ctx, db: db, source: source, id: d.ID}
	cut := func(n int) int {
		e.More += max(0, n-maxEffects)
		return min(n, maxEffects)
	}
	for _, m := range d.Messages[:cut(len(d.Messages))] {
		q.message(&e, m)
	}
	for _, s := range d.Statuses[:cut(len(d.Statuses))] {
		q.status(&e, s)
	}
	for _, f := range d.Flows[:cut(len(d.Flows))] {
		q.flow(&e, f)
	}
	for _, o := range d.Others[:cut(len(d.Others))] {
		q.other(&e, o)
	}
	return e, q.err
}

// An effectQuery looks up one thing after another until something goes wrong.
type effectQuery struct {
	ctx    context.Context
	db     *DB
	source string
	id     int64
	err    error
}

// row scans the one row there may be; the first value is the delivery that caused it.
func (q *effectQuery) row(text string, args []any, into ...any) (own, found bool) {
	if q.err != nil {
		return false, false
	}
	var delivery int64
	err := q.db.reader().QueryRowContext(q.ctx, text, args...).Scan(append([]any{&delivery}, into...)...)
	if err = kindOf(err); isNoRow(err) {
		return false, false
	}
	q.err = err
	return delivery == q.id, err == nil
}

func (q *effectQuery) message(e *Effects, m InMessage) {
	wamid := cmp.Or(m.WAMID, hashOf(q.source, m.Body))
	if m.Flow != nil {
		var r EffectResponse
		var own, found bool
		if own, found = q.row(`SELECT r.delivery_id, r.id, r.state, coalesce(f.name, '') FROM responses r LEFT JOIN flows f ON f.id = r.flow_id WHERE r.wamid = ?`,
			[]any{wamid}, &r.ID, &r.State, &r.FlowName); found {
			r.Own = own
			e.Responses = append(e.Responses, r)
		}
		return
	}
	row := EffectMessage{WAMID: wamid}
	if own, found := q.row(`SELECT delivery_id, type FROM messages WHERE wamid = ?`, []any{wamid}, &row.Type); found {
		row.Own = own
		e.Messages = append(e.Messages, row)
	}
}

func (q *effectQuery) status(e *Effects, s InStatus) {
	row := EffectStatus{WAMID: s.WAMID, State: s.State}
	if own, found := q.row(`SELECT delivery_id, at FROM statuses WHERE wamid = ? AND state = ?`, []any{s.WAMID, s.State}, &row.At); found {
		row.Own = own
		e.Statuses = append(e.Statuses, row)
	}
}

func (q *effectQuery) flow(e *Effects, f InFlowEvent) {
	key := cmp.Or(f.Key, hashOf(q.source, f.Body))
	var a EffectAlert
	if own, found := q.row(`SELECT delivery_id, alert_id, kind, activated FROM alert_events WHERE key = ?`, []any{key}, &a.ID, &a.Kind, &a.Activated); found {
		a.Own = own
		e.Alerts = append(e.Alerts, a)
		return
	}
	var row EffectFlow
	if own, found := q.row(`SELECT v.delivery_id, v.event, v.old_status, v.new_status, v.meta_id, coalesce(f.slug, '') FROM flow_events v
		LEFT JOIN flows f ON f.meta_id = v.meta_id AND f.meta_id <> '' WHERE v.key = ?`, []any{key},
		&row.Event, &row.OldStatus, &row.NewStatus, &row.MetaID, &row.Slug); found {
		row.Own = own
		e.Flows = append(e.Flows, row)
	}
}

func (q *effectQuery) other(e *Effects, o InOther) {
	var row EffectOther
	if own, found := q.row(`SELECT delivery_id, id, field FROM account_events WHERE key = ?`, []any{cmp.Or(o.Key, hashOf(q.source, o.Body))},
		&row.ID, &row.Field); found {
		row.Own = own
		e.Others = append(e.Others, row)
	}
}

func isNoRow(err error) bool { return errors.Is(err, ErrNotFound) || errors.Is(err, sql.ErrNoRows) }

package models

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// ResponseState tells whether a response could be read and attributed (design/decisions.md 31).
type ResponseState string

// The states of a response.
const (
	Complete          ResponseState = "complete"
	Unreadable        ResponseState = "unreadable"
	UnmatchedResponse ResponseState = "unmatched"
)

// A Response is one completed flow, from an nfm_reply.
type Response struct {
	ID          int64
	WAMID       string
	DeliveryID  int64
	FlowID      int64 // 0: unmatched
	FlowSlug    string
	FlowName    string
	Attribution Attribution // empty when unmatched
	State       ResponseState
	Token       string
	ContextID   string
	Contact     Contact
	PhoneNumber string // ours, as displayed
	SentAt      Time
	ReceivedAt  Time
	Raw         string         // in lists and exports only of unreadable ones
	Answers     map[string]any // decoded without flow_token; numbers are json.Number; nil when unreadable
	Reason      string
	VisitID     int64
	Outcome     string // of the rules, as Routed has it; "" for none
	Test        bool

	Status     string // the key of a TriageStatus
	AssigneeID int64  // 0: nobody
	Assignee   string // name
	Unread     bool   // by the team
	Tags       []Tag  // by name
	Notes      []Note // exports only, and only where the filter asks for them

	attributedBy  int64 // the mapping or the assignment
	assigneeEmail string
}

// responseFrom joins what a response shows of its flow, its contact and who has it.
const responseFrom = ` FROM responses r LEFT JOIN flows f ON f.id = r.flow_id LEFT JOIN contacts c ON c.id = r.contact_id
	LEFT JOIN users u ON u.id = r.assignee_id `

const responseColumns = `r.id, r.wamid, r.delivery_id, r.flow_id, coalesce(f.slug, ''), coalesce(f.name, ''), r.attribution, r.state, r.token,
	r.context_id, coalesce(c.id, 0), coalesce(c.phone, ''), coalesce(c.user_id, ''), coalesce(nullif(c.name, ''), c.saved_name, ''), coalesce(c.username, ''),
	r.phone_number, r.sent_at, r.received_at, r.reason, r.visit_id, r.outcome, r.test, r.attributed_by, r.status, r.assignee_id, coalesce(u.name, ''), coalesce(u.email, ''), r.unread, r.answers, `

const (
	selectResponses = `SELECT ` + responseColumns + `CASE r.state WHEN 'unreadable' THEN r.raw ELSE '' END` + responseFrom
	selectResponse  = `SELECT ` + responseColumns + `r.raw` + responseFrom
)

// fields are where a row of selectResponses goes; answers is still encoded, see decode.
func (r *Response) fields(answers any) []any {
	return []any{&r.ID, &r.WAMID, &r.DeliveryID, &r.FlowID, &r.FlowSlug, &r.FlowName, &r.Attribution, &r.State, &r.Token,
		&r.ContextID, &r.Contact.ID, &r.Contact.Phone, &r.Contact.UserID, &r.Contact.Name, &r.Contact.Username,
		&r.PhoneNumber, &r.SentAt, &r.ReceivedAt, &r.Reason, &r.VisitID, &r.Outcome, &r.Test, &r.attributedBy, &r.Status, &r.AssigneeID, &r.Assignee, &r.assigneeEmail, &r.Unread, answers, &r.Raw}
}

// decode fills Answers from a text that encodeAnswers made.
func (r *Response) decode(answers []byte) (err error) {
	r.Answers, r.Assignee = nil, personName(r.Assignee, r.assigneeEmail)
	if len(answers) == 0 {
		return nil
	}
	if r.Answers, err = decodeAnswers(answers); err != nil {
		return fmt.Errorf("answers of response %d: %w", r.ID, err)
	}
	return nil
}

func (r *Response) scan(rows scanner) error {
	var answers []byte
	if err := rows.Scan(r.fields(&answers)...); err != nil {
		return err
	}
	return r.decode(answers)
}

// Response returns one.
func (db *DB) Response(ctx context.Context, id int64) (Response, error) {
	var r Response
	err := r.scan(db.reader().QueryRowContext(ctx, selectResponse+`WHERE r.id = ?`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return Response{}, ErrNotFound
	}
	if err != nil {
		return r, err
	}
	return r, db.fillTags(ctx, &r)
}

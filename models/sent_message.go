package models

import (
	"context"
	"database/sql"
	"errors"
)

// A SentMessage is a message of ours: one that statuses told of, or that the business wrote elsewhere.
type SentMessage struct {
	WAMID    string
	Type     string // "" when only its statuses told of it
	SentAt   Time   // zero: not said; its status "sent" may know
	Statuses []MessageStatus
}

// A MessageStatus is one state that a message was told to be in.
type MessageStatus struct {
	State        string
	At           Time
	Errors       []MessageError
	Pricing      MessagePricing
	Conversation MessageConversation
}

// A MessageError is why a message could not be sent, in Meta's words.
type MessageError struct {
	Code    int
	Title   string
	Details string
}

// A MessagePricing is what Meta says about the price of a message.
type MessagePricing struct {
	Billable *bool  `json:"billable"`
	Model    string `json:"pricing_model"`
	Type     string `json:"type"`
	Category string `json:"category"`
}

// A MessageConversation is the conversation that Meta counts a message to.
type MessageConversation struct {
	Origin struct {
		Type string `json:"type"`
	} `json:"origin"`
}

// SentMessage returns a message of ours with its statuses in the order in which a message comes through
// them, because their times differ by less than clocks do; ErrNotFound when none of that id is known.
func (db *DB) SentMessage(ctx context.Context, wamid string) (SentMessage, error) {
	m := SentMessage{WAMID: wamid}
	err := db.reader().QueryRowContext(ctx, `SELECT type, sent_at FROM messages WHERE wamid = ? AND direction = 'out'`, bounded(wamid)).Scan(&m.Type, &m.SentAt)
	if errors.Is(err, sql.ErrNoRows) || wamid == "" {
		return SentMessage{}, ErrNotFound
	}
	if err != nil {
		return SentMessage{}, err
	}
	rows, err := db.reader().QueryContext(ctx, `SELECT state, at, errors, pricing, conversation FROM statuses WHERE wamid = ?
		ORDER BY CASE state WHEN 'sent' THEN 1 WHEN 'delivered' THEN 2 WHEN 'read' THEN 3 WHEN 'played' THEN 4 WHEN 'failed' THEN 5 ELSE 0 END, at, state`, bounded(wamid))
	m.Statuses, err = collect(rows, err, (*MessageStatus).scan)
	return m, err
}

func (s *MessageStatus) scan(row scanner) error {
	var errs, pricing, conversation []byte
	if err := row.Scan(&s.State, &s.At, &errs, &pricing, &conversation); err != nil {
		return err
	}
	s.Errors = messageErrors(errs)
	looseJSON(pricing, &s.Pricing)
	looseJSON(conversation, &s.Conversation)
	return nil
}

package models

import (
	"context"
	"database/sql"
	"errors"
)

// TrayCounts are how many need a person, by tab of the tray; each counts up to 10,001. Tests are among them.
type TrayCounts struct {
	NoFlow     int // responses of no flow
	Unreadable int // responses that could not be read
	Bodies     int // deliveries that could not be understood as a whole, or that failed
}

// All is the sum.
func (t TrayCounts) All() int { return t.NoFlow + t.Unreadable + t.Bodies }

const (
	inTray     = `r.state IN ('unmatched', 'unreadable') AND r.state = ? AND r.dismissal_id = 0`
	bodyInTray = `state IN ('unmatched', 'failed') AND (whole OR state = 'failed')`
)

// TrayCounts counts what waits in the tray.
func (db *DB) TrayCounts(ctx context.Context) (t TrayCounts, err error) {
	responses := `(SELECT count(*) FROM (SELECT 1 AS one FROM responses r WHERE ` + inTray + ` LIMIT ?) AS n)`
	err = db.reader().QueryRowContext(ctx, `SELECT `+responses+`, `+responses+`, (SELECT count(*) FROM (SELECT 1 AS one FROM deliveries WHERE `+bodyInTray+` LIMIT ?) AS n)`,
		UnmatchedResponse, countCap, Unreadable, countCap, countCap).Scan(&t.NoFlow, &t.Unreadable, &t.Bodies)
	return t, err
}

// Tray lists responses of a state that wait in the tray, newest first, before an id (0 = newest).
func (db *DB) Tray(ctx context.Context, state ResponseState, before int64, limit int) ([]Response, error) {
	rows, err := db.reader().QueryContext(ctx, selectResponses+`WHERE `+inTray+` AND r.id < ? ORDER BY r.id DESC LIMIT ?`, state, beforeID(before), pageLimit(limit))
	return collect(rows, err, (*Response).scan)
}

// A Found is by what a response found its flow, beyond the word: the mapping, or who assigned it.
type Found struct {
	Mapping    *Mapping    // of ByMapping
	Assignment *Assignment // of ByHand
}

// FoundBy tells by what a response found its flow.
func (db *DB) FoundBy(ctx context.Context, r Response) (f Found, err error) {
	switch {
	case r.attributedBy == 0:
	case r.Attribution == ByMapping:
		var m Mapping
		if m, err = db.Mapping(ctx, r.attributedBy); err == nil {
			f.Mapping = &m
		}
	case r.Attribution == ByHand:
		var a Assignment
		if a, err = db.Assignment(ctx, r.attributedBy); err == nil {
			f.Assignment = &a
		}
	}
	if errors.Is(err, ErrNotFound) || errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return f, err
}

// A Matched is what is known of a response that has a flow, for comparing others with it.
type Matched struct {
	FlowID             int64
	Token, PhoneNumber string
}

// LatelyMatched are the newest responses that have a flow, at most so many; tests are not among them.
func (db *DB) LatelyMatched(ctx context.Context, limit int) ([]Matched, error) {
	rows, err := db.reader().QueryContext(ctx, `SELECT flow_id, token, phone_number FROM responses r WHERE r.state = 'complete' AND NOT r.test
		ORDER BY r.received_at DESC, r.id DESC LIMIT ?`, limit)
	return collect(rows, err, func(m *Matched, s scanner) error { return s.Scan(&m.FlowID, &m.Token, &m.PhoneNumber) })
}

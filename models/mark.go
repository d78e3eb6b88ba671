package models

import (
	"context"

	"gorm.io/gorm"
)

// A Mark is evidence that something was observed: the setup page turns green by these only.
type Mark struct {
	Name   string
	At     Time // last
	Count  int64
	Detail string // e.g. a shortened address; never a secret or a number
}

// The marks.
const (
	MarkChallenge    = "challenge"     // Meta verified the callback URL
	MarkChallengeBad = "challenge_bad" // … with a wrong verify token
	MarkSigned       = "signed"        // a delivery with a good signature
	MarkBadSignature = "bad_signature" // a delivery with a bad one; Detail: shortened address
	MarkNoSecret     = "no_secret"     // a delivery while no app secret is known
	MarkDialog360    = "dialog360"     // a delivery of 360dialog with its secret
	MarkDialog360Bad = "dialog360_bad" // … without; Detail: shortened address
	// MarkDialog360NoSecret is a delivery of 360dialog while no secret is set.
	MarkDialog360NoSecret = "dialog360_no_secret"

	MarkPing         = "ping"          // a ping decrypted; per flow: "ping:SLUG"
	MarkOpened       = "opened"        // any envelope opened
	MarkCannotOpen   = "cannot_open"   // an envelope that no key opens
	MarkBadFlowSig   = "bad_flow_sig"  // 432
	MarkUnboundToken = "unbound_token" // valid flow_token_signature without the token
)

// upsertMark adds to the count; what is older keeps the time and the detail.
const upsertMark = `
	INSERT INTO marks (name, at, count, detail) VALUES (?, ?, ?, ?)
	ON CONFLICT (name) DO UPDATE SET count = marks.count + excluded.count,
		detail = CASE WHEN excluded.at >= marks.at AND excluded.detail <> '' THEN excluded.detail ELSE marks.detail END,
		at = CASE WHEN excluded.at > marks.at THEN excluded.at ELSE marks.at END`

// Note counts observations, in one transaction. A mark without a count counts once, one without a time is of now.
// It is cheap enough for each request because callers gather and write at most once a second.
func (db *DB) Note(ctx context.Context, marks []Mark) error {
	if len(marks) == 0 {
		return nil
	}
	return db.alongside(ctx, func(tx *gorm.DB) error {
		for _, m := range marks {
			if m.At.IsZero() {
				m.At = db.now()
			}
			if err := tx.Exec(upsertMark, bounded(m.Name), m.At, max(m.Count, 1), m.Detail).Error; err != nil {
				return err
			}
		}
		return nil
	})
}

// Marks returns all by name.
func (db *DB) Marks(ctx context.Context) (map[string]Mark, error) {
	var rows []Mark
	if err := db.read.WithContext(ctx).Find(&rows).Error; err != nil {
		return nil, err
	}
	marks := make(map[string]Mark, len(rows))
	for _, m := range rows {
		marks[m.Name] = m
	}
	return marks, nil
}

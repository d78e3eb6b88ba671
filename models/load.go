package models

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"
	"time"

	"gorm.io/gorm"
)

const (
	loadAtOnce = 2000   // responses in a transaction
	loadMany   = 20_000 // from so many on it pays to make the indexes anew
)

// LoadResponses writes about n responses of the past for samples and measurements, as fast as the engine can: straight into
// the tables, with no delivery behind them. Contacts that have no id yet are none. Nothing may be written beside it, and a
// database in which it broke off is to be thrown away.
func (db *DB) LoadResponses(ctx context.Context, n int, rows iter.Seq[Response]) (err error) {
	if n >= loadMany {
		again, indexErr := db.withoutIndexes(ctx)
		if indexErr != nil {
			return fmt.Errorf("set indexes aside: %w", indexErr)
		}
		defer func() { err = errors.Join(err, again()) }()
	}
	var id int64
	if err := db.reader().QueryRowContext(ctx, `SELECT coalesce(max(id), 0) FROM responses`).Scan(&id); err != nil {
		return err
	}
	hidden, err := readSensitive(ctx, db.reader())
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	for l := range loadsOf(ctx, id, rows, hidden) {
		if err := errors.Join(l.err, db.load(ctx, l)); err != nil {
			return err
		}
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if !db.Shared() {
		return nil
	}
	_, err = db.writer().ExecContext(ctx, `SELECT setval(pg_get_serial_sequence('responses', 'id'), (SELECT max(id) FROM responses))`)
	return err
}

// LoadContacts writes contacts for LoadResponses and gives them their ids.
func (db *DB) LoadContacts(ctx context.Context, all []Contact) error {
	return db.alongside(ctx, func(tx *gorm.DB) error {
		for i := range all {
			c := &all[i]
			err := inTx(tx).QueryRowContext(ctx, `INSERT INTO contacts (phone, user_id, name, username, search) VALUES (?, ?, ?, ?, ?) RETURNING id`,
				c.Phone, c.UserID, c.Name, c.Username, nameSearch(*c)).Scan(&c.ID)
			if err != nil {
				return kindOf(err)
			}
		}
		return nil
	})
}

var (
	loadedResponses = []string{"id", "wamid", "delivery_id", "flow_id", "attribution", "state", "token", "context_id", "contact_id", "phone_number",
		"sent_at", "received_at", "visit_id", "test", "answers", "search", "raw", "status", "assignee_id", "unread"}
	loadedAnswers = []string{"response_id", "flow_id", "key", "n", "text", "number", "received_at"}
)

// A loading is the values of some responses and their answers, made while those before it are written.
type loading struct {
	responses, answers []any
	times              []time.Time // one of each month
	err                error
}

// loadsOf makes them until ctx ends; ids follow on first.
func loadsOf(ctx context.Context, first int64, rows iter.Seq[Response], hidden map[int64]Sensitive) <-chan loading {
	all := make(chan loading, 1)
	go func() {
		defer close(all)
		var l loading
		n := 0
		for r := range rows {
			first++
			r.ID = first
			l.add(r, hidden)
			if n++; n%loadAtOnce > 0 {
				continue
			}
			select {
			case all <- l:
				l = loading{}
			case <-ctx.Done():
				return
			}
		}
		select {
		case all <- l:
		case <-ctx.Done():
		}
	}()
	return all
}

func (l *loading) add(r Response, hidden map[int64]Sensitive) {
	text, err := encodeJSON(r.Answers)
	l.err = errors.Join(l.err, err)
	l.responses = append(l.responses, r.ID, r.WAMID, r.DeliveryID, r.FlowID, string(r.Attribution), string(r.State), r.Token, r.ContextID, r.Contact.ID,
		r.PhoneNumber, r.SentAt.Micros(), r.ReceivedAt.Micros(), r.VisitID, r.Test, text, searchText(r.Contact, r.Token, r.Answers, hidden[r.FlowID]), r.Raw, cmp.Or(r.Status, StatusNew), r.AssigneeID, r.Unread)
	for _, a := range answerRows(r.Answers) {
		var number any
		if a.Number != nil {
			number = *a.Number
		}
		l.answers = append(l.answers, r.ID, r.FlowID, a.Key, int64(a.N), a.Text, number, r.ReceivedAt.Micros())
	}
	if len(l.times) == 0 || monthOf(l.times[len(l.times)-1]) != monthOf(r.ReceivedAt.Time) {
		l.times = append(l.times, r.ReceivedAt.Time)
	}
}

// load writes responses with their answers, all or none.
func (db *DB) load(ctx context.Context, l loading) error {
	return db.engine.withMonths(ctx, l.times, func() error {
		return db.alongside(ctx, func(tx *gorm.DB) error {
			err := loadRows(ctx, tx, "responses", loadedResponses, l.responses)
			return errors.Join(err, loadRows(ctx, tx, "answers", loadedAnswers, l.answers))
		})
	})
}

// loadRows writes rows whose values stand one after the other, by statements of few sizes, which are prepared once.
func loadRows(ctx context.Context, tx *gorm.DB, table string, columns []string, values []any) error {
	into := `INSERT INTO ` + table + ` (` + strings.Join(columns, ", ") + `) VALUES `
	one := "(" + placeholders(len(columns)) + ")"
	for _, rows := range []int{250, 25, 1} {
		text := into + strings.TrimSuffix(strings.Repeat(one+", ", rows), ", ")
		for size := rows * len(columns); len(values) >= size; values = values[size:] {
			if _, err := tx.Statement.ConnPool.ExecContext(ctx, text, values[:size]...); err != nil {
				return err
			}
		}
	}
	return nil
}

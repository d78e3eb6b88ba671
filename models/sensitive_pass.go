package models

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"gorm.io/gorm"
)

// hideBatch is how many responses' search texts are made anew in one transaction: some milliseconds, for which deliveries wait.
const hideBatch = 250

// hideSpan is how many ids are looked through for them.
const hideSpan = 20_000

// sensitive is what is hidden of each flow, read once in a transaction: what changes it excludes who applies deliveries.
func (x *inboxTx) sensitive() (map[int64]Sensitive, error) {
	if x.hidden != nil {
		return x.hidden, nil
	}
	rows, err := x.rows(sqlSensitive)
	x.hidden, err = sensitiveOf(rows, err)
	return x.hidden, err
}

// hideAnew makes the search text of a response anew that becomes one of another flow.
func (x *inboxTx) hideAnew(c candidate, flowID int64) error {
	hidden, err := x.sensitive()
	if err != nil || hidden[c.flowID].None() && hidden[flowID].None() {
		return err
	}
	contact, err := x.contactByID(c.contact)
	if err != nil {
		return err
	}
	return x.putSearch([]int64{c.id}, []string{searchText(contact, c.token, c.answers, hidden[flowID])})
}

// beginHiding lets ContinueSensitive make the search texts of a flow's responses anew, and of those without a flow. Whoever
// applies a delivery at the moment has ended then, and the next one knows.
func (db *DB) beginHiding(tx *gorm.DB, flowID int64, before, after []string) error {
	if slices.Equal(before, after) {
		return nil
	}
	if err := db.engine.exclude(tx, lockInbox); err != nil {
		return err
	}
	more := slices.ContainsFunc(after, func(k string) bool { return !slices.Contains(before, k) })
	for _, id := range []int64{flowID, 0} {
		err := tx.Exec(`INSERT INTO sensitive_flows (flow_id, hiding, last_id) VALUES (?, ?, (SELECT coalesce(max(id), 0) FROM responses))
			ON CONFLICT (flow_id) DO UPDATE SET hiding = excluded.hiding OR sensitive_flows.hiding AND sensitive_flows.last_id > sensitive_flows.next_id,
			next_id = 0, last_id = excluded.last_id`, id, more).Error
		if err != nil {
			return err
		}
	}
	return nil
}

// A hiding is how far the search texts of a flow are made anew.
type hiding struct{ flow, next, last int64 }

// ContinueSensitive goes on with making search texts anew, batch by batch, for at most so long. It may be called by several
// processes at once. more tells that something is left.
func (db *DB) ContinueSensitive(ctx context.Context, most time.Duration) (more bool, err error) {
	until := time.Now().Add(most)
	for {
		var h hiding
		err := db.reader().QueryRowContext(ctx, `SELECT flow_id, next_id, last_id FROM sensitive_flows WHERE last_id > next_id ORDER BY flow_id LIMIT 1`).Scan(&h.flow, &h.next, &h.last)
		if errors.Is(err, sql.ErrNoRows) {
			return false, nil
		}
		if err == nil {
			err = db.hideSome(ctx, h)
		}
		if err != nil || time.Now().After(until) {
			return true, err
		}
	}
}

// hideSome makes a batch of search texts anew and keeps how far it came. Nobody else writes them meanwhile.
func (db *DB) hideSome(ctx context.Context, h hiding) error {
	return db.inboxTx(ctx, func(x *inboxTx) error {
		if err := x.exclude(lockInbox); err != nil {
			return err
		}
		to := min(h.next+hideSpan, h.last)
		rows, err := inTx(x.tx).QueryContext(ctx, selectHidden+`WHERE r.flow_id = ? AND r.id > ? AND r.id <= ? ORDER BY r.id LIMIT ?`, h.flow, h.next, to, hideBatch)
		some, err := collect(rows, err, (*hiddenRow).scan)
		if err != nil {
			return err
		}
		if len(some) == hideBatch {
			to = some[hideBatch-1].ID
		}
		moved := x.tx.Exec(`UPDATE sensitive_flows SET next_id = ? WHERE flow_id = ? AND next_id = ? AND last_id = ?`, to, h.flow, h.next, h.last)
		if moved.Error != nil || moved.RowsAffected == 0 { // another process was quicker, or it changed again
			return moved.Error
		}
		hidden, err := x.sensitive()
		if err != nil {
			return err
		}
		var ids []int64
		var texts []string
		for _, r := range some {
			if text := searchText(r.Contact, r.Token, r.Answers, hidden[h.flow]); text != r.search {
				ids, texts = append(ids, r.ID), append(texts, text)
			}
		}
		return x.putSearch(ids, texts)
	})
}

// A hiddenRow is a response as its search text is made of it.
type hiddenRow struct {
	Response
	search string
}

const selectHidden = `SELECT r.id, r.token, r.answers, r.search, coalesce(c.phone, ''), coalesce(c.user_id, ''), coalesce(nullif(c.name, ''), c.saved_name, ''), coalesce(c.username, '')
	FROM responses r LEFT JOIN contacts c ON c.id = r.contact_id `

func (r *hiddenRow) scan(s scanner) error {
	var answers []byte
	if err := s.Scan(&r.ID, &r.Token, &answers, &r.search, &r.Contact.Phone, &r.Contact.UserID, &r.Contact.Name, &r.Contact.Username); err != nil {
		return err
	}
	return r.decode(answers)
}

// unsearched are the flows whose responses words do not find until what was hidden is out of their search texts.
func (db *DB) unsearched(ctx context.Context) ([]int64, error) {
	rows, err := db.reader().QueryContext(ctx, `SELECT flow_id FROM sensitive_flows WHERE last_id > next_id AND hiding ORDER BY flow_id`)
	return collect(rows, err, func(id *int64, s scanner) error { return s.Scan(id) })
}

// MakesSearchAnew tells whether search texts of a flow's responses are still to be made anew.
func (db *DB) MakesSearchAnew(ctx context.Context, flowID int64) (is bool, err error) {
	var n int
	err = db.reader().QueryRowContext(ctx, `SELECT count(*) FROM sensitive_flows WHERE flow_id = ? AND last_id > next_id`, flowID).Scan(&n)
	return n > 0, err
}

package models

import (
	"context"
	"crypto/rand"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"gorm.io/gorm"
)

const (
	// maxTargets bounds what one delivery can cause.
	maxTargets = 50
	// maxWanted bounds the words, and the flows, of a filter.
	maxWanted = 100
	// longestURL in bytes.
	longestURL = 2000
	// longestTimeout of one try in seconds.
	longestTimeout = 30
)

// CreateTarget adds a target: name, URL, off, fields, flows, tests, timeout (0: 10 s). It returns the secret with which
// its forwards are signed, "whsec_" and Base64, which is sealed and never shown again. Invalid names the field that is
// wrong or taken: name, url, fields, flows, timeout.
func (db *DB) CreateTarget(ctx context.Context, t Target, by By) (made Target, secret string, err error) {
	t = t.tidy()
	if err := t.check(); err != nil {
		return Target{}, "", err
	}
	secret = newTargetSecret()
	t.UID, t.CreatedAt = strings.ToLower(rand.Text()), db.now()
	err = db.tx(ctx, func(tx *gorm.DB) error {
		if err := t.checkIn(ctx, tx); err != nil {
			return err
		}
		fields, flows, err := t.filterTexts()
		if err != nil {
			return err
		}
		now := t.CreatedAt
		err = inTx(tx).QueryRowContext(ctx, `INSERT INTO targets (uid, name, url, off, fields, flows, tests, timeout_seconds, since, secret_at, created_at, updated_at)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`,
			t.UID, t.Name, t.URL, t.Off, fields, flows, t.Tests, t.Timeout, now, now, now, now).Scan(&t.ID)
		if err != nil {
			return err
		}
		if err := tx.Exec(`INSERT INTO target_health (target_id) VALUES (?)`, t.ID).Error; err != nil {
			return err
		}
		if err := db.putTargetSecret(tx, t.ID, secret, "", Time{}); err != nil {
			return err
		}
		if err := db.changed(tx, by, "target.create", t.object(), t.forAudit()); err != nil {
			return err
		}
		made, err = targetIn(ctx, inTx(tx), t.ID)
		return err
	})
	if err != nil {
		return Target{}, "", err
	}
	return made, secret, nil
}

// SaveTarget changes what CreateTarget sets. One that is switched on gets what comes from then on, and what waited for it
// before. ErrNotFound: it was deleted.
func (db *DB) SaveTarget(ctx context.Context, t Target, by By) (saved Target, err error) {
	t = t.tidy()
	if err := t.check(); err != nil {
		return Target{}, err
	}
	err = db.tx(ctx, func(tx *gorm.DB) error {
		was, err := targetIn(ctx, inTx(tx), t.ID)
		if err != nil {
			return err
		}
		if err := t.checkIn(ctx, tx); err != nil {
			return err
		}
		fields, flows, err := t.filterTexts()
		if err != nil {
			return err
		}
		now, since, reason := db.now(), was.Since, was.OffReason
		if was.Off && !t.Off {
			since = now
		}
		if was.Off != t.Off {
			reason = ""
		}
		err = tx.Exec(`UPDATE targets SET name = ?, url = ?, off = ?, off_reason = ?, fields = ?, flows = ?, tests = ?, timeout_seconds = ?, since = ?, updated_at = ? WHERE id = ?`,
			t.Name, t.URL, t.Off, reason, fields, flows, t.Tests, t.Timeout, since, now, t.ID).Error
		if err != nil {
			return err
		}
		if was.URL != t.URL || was.Off { // what ailed it may be over: it is tried at once
			if err := tx.Exec(`UPDATE target_health SET failures = 0, paused_until = 0 WHERE target_id = ?`, t.ID).Error; err != nil {
				return err
			}
		}
		if err := db.changed(tx, by, "target.update", t.object(), t.forAudit()); err != nil {
			return err
		}
		saved, err = targetIn(ctx, inTx(tx), t.ID)
		return err
	})
	return saved, err
}

// DeleteTarget removes a target. What waited for it is not sent; what is known of its forwards goes within hours.
func (db *DB) DeleteTarget(ctx context.Context, id int64, by By) error {
	return db.tx(ctx, func(tx *gorm.DB) error {
		t, err := targetIn(ctx, inTx(tx), id)
		if err != nil {
			return err
		}
		err = tx.Exec(`UPDATE targets SET deleted_at = ?, off = TRUE, sealed_secret = '', sealed_secret_previous = '' WHERE id = ?`, db.now(), id).Error
		if err != nil {
			return err
		}
		return db.changed(tx, by, "target.delete", t.object(), map[string]any{"name": t.Name})
	})
}

// forAudit is what is kept of a target; of its address the host, for the rest may hold a password.
func (t Target) forAudit() map[string]any {
	host := ""
	if u, err := url.Parse(t.URL); err == nil {
		host = u.Host
	}
	return map[string]any{"name": t.Name, "host": host, "off": t.Off, "fields": t.Fields, "flows": t.Flows, "tests": t.Tests, "timeout": t.Timeout}
}

func (t Target) filterTexts() (fields, flows string, err error) {
	if fields, err = textOf(jsonColumn[[]string]{t.Fields}); err != nil {
		return "", "", err
	}
	flows, err = textOf(jsonColumn[[]int64]{t.Flows})
	return fields, flows, err
}

// tidy trims what people typed and fills in what they left out.
func (t Target) tidy() Target {
	t.Name, t.URL = strings.TrimSpace(t.Name), strings.TrimSpace(t.URL)
	fields := []string{}
	for _, f := range t.Fields {
		if f = strings.TrimSpace(f); f != "" {
			fields = append(fields, f)
		}
	}
	slices.Sort(fields)
	flows := append([]int64{}, t.Flows...)
	slices.Sort(flows)
	t.Fields, t.Flows = slices.Compact(fields), slices.Compact(flows)
	if t.Timeout == 0 {
		t.Timeout = defaultTimeout
	}
	return t
}

func (t Target) check() error {
	switch {
	case t.Name == "" || tooLong(t.Name, 100):
		return &Invalid{"name", "Name it in at most 100 characters on one line."}
	case !isWebAddress(t.URL):
		return &Invalid{"url", "Write a whole address such as https://example.org/hook, without a user name and without #."}
	case len(t.Fields) > maxWanted:
		return &Invalid{"fields", "Name at most 100 fields, or none for all."}
	case slices.ContainsFunc(t.Fields, func(f string) bool { return tooLong(f, maxWord) || strings.ContainsAny(f, " ,") }):
		return &Invalid{"fields", "A field is one word such as messages."}
	case len(t.Flows) > maxWanted:
		return &Invalid{"flows", "Choose at most 100 flows, or none for all."}
	case t.Timeout < 1 || t.Timeout > longestTimeout:
		return &Invalid{"timeout", "Wait between 1 and 30 seconds for an answer."}
	}
	return nil
}

func isWebAddress(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Hostname() != "" && u.User == nil && u.Fragment == "" &&
		len(s) <= longestURL && utf8.ValidString(s) && !hasControl(s)
}

// checkIn finds another target of that name, flows that are none, and that there are too many.
func (t Target) checkIn(ctx context.Context, tx *gorm.DB) error {
	var others, named, flows int
	err := inTx(tx).QueryRowContext(ctx, `SELECT count(*), coalesce(sum(CASE WHEN name = ? THEN 1 ELSE 0 END), 0) FROM targets WHERE deleted_at = 0 AND id <> ?`,
		t.Name, t.ID).Scan(&others, &named)
	if err != nil {
		return err
	}
	if len(t.Flows) > 0 {
		err = inTx(tx).QueryRowContext(ctx, `SELECT count(*) FROM flows WHERE id IN (`+placeholders(len(t.Flows))+`)`, asAny(t.Flows)...).Scan(&flows)
	}
	switch {
	case err != nil:
		return err
	case named > 0:
		return &Invalid{"name", "Another target has this name."}
	case others >= maxTargets:
		return &Invalid{"name", "There are 50 targets already. Delete one first."}
	case flows < len(t.Flows):
		return &Invalid{"flows", "One of these flows does not exist any more."}
	}
	return nil
}

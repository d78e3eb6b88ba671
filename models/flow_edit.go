package models

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"gorm.io/gorm"
)

var (
	slugForm   = regexp.MustCompile(`^[a-z][a-z0-9-]{0,62}$`)
	metaIDForm = regexp.MustCompile(`^[0-9]{1,32}$`)
)

// reservedSlugs are words that stand after /flows/ themselves, and the one that tokens of tests begin with.
var reservedSlugs = []string{"new", "import", "test"}

// CreateFlow adds a flow: slug, name, Meta id, mode; Invalid names the field that is wrong or taken. An empty name
// is the slug, an empty mode is encrypted. The signature check is on.
func (db *DB) CreateFlow(ctx context.Context, f Flow, by By) (Flow, error) {
	return db.CreateWholeFlow(ctx, f, nil, "", by)
}

// CreateWholeFlow is CreateFlow with a Flow JSON (nil: none), which is the caller's to have parsed, and the secret of a
// plain flow (empty: none). All of it is added or nothing.
func (db *DB) CreateWholeFlow(ctx context.Context, f Flow, json []byte, secret string, by By) (Flow, error) {
	f = f.tidy()
	err := f.check()
	if err == nil {
		err = checkFlowSecret(secret)
	}
	if err == nil && json != nil {
		err = checkFlowJSON(json)
	}
	if err != nil {
		return Flow{}, err
	}
	err = db.tx(ctx, func(tx *gorm.DB) error {
		if err := db.insertFlow(tx, &f, by); err != nil {
			return err
		}
		if json != nil {
			if _, err := db.keepFlowJSON(tx, f, json, by); err != nil {
				return err
			}
		}
		if secret != "" {
			if err := db.putFlowSecret(tx, f, secret, by); err != nil {
				return err
			}
		}
		f, err = flowIn(tx, f.ID)
		return err
	})
	return f, err
}

func (db *DB) insertFlow(tx *gorm.DB, f *Flow, by By) error {
	if err := f.checkTaken(tx); err != nil {
		return err
	}
	now := db.now()
	err := tx.Raw(`INSERT INTO flows (slug, name, meta_id, mode, token_once, keep_version, fallback_screen, fallback_message, created_at, updated_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`,
		f.Slug, f.Name, f.MetaID, f.Mode, f.TokenOnce, f.KeepVersion, f.FallbackScreen, f.FallbackMessage, now, now).Scan(&f.ID).Error
	if err != nil {
		return err
	}
	return db.changed(tx, by, "flow.create", f.object(), map[string]any{"slug": f.Slug, "mode": f.Mode})
}

// UpdateFlow changes name, slug (the old one stays an alias), Meta id, mode, TokenOnce, KeepVersion, CheckSignature,
// fallback.
func (db *DB) UpdateFlow(ctx context.Context, f Flow, by By) (Flow, error) {
	f = f.tidy()
	if err := f.check(); err != nil {
		return Flow{}, err
	}
	err := db.tx(ctx, func(tx *gorm.DB) error {
		was, err := flowIn(tx, f.ID)
		if err != nil {
			return err
		}
		if err := f.checkTaken(tx); err != nil {
			return err
		}
		if err := db.moveSlug(tx, was, f.Slug); err != nil {
			return err
		}
		err = tx.Exec(`UPDATE flows SET slug = ?, name = ?, meta_id = ?, mode = ?, token_once = ?, keep_version = ?, check_signature = ?,
			fallback_screen = ?, fallback_message = ?, updated_at = ? WHERE id = ?`,
			f.Slug, f.Name, f.MetaID, f.Mode, f.TokenOnce, f.KeepVersion, f.CheckSignature, f.FallbackScreen, f.FallbackMessage,
			db.now(), f.ID).Error
		if err != nil {
			return err
		}
		if err := db.changed(tx, by, "flow.update", f.object(), changes(was, f)); err != nil {
			return err
		}
		f, err = flowIn(tx, f.ID)
		return err
	})
	return f, err
}

// moveSlug keeps the old slug as an alias, frees the new one of being one, and takes the flow's mark along.
func (db *DB) moveSlug(tx *gorm.DB, was Flow, slug string) error {
	if was.Slug == slug {
		return nil
	}
	if err := tx.Exec("DELETE FROM flow_aliases WHERE slug = ?", slug).Error; err != nil {
		return err
	}
	err := tx.Exec("INSERT INTO flow_aliases (slug, flow_id, created_at) VALUES (?, ?, ?)", was.Slug, was.ID, db.now()).Error
	if err != nil {
		return err
	}
	if err := tx.Exec("DELETE FROM marks WHERE name = ?", MarkPing+":"+slug).Error; err != nil {
		return err
	}
	return tx.Exec("UPDATE marks SET name = ? WHERE name = ?", MarkPing+":"+slug, MarkPing+":"+was.Slug).Error
}

// changes is what an update changed, for the audit log.
func changes(was, f Flow) map[string]any {
	d := map[string]any{}
	note := func(name string, old, now any) {
		if old != now {
			d[name] = now
		}
	}
	note("slug", was.Slug, f.Slug)
	note("name", was.Name, f.Name)
	note("meta_id", was.MetaID, f.MetaID)
	note("mode", was.Mode, f.Mode)
	note("token_once", was.TokenOnce, f.TokenOnce)
	note("keep_version", was.KeepVersion, f.KeepVersion)
	note("check_signature", was.CheckSignature, f.CheckSignature)
	note("fallback_screen", was.FallbackScreen, f.FallbackScreen)
	note("fallback_message", was.FallbackMessage, f.FallbackMessage)
	return d
}

func (f Flow) object() string { return fmt.Sprintf("flow %d", f.ID) }

// tidy trims what people typed and fills in what they left out.
func (f Flow) tidy() Flow {
	f.Slug, f.Name, f.MetaID = strings.TrimSpace(f.Slug), strings.TrimSpace(f.Name), strings.TrimSpace(f.MetaID)
	f.FallbackScreen, f.FallbackMessage = strings.TrimSpace(f.FallbackScreen), strings.TrimSpace(f.FallbackMessage)
	if f.Name == "" {
		f.Name = f.Slug
	}
	if f.Mode == "" {
		f.Mode = Encrypted
	}
	return f
}

func (f Flow) check() error {
	switch {
	case !slugForm.MatchString(f.Slug):
		return &Invalid{"slug", "Use small letters, digits and dashes, beginning with a letter, at most 63."}
	case slices.Contains(reservedSlugs, f.Slug):
		return &Invalid{"slug", "Switchyard uses this word itself. Choose another."}
	case tooLong(f.Name, 100):
		return &Invalid{"name", "Use at most 100 characters on one line."}
	case f.MetaID != "" && !metaIDForm.MatchString(f.MetaID):
		return &Invalid{"meta_id", "Meta's flow ID has digits only. Copy it from WhatsApp Manager."}
	case f.Mode != Encrypted && f.Mode != Plain:
		return &Invalid{"mode", "Choose encrypted or plain."}
	case tooLong(f.FallbackScreen, 100):
		return &Invalid{"fallback_screen", "Use the ID of a screen."}
	case tooLong(f.FallbackMessage, 300):
		return &Invalid{"fallback_message", "Use at most 300 characters on one line."}
	}
	return nil
}

// checkTaken finds another flow with that slug (old ones too) or Meta id.
func (f Flow) checkTaken(tx *gorm.DB) error {
	for _, c := range []struct{ field, ref, message string }{
		{"slug", f.Slug, "Another flow has, or had, this slug. Choose another."},
		{"meta_id", f.MetaID, "Another flow has this Meta ID."},
	} {
		id, err := flowID(tx, c.ref)
		if err == nil && id != f.ID {
			return &Invalid{c.field, c.message}
		}
		if err != nil && err != ErrNotFound {
			return err
		}
	}
	return nil
}

// tooLong tells whether a text of one line has more characters than that, or more than one line.
func tooLong(s string, limit int) bool {
	return utf8.RuneCountInString(s) > limit || hasControl(s) || !utf8.ValidString(s)
}

package models

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"gorm.io/gorm"
)

// An ExportLink is an address from which a script fetches an export anew, in the right of the person who made it, with a
// token that reads this and nothing else.
type ExportLink struct {
	ID        int64
	UserID    int64
	Author    string
	Name      string
	Plan      ExportPlan
	Uses      int64
	UsedAt    Time // zero: never
	CreatedAt Time
	RevokedAt Time // zero: it works
}

// exportToken begins every token, so that whoever finds one knows what it is.
const exportToken = "swx_"

const maxExportLinks = 50 // of one person that work

const exportLinkColumns = `id, user_id, author, name, plan, uses, used_at, created_at, revoked_at`

func (l *ExportLink) scan(row scanner) error {
	var plan jsonColumn[ExportPlan]
	err := row.Scan(&l.ID, &l.UserID, &l.Author, &l.Name, &plan, &l.Uses, &l.UsedAt, &l.CreatedAt, &l.RevokedAt)
	l.Plan = plan.V
	return err
}

func (l *ExportLink) object() string { return fmt.Sprintf("export link %d", l.ID) }

// ExportLinks lists those of a person (0: of everybody), the newest first.
func (db *DB) ExportLinks(ctx context.Context, userID int64) ([]ExportLink, error) {
	var w where
	if userID != 0 {
		w.and(`user_id = ?`, userID)
	}
	rows, err := db.reader().QueryContext(ctx, `SELECT `+exportLinkColumns+` FROM export_links `+w.sql()+` ORDER BY id DESC LIMIT 500`, w.args...)
	return collect(rows, err, (*ExportLink).scan)
}

// AddExportLink makes one for whoever asks. The token is returned this once: only its hash is kept. Invalid: name, plan.
func (db *DB) AddExportLink(ctx context.Context, l ExportLink, by By) (_ ExportLink, token string, err error) {
	if l.Name, err = exportName(l.Name, &l.Plan); err != nil {
		return l, "", err
	}
	token = exportToken + rand.Text()
	hash := sha256.Sum256([]byte(token))
	l.UserID, l.Author, l.CreatedAt = by.UserID, asUTF8(by.Name), db.now()
	err = db.tx(ctx, func(tx *gorm.DB) error {
		var own int
		if err := inTx(tx).QueryRowContext(ctx, `SELECT count(*) FROM export_links WHERE user_id = ? AND revoked_at = 0`, l.UserID).Scan(&own); err != nil {
			return err
		}
		if own >= maxExportLinks {
			return &Invalid{"name", fmt.Sprintf("You have %d links. Revoke one first.", maxExportLinks)}
		}
		err := inTx(tx).QueryRowContext(ctx, `INSERT INTO export_links (user_id, author, name, plan, token, created_at) VALUES (?, ?, ?, ?, ?, ?) RETURNING id`,
			l.UserID, l.Author, l.Name, jsonColumn[ExportPlan]{l.Plan}, hash[:], l.CreatedAt).Scan(&l.ID)
		if err != nil {
			return err
		}
		return db.audit(tx, by, "export.link", l.object(), map[string]any{"format": l.Plan.Format})
	})
	return l, token, err
}

// exportName is the name of a link or a schedule, and checks its plan: what is selected by hand is not fetched again.
func exportName(name string, p *ExportPlan) (string, error) {
	name = strings.TrimSpace(name)
	switch {
	case name == "":
		return name, &Invalid{"name", "Enter a name."}
	case tooLong(name, maxViewName):
		return name, &Invalid{"name", fmt.Sprintf("A name has at most %d characters, on one line.", maxViewName)}
	case len(p.IDs) > 0:
		return name, &Invalid{"scope", "Choose all or the filtered responses: what is selected by hand does not change."}
	}
	return name, p.Check()
}

// OpenExportLink returns the link that a token opens, and whose it is. ErrNotFound: there is no such link, the token is not
// its own, it was revoked, or its person may export no more.
func (db *DB) OpenExportLink(ctx context.Context, id int64, token string) (l ExportLink, u User, err error) {
	hash := sha256.Sum256([]byte(token))
	err = l.scan(db.reader().QueryRowContext(ctx, `SELECT `+exportLinkColumns+` FROM export_links WHERE id = ? AND token = ? AND revoked_at = 0`, id, hash[:]))
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrNotFound
	}
	if err != nil {
		return l, u, err
	}
	u, err = db.Exporter(ctx, l.UserID)
	return l, u, err
}

// Exporter returns the person in whose right a link or a schedule exports. ErrNotFound: they may export no more.
func (db *DB) Exporter(ctx context.Context, id int64) (User, error) {
	u, err := db.User(ctx, id)
	if err == nil && (!u.DisabledAt.IsZero() || u.MustChange || !u.Role.May(Support)) {
		err = ErrNotFound
	}
	return u, err
}

// UseExportLink counts a use.
func (db *DB) UseExportLink(ctx context.Context, id int64) error {
	return db.alongside(ctx, func(tx *gorm.DB) error {
		return tx.Exec(`UPDATE export_links SET uses = uses + 1, used_at = ? WHERE id = ?`, db.now(), id).Error
	})
}

// RevokeExportLink ends one of whoever asks, or with any of anybody's. ErrNotFound else; one that was revoked stays so.
func (db *DB) RevokeExportLink(ctx context.Context, id int64, any bool, by By) error {
	return db.tx(ctx, func(tx *gorm.DB) error {
		var w where
		w.and(`id = ?`, id)
		if !any {
			w.and(`user_id = ?`, by.UserID)
		}
		var was Time
		err := inTx(tx).QueryRowContext(ctx, `SELECT revoked_at FROM export_links `+w.sql(), w.args...).Scan(&was)
		if errors.Is(err, sql.ErrNoRows) {
			return ErrNotFound
		}
		if err != nil || !was.IsZero() {
			return err
		}
		if err := tx.Exec(`UPDATE export_links SET revoked_at = ? WHERE id = ?`, db.now(), id).Error; err != nil {
			return err
		}
		return db.audit(tx, by, "export.link.revoke", (&ExportLink{ID: id}).object(), nil)
	})
}

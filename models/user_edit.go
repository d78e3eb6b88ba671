package models

import (
	"context"
	"strings"

	"gorm.io/gorm"
)

// SetRole changes the role and ends all sessions; the last active admin keeps it (Invalid).
func (db *DB) SetRole(ctx context.Context, id int64, role Role, by By) error {
	if !role.May(Viewer) {
		return &Invalid{"role", "Choose viewer, support, operator or admin."}
	}
	return db.editUser(ctx, id, func(tx *gorm.DB, u User) error {
		if u.Role == role {
			return nil
		}
		if err := keepsAdmin(tx, u, "role"); err != nil {
			return err
		}
		if err := tx.Exec("UPDATE users SET role = ? WHERE id = ?", string(role), id).Error; err != nil {
			return err
		}
		if err := db.endSessions(tx, id, ""); err != nil {
			return err
		}
		return db.changed(tx, by, "user.role", u.object(), map[string]any{"from": u.Role, "to": role})
	})
}

// SetPassword changes the password and ends all sessions but keep (a session id; "" none).
func (db *DB) SetPassword(ctx context.Context, id int64, password string, mustChange bool, keep string, by By) error {
	u, err := db.User(ctx, id)
	if err != nil {
		return err
	}
	hash, err := db.hash(password, u.Email, u.Name)
	if err != nil {
		return err
	}
	return db.editUser(ctx, id, func(tx *gorm.DB, u User) error {
		if err := tx.Exec("UPDATE users SET password = ?, must_change = ? WHERE id = ?", hash, mustChange, id).Error; err != nil {
			return err
		}
		if err := db.endSessions(tx, id, keep); err != nil {
			return err
		}
		return db.changed(tx, by, "user.password", u.object(), map[string]any{"must_change": mustChange})
	})
}

// DisableUser bars or readmits a person; barring ends all sessions; not the last active admin (Invalid).
func (db *DB) DisableUser(ctx context.Context, id int64, disabled bool, by By) error {
	return db.editUser(ctx, id, func(tx *gorm.DB, u User) error {
		if disabled == !u.DisabledAt.IsZero() {
			return nil
		}
		if !disabled {
			if err := tx.Exec("UPDATE users SET disabled_at = 0 WHERE id = ?", id).Error; err != nil {
				return err
			}
			return db.changed(tx, by, "user.enable", u.object(), nil)
		}
		if err := keepsAdmin(tx, u, "disabled"); err != nil {
			return err
		}
		if err := tx.Exec("UPDATE users SET disabled_at = ? WHERE id = ?", db.now(), id).Error; err != nil {
			return err
		}
		if err := db.endSessions(tx, id, ""); err != nil {
			return err
		}
		return db.changed(tx, by, "user.disable", u.object(), nil)
	})
}

// SetProfile changes one's own name and zone.
func (db *DB) SetProfile(ctx context.Context, id int64, name, zone string, by By) error {
	name = strings.TrimSpace(name)
	if err := (User{Name: name, Zone: zone}).checkProfile(); err != nil {
		return err
	}
	return db.editUser(ctx, id, func(tx *gorm.DB, u User) error {
		if u.Name == name && u.Zone == zone {
			return nil
		}
		if err := tx.Exec("UPDATE users SET name = ?, zone = ? WHERE id = ?", name, zone, id).Error; err != nil {
			return err
		}
		return db.changed(tx, by, "user.profile", u.object(), map[string]any{"zone": zone})
	})
}

// editUser changes a user who is there, in one transaction.
func (db *DB) editUser(ctx context.Context, id int64, edit func(tx *gorm.DB, u User) error) error {
	return db.tx(ctx, func(tx *gorm.DB) error {
		u, err := userIn(tx, id)
		if err != nil {
			return err
		}
		return edit(tx, u)
	})
}

// keepsAdmin returns Invalid when u is the only active administrator: the console would be locked for good.
func keepsAdmin(tx *gorm.DB, u User, field string) error {
	others, err := activeAdmins(tx, u.ID)
	if err != nil || others > 0 || u.Role != Admin || !u.DisabledAt.IsZero() {
		return err
	}
	return &Invalid{field, "This is the last active administrator. Make another one first."}
}

// activeAdmins counts them, one left out (0: none).
func activeAdmins(tx *gorm.DB, but int64) (n int64, err error) {
	err = tx.Model(&User{}).Where("role = ? AND disabled_at = 0 AND id <> ?", string(Admin), but).Count(&n).Error
	return n, err
}

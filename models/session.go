package models

import (
	"context"
	"time"

	"gorm.io/gorm"
)

// A Session is one sign-in of a browser.
type Session struct {
	ID        string // sha256 of the token, hex
	UserID    int64  // 0: nobody yet (setup, flash)
	Data      string // JSON
	UserAgent string
	IP        string // shortened
	CreatedAt Time
	SeenAt    Time
	IdleAt    Time
	EndsAt    Time
	RevokedAt Time
}

const (
	userSessions = 5                   // live sessions of a user
	keepSessions = 30 * 24 * time.Hour // how long an ended one stays
)

// live is the condition of a session that counts; it takes the time twice.
const live = "revoked_at = 0 AND idle_at > ? AND ends_at > ?"

// SessionTimes are how long a session lives without a request, and at most, as set.
func (db *DB) SessionTimes(ctx context.Context) (idle, longest time.Duration, err error) {
	idle, longest = 2*time.Hour, 12*time.Hour
	for s, d := range map[Setting]*time.Duration{SessionIdle: &idle, SessionMax: &longest} {
		value, err := db.Setting(ctx, s)
		if err != nil {
			return 0, 0, err
		}
		if set, err := time.ParseDuration(value); err == nil {
			*d = set
		}
	}
	return idle, longest, nil
}

// LiveSession returns a session that is neither revoked nor over, ErrNotFound otherwise.
func (db *DB) LiveSession(ctx context.Context, id string) (Session, error) {
	var s Session
	now := db.now()
	err := db.read.WithContext(ctx).Where("id = ? AND "+live, id, now, now).Take(&s).Error
	return s, kindOf(err)
}

// CreateSession keeps a new one; of more than 5 of a user the oldest end. Its user was seen then.
func (db *DB) CreateSession(ctx context.Context, s Session) error {
	return db.tx(ctx, func(tx *gorm.DB) error {
		if err := tx.Create(&s).Error; err != nil {
			return err
		}
		now := db.now()
		if err := tx.Exec("DELETE FROM sessions WHERE ends_at < ?", at(now.Add(-keepSessions))).Error; err != nil {
			return err
		}
		if s.UserID == 0 {
			return nil
		}
		if err := tx.Exec("UPDATE users SET last_seen_at = ? WHERE id = ?", s.SeenAt, s.UserID).Error; err != nil {
			return err
		}
		return tx.Exec(`UPDATE sessions SET revoked_at = ? WHERE user_id = ? AND revoked_at = 0 AND id NOT IN
			(SELECT id FROM sessions WHERE user_id = ? AND `+live+` ORDER BY (id = ?) DESC, created_at DESC, id LIMIT ?)`,
			now, s.UserID, s.UserID, now, now, s.ID, userSessions).Error
	})
}

// SaveSession writes Data, SeenAt and IdleAt of a live session: an UPDATE … WHERE revoked_at = 0, never an upsert;
// ErrNotFound when it is not live any more.
func (db *DB) SaveSession(ctx context.Context, s Session) error {
	return db.alongside(ctx, func(tx *gorm.DB) error {
		now := db.now()
		return found(tx.Exec("UPDATE sessions SET data = ?, seen_at = ?, idle_at = ? WHERE id = ? AND "+live,
			s.Data, s.SeenAt, s.IdleAt, s.ID, now, now))
	})
}

// TouchSession writes SeenAt and IdleAt of a live session and leaves its Data alone, which another request may be
// changing; its user was seen then too. ErrNotFound when it is not live any more.
func (db *DB) TouchSession(ctx context.Context, s Session) error {
	return db.alongside(ctx, func(tx *gorm.DB) error {
		now := db.now()
		err := found(tx.Exec("UPDATE sessions SET seen_at = ?, idle_at = ? WHERE id = ? AND "+live, s.SeenAt, s.IdleAt, s.ID, now, now))
		if err != nil {
			return err
		}
		return tx.Exec("UPDATE users SET last_seen_at = ? WHERE id = ?", s.SeenAt, s.UserID).Error
	})
}

// found is ErrNotFound when a statement changed nothing.
func found(r *gorm.DB) error {
	if r.Error == nil && r.RowsAffected == 0 {
		return ErrNotFound
	}
	return r.Error
}

// RevokeSession ends one; one that has ended already is no error.
func (db *DB) RevokeSession(ctx context.Context, id string) error {
	return db.alongside(ctx, func(tx *gorm.DB) error {
		return tx.Exec("UPDATE sessions SET revoked_at = ? WHERE id = ? AND revoked_at = 0", db.now(), id).Error
	})
}

// RevokeSessions ends all of a user but keep ("" none).
func (db *DB) RevokeSessions(ctx context.Context, userID int64, keep string, by By) error {
	return db.editUser(ctx, userID, func(tx *gorm.DB, u User) error {
		if err := db.endSessions(tx, userID, keep); err != nil {
			return err
		}
		return db.audit(tx, by, "user.end_sessions", u.object(), nil)
	})
}

func (db *DB) endSessions(tx *gorm.DB, userID int64, keep string) error {
	return tx.Exec("UPDATE sessions SET revoked_at = ? WHERE user_id = ? AND revoked_at = 0 AND id <> ?", db.now(), userID, keep).Error
}

// UserSessions lists the live ones of a user, the last seen first.
func (db *DB) UserSessions(ctx context.Context, userID int64) ([]Session, error) {
	var rows []Session
	now := db.now()
	err := db.read.WithContext(ctx).Where("user_id = ? AND "+live, userID, now, now).Order("seen_at DESC, id").Find(&rows).Error
	return rows, err
}

package models

import (
	"context"
	"errors"
	"strings"

	"github.com/alexedwards/argon2id"
	"gorm.io/gorm"
)

// Authenticate checks a sign-in: throttled in the database per account and per address (ip: the whole IPv4 or the
// IPv6 /64), a dummy hash for unknown accounts, rehash when parameters changed, audit row for success and failure
// (reliability.md §5.4). ErrNotFound when address or password is wrong or the account is disabled,
// *ThrottledError when too many attempts failed, ErrBusy when too many passwords are being checked.
func (db *DB) Authenticate(ctx context.Context, email, password, ip string) (User, error) {
	return db.authenticate(ctx, email, password, ip, verdict{right: "user.sign_in", wrong: "user.sign_in_failed"})
}

// ConfirmPassword checks the password of somebody who is signed in, throttled and with the errors of Authenticate. In the
// audit log a wrong one is user.password_failed; a right one is followed by what it was asked for.
func (db *DB) ConfirmPassword(ctx context.Context, u User, password, ip string, by By) error {
	_, err := db.authenticate(ctx, u.Email, password, ip, verdict{wrong: "user.password_failed", by: by})
	return err
}

// A verdict is how an attempt is told in the audit log.
type verdict struct {
	right, wrong string // actions; "" writes nothing
	by           By     // zero: the person who signs in
}

func (db *DB) authenticate(ctx context.Context, email, password, ip string, v verdict) (User, error) {
	email = tidyEmail(email)
	if err := db.hashing.enter(); err != nil {
		return User{}, err
	}
	defer db.hashing.leave()
	var a attempt
	err := db.tx(ctx, func(tx *gorm.DB) (err error) {
		a, err = countAttempt(tx, email, ip, db.now())
		return err
	})
	if err != nil {
		return User{}, err
	}
	row, newHash, err := db.verify(ctx, email, password)
	if err != nil {
		return User{}, err
	}
	if v.by == (By{}) {
		v.by = By{Name: "nobody", IP: ShortIP(ip)}
	}
	return row.User, db.settle(ctx, a, row, newHash, v)
}

// errWrong is a sign-in that fails: unlike a fault, it is written into the audit log.
var errWrong = errors.New("models: wrong sign-in")

// verify does the same work whether the account exists or not. A row with id 0 is no account or a wrong password;
// newHash is set when the password must be hashed anew, because the parameters changed.
func (db *DB) verify(ctx context.Context, email, password string) (row userRow, newHash string, err error) {
	want := db.passwords.params()
	err = db.read.WithContext(ctx).Where("email = ?", email).Take(&row).Error
	if errors.Is(err, gorm.ErrRecordNotFound) || len(password) > 4*passwordMax {
		_, err = argon2id.CreateHash("", want)
		return userRow{}, "", err
	}
	if err != nil {
		return userRow{}, "", err
	}
	match, have, err := argon2id.CheckHash(password, row.Password)
	if err != nil || !match {
		row.Password = ""
		return row, "", err
	}
	if *have != *want {
		newHash, err = argon2id.CreateHash(password, want)
	}
	return row, newHash, err
}

// settle writes how the attempt ended. row is the account (id 0: none) and its Password the hash that matched ("":
// none did); the account must still have that hash and not be disabled.
func (db *DB) settle(ctx context.Context, a attempt, row userRow, newHash string, v verdict) error {
	err := db.tx(ctx, func(tx *gorm.DB) error {
		r := tx.Exec("UPDATE users SET password = COALESCE(NULLIF(?, ''), password) WHERE id = ? AND password = ? AND disabled_at = 0",
			newHash, row.ID, row.Password)
		if r.Error != nil {
			return r.Error
		}
		if r.RowsAffected == 0 {
			return errWrong
		}
		if err := a.forgive(tx); err != nil {
			return err
		}
		if v.right == "" {
			return nil
		}
		v.by.UserID = row.ID
		return db.audit(tx, v.by, v.right, row.object(), nil)
	})
	if !errors.Is(err, errWrong) {
		return err
	}
	object := "user unknown"
	if row.ID > 0 {
		object = row.object()
	}
	if err := db.Audit(ctx, v.by, v.wrong, object, nil); err != nil {
		return err
	}
	return ErrNotFound
}

// tidyEmail is an address as it is kept.
func tidyEmail(email string) string { return strings.ToLower(strings.TrimSpace(email)) }

package models

import (
	"context"
	"fmt"
	"net/mail"
	"strings"

	"gorm.io/gorm"
)

// A User is a person who signs in.
type User struct {
	ID         int64
	Email      string // lower case
	Name       string
	Role       Role
	Zone       string // IANA; empty: the browser's
	MustChange bool   // a one-time password was set
	DisabledAt Time
	CreatedAt  Time
	LastSeenAt Time
}

type userRow struct {
	User
	Password string // argon2id, encoded
}

func (userRow) TableName() string { return "users" }

// object names a user in the audit log.
func (u User) object() string { return userObject(u.ID) }

func userObject(id int64) string { return fmt.Sprintf("user %d", id) }

// Users lists all by email.
func (db *DB) Users(ctx context.Context) ([]User, error) {
	var users []User
	err := db.read.WithContext(ctx).Order("email").Find(&users).Error
	return users, err
}

// User returns one.
func (db *DB) User(ctx context.Context, id int64) (User, error) {
	return userIn(db.read.WithContext(ctx), id)
}

func userIn(tx *gorm.DB, id int64) (User, error) {
	var u User
	err := tx.Where("id = ?", id).Take(&u).Error
	return u, kindOf(err)
}

// CreateUser adds a person; password 12–128 characters, not a common one; Invalid names the field.
func (db *DB) CreateUser(ctx context.Context, u User, password string, by By) (User, error) {
	row, err := db.newUser(u, password)
	if err != nil {
		return User{}, err
	}
	err = db.tx(ctx, func(tx *gorm.DB) error { return db.putUser(tx, &row, by) })
	return row.User, err
}

// newUser checks a new account and hashes its password.
func (db *DB) newUser(u User, password string) (userRow, error) {
	u.Email, u.Name = tidyEmail(u.Email), strings.TrimSpace(u.Name)
	if err := u.check(); err != nil {
		return userRow{}, err
	}
	hash, err := db.hash(password, u.Email, u.Name)
	if err != nil {
		return userRow{}, err
	}
	return userRow{Password: hash, User: User{
		Email: u.Email, Name: u.Name, Role: u.Role, Zone: u.Zone, MustChange: u.MustChange, CreatedAt: db.now(),
	}}, nil
}

func (db *DB) putUser(tx *gorm.DB, row *userRow, by By) error {
	var taken int64
	if err := tx.Model(&userRow{}).Where("email = ?", row.Email).Count(&taken).Error; err != nil {
		return err
	}
	if taken > 0 {
		return &Invalid{"email", "This address has an account already."}
	}
	if err := tx.Create(row).Error; err != nil {
		return err
	}
	return db.changed(tx, by, "user.create", row.object(), map[string]any{"role": row.Role})
}

func (u User) check() error {
	if a, err := mail.ParseAddress(u.Email); err != nil || a.Address != u.Email || len(u.Email) > 254 {
		return &Invalid{"email", "Write an email address, for example ada@example.com."}
	}
	if !u.Role.May(Viewer) {
		return &Invalid{"role", "Choose viewer, support, operator or admin."}
	}
	return u.checkProfile()
}

func (u User) checkProfile() error {
	if tooLong(u.Name, 100) {
		return &Invalid{"name", "Use at most 100 characters on one line."}
	}
	return checkZone("zone", u.Zone)
}

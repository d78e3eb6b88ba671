package models

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode"

	"gorm.io/gorm"
)

// Setting names a setting.
type Setting string

// The settings. Secrets are sealed with the master key.
const (
	AppSecret         Setting = "app_secret"          // secret
	PreviousAppSecret Setting = "app_secret_previous" // secret
	VerifyToken       Setting = "verify_token"        // secret; shown to administrators on Setup
	Dialog360Secret   Setting = "dialog360_secret"    // secret that 360dialog's webhooks show
	AccessToken       Setting = "access_token"        // secret: for the Graph API
	SessionIdle       Setting = "session_idle"        // Go duration; default 2h
	SessionMax        Setting = "session_max"         // Go duration; default 12h
	InstanceZone      Setting = "timezone"            // IANA; default UTC
	MailServerSetting Setting = "mail_server"         // secret: JSON of MailServer
)

// settingSize is the longest value in bytes.
const settingSize = 4096

type settingRow struct {
	Name      string `gorm:"primaryKey"`
	Value     string
	Sealed    string
	UpdatedAt Time `gorm:"autoUpdateTime:false"`
}

func (settingRow) TableName() string { return "settings" }

func (s Setting) secret() bool {
	return slices.Contains([]Setting{AppSecret, PreviousAppSecret, VerifyToken, Dialog360Secret, AccessToken, MailServerSetting}, s)
}

func (s Setting) place() place { return place{"settings", string(s), "sealed"} }

// Setting returns a value, "" when not set.
func (db *DB) Setting(ctx context.Context, s Setting) (string, error) {
	return db.settingIn(db.read.WithContext(ctx), s)
}

func (db *DB) settingIn(tx *gorm.DB, s Setting) (string, error) {
	var row settingRow
	err := tx.Where("name = ?", string(s)).Take(&row).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return "", nil
	}
	if err != nil || row.Sealed == "" {
		return row.Value, err
	}
	return db.sealer.openString(s.place(), row.Sealed)
}

// SetSetting writes a value; "" removes it. The audit row names the setting, never a secret value.
func (db *DB) SetSetting(ctx context.Context, s Setting, value string, by By) error {
	if err := s.check(value); err != nil {
		return err
	}
	return db.tx(ctx, func(tx *gorm.DB) error { return db.putSetting(tx, s, value, by) })
}

func (db *DB) putSetting(tx *gorm.DB, s Setting, value string, by By) error {
	row, detail := settingRow{Name: string(s), UpdatedAt: db.now()}, map[string]any{"set": value != ""}
	if s.secret() {
		sealed, err := db.sealer.sealString(s.place(), value)
		if err != nil {
			return err
		}
		row.Sealed = sealed
	} else {
		row.Value, detail["value"] = value, value
	}
	write := tx.Save(&row)
	if value == "" {
		write = tx.Where("name = ?", string(s)).Delete(&settingRow{})
	}
	if write.Error != nil {
		return write.Error
	}
	return db.changed(tx, by, "setting.set", "setting "+string(s), detail)
}

// EnsureSetting returns a value, making and keeping it by make when it is not set (e.g. the verify token).
func (db *DB) EnsureSetting(ctx context.Context, s Setting, make func() string) (string, error) {
	value, err := db.Setting(ctx, s)
	if err != nil || value != "" {
		return value, err
	}
	err = db.tx(ctx, func(tx *gorm.DB) error {
		if value, err = db.settingIn(tx, s); err != nil || value != "" {
			return err
		}
		value = make()
		return db.putSetting(tx, s, value, By{})
	})
	return value, err
}

// check returns Invalid when the setting cannot have that value.
func (s Setting) check(value string) error {
	if len(value) > settingSize {
		return &Invalid{string(s), "This is too long."}
	}
	if hasControl(value) {
		return &Invalid{string(s), "This holds a line break or another control character. Paste it again without."}
	}
	if value == "" {
		return nil
	}
	switch s {
	case SessionIdle, SessionMax:
		if d, err := time.ParseDuration(value); err != nil || d < time.Minute || d > 30*24*time.Hour {
			return &Invalid{string(s), "Write a duration between 1m and 720h, for example 2h or 90m."}
		}
	case InstanceZone:
		return checkZone(string(s), value)
	}
	return nil
}

// checkZone accepts IANA names; "" is no zone.
func checkZone(field, zone string) error {
	if _, err := time.LoadLocation(zone); err != nil || zone == "Local" {
		return &Invalid{field, "This time zone is not known. Write it like America/Sao_Paulo."}
	}
	return nil
}

func hasControl(s string) bool { return strings.ContainsFunc(s, unicode.IsControl) }

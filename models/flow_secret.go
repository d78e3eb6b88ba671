package models

import (
	"context"
	"regexp"

	"gorm.io/gorm"
)

// secretForm is what can stand in a header; it is long enough not to be guessed.
var secretForm = regexp.MustCompile(`^[!-~]{16,200}$`)

// SetFlowSecret sets the secret of a plain flow (empty removes it). It is sealed and never shown again.
func (db *DB) SetFlowSecret(ctx context.Context, flowID int64, secret string, by By) error {
	if err := checkFlowSecret(secret); err != nil {
		return err
	}
	return db.tx(ctx, func(tx *gorm.DB) error {
		f, err := flowIn(tx, flowID)
		if err != nil {
			return err
		}
		return db.putFlowSecret(tx, f, secret, by)
	})
}

func checkFlowSecret(secret string) error {
	if secret != "" && !secretForm.MatchString(secret) {
		return &Invalid{"secret", "Use 16 to 200 letters, digits and signs without spaces."}
	}
	return nil
}

func (db *DB) putFlowSecret(tx *gorm.DB, f Flow, secret string, by By) error {
	sealed, err := db.sealer.sealString(inRow("flows", f.ID, "sealed_secret"), secret)
	if err != nil {
		return err
	}
	err = tx.Exec("UPDATE flows SET sealed_secret = ?, updated_at = ? WHERE id = ?", sealed, db.now(), f.ID).Error
	if err != nil {
		return err
	}
	return db.changed(tx, by, "flow.secret", f.object(), map[string]any{"set": secret != ""})
}

// SetFlowAppSecret sets the app secret of a flow that belongs to another app than the rest; the one before stays
// valid as the previous one. Empty removes both: the global ones count again.
func (db *DB) SetFlowAppSecret(ctx context.Context, flowID int64, secret string, by By) error {
	if secret != "" && !secretForm.MatchString(secret) {
		return &Invalid{"app_secret", "This is not an app secret. Copy it from the app's basic settings."}
	}
	return db.tx(ctx, func(tx *gorm.DB) error {
		f, err := flowIn(tx, flowID)
		if err != nil {
			return err
		}
		previous, _, err := db.flowAppSecrets(tx, flowID)
		if err != nil || secret == previous {
			return err
		}
		if secret == "" {
			previous = ""
		}
		if err := db.putFlowAppSecrets(tx, flowID, secret, previous); err != nil {
			return err
		}
		return db.changed(tx, by, "flow.app_secret", f.object(), map[string]any{"set": secret != ""})
	})
}

func (db *DB) flowAppSecrets(tx *gorm.DB, flowID int64) (current, previous string, err error) {
	var row struct{ SealedAppSecret, SealedAppSecretPrevious string }
	err = tx.Raw("SELECT sealed_app_secret, sealed_app_secret_previous FROM flows WHERE id = ?", flowID).Scan(&row).Error
	if err != nil {
		return "", "", err
	}
	if current, err = db.sealer.openString(inRow("flows", flowID, "sealed_app_secret"), row.SealedAppSecret); err != nil {
		return "", "", err
	}
	previous, err = db.sealer.openString(inRow("flows", flowID, "sealed_app_secret_previous"), row.SealedAppSecretPrevious)
	return current, previous, err
}

func (db *DB) putFlowAppSecrets(tx *gorm.DB, flowID int64, current, previous string) error {
	sealed, err := db.sealer.sealString(inRow("flows", flowID, "sealed_app_secret"), current)
	if err != nil {
		return err
	}
	sealedPrevious, err := db.sealer.sealString(inRow("flows", flowID, "sealed_app_secret_previous"), previous)
	if err != nil {
		return err
	}
	return tx.Exec("UPDATE flows SET sealed_app_secret = ?, sealed_app_secret_previous = ?, updated_at = ? WHERE id = ?",
		sealed, sealedPrevious, db.now(), flowID).Error
}

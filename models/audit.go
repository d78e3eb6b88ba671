package models

import (
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"

	"gorm.io/gorm"
)

// An AuditRow is one entry of the append-only log.
type AuditRow struct {
	ID     int64
	At     Time
	Actor  string
	IP     string
	Action string // "alert.acknowledge", "rules.publish", "user.role", "export", …
	Object string // "alert 12"
	Detail string // JSON without personal data
}

// auditEntry is a row with its place in the chain. Mac covers Prev and the row, so no row can be changed, and none
// but the last ones removed, without the key.
type auditEntry struct {
	AuditRow
	Prev []byte
	Mac  []byte
}

func (auditEntry) TableName() string { return "audit" }

// Audit appends a row of its own (sign-outs, exports, denials); changes write theirs in their own transaction.
func (db *DB) Audit(ctx context.Context, by By, action, object string, detail map[string]any) error {
	return db.tx(ctx, func(tx *gorm.DB) error { return db.audit(tx, by, action, object, detail) })
}

// audit appends a row in the transaction of the change that it tells of. detail holds no personal data and no
// secret; nil is nothing to add.
func (db *DB) audit(tx *gorm.DB, by By, action, object string, detail map[string]any) error {
	text, err := json.Marshal(detail)
	if err != nil {
		return fmt.Errorf("audit %s: %w", action, err)
	}
	if detail == nil {
		text = []byte("{}")
	}
	var last auditEntry
	if err := tx.Raw("SELECT id, mac FROM audit ORDER BY id DESC LIMIT 1").Scan(&last).Error; err != nil {
		return err
	}
	e := auditEntry{Prev: last.Mac, AuditRow: AuditRow{
		ID: last.ID + 1, At: db.now(), Actor: asUTF8(actorOf(by)), IP: asUTF8(by.IP), Action: action, Object: asUTF8(object), Detail: string(text),
	}} // as both engines give it back: the MAC is of these texts
	if e.Prev == nil {
		e.Prev = []byte{}
	}
	e.Mac = e.sum(db.sealer.audit)
	return tx.Create(&e).Error
}

// changed ends the transaction of a change that every process must hear of: the audit row, and the revision.
func (db *DB) changed(tx *gorm.DB, by By, action, object string, detail map[string]any) error {
	if err := db.audit(tx, by, action, object, detail); err != nil {
		return err
	}
	return db.bump(tx)
}

// actorOf names people by id, so that the log holds no names.
func actorOf(by By) string {
	if by.UserID > 0 {
		return userObject(by.UserID)
	}
	return cmp.Or(by.Name, "switchyard")
}

// sum is the MAC over the entry before and this row, each part with its length in front.
func (e auditEntry) sum(key []byte) []byte {
	mac := hmac.New(sha256.New, key)
	part := func(b []byte) {
		var size [8]byte
		binary.BigEndian.PutUint64(size[:], uint64(len(b)))
		mac.Write(size[:])
		mac.Write(b)
	}
	number := func(n int64) { part(binary.BigEndian.AppendUint64(nil, uint64(n))) }
	part(e.Prev)
	number(e.ID)
	number(e.At.Micros())
	for _, s := range []string{e.Actor, e.IP, e.Action, e.Object, e.Detail} {
		part([]byte(s))
	}
	return mac.Sum(nil)
}

// AuditRows lists the newest, before an id (0 = newest). Actor is the person's name, else the address, else what
// the row holds.
func (db *DB) AuditRows(ctx context.Context, before int64, limit int) ([]AuditRow, error) {
	var rows []AuditRow
	err := db.read.WithContext(ctx).Raw(`
		SELECT a.id, a.at, a.ip, a.action, a.object, a.detail, COALESCE(NULLIF(u.name, ''), u.email, a.actor) AS actor
		FROM audit a LEFT JOIN users u ON a.actor = 'user ' || CAST(u.id AS TEXT)
		WHERE a.id < ? ORDER BY a.id DESC LIMIT ?`, beforeID(before), pageLimit(limit)).Scan(&rows).Error
	return rows, err
}

// pageLimit is how many rows a page has when the caller does not say.
func pageLimit(limit int) int {
	if limit <= 0 {
		return 50
	}
	return limit
}

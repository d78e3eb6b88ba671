package models

import (
	"bytes"
	"context"
	"crypto/hmac"
	"encoding/hex"
	"fmt"
)

// auditBatch is how many rows VerifyAudit reads at once: no reader may stay open for long.
const auditBatch = 1000

// BrokenAudit names the first row of the audit log that is not as it was written, or that follows a removed one.
type BrokenAudit struct{ ID int64 }

// Error is the sentence, for logs.
func (e *BrokenAudit) Error() string {
	return fmt.Sprintf("the audit log is broken at row %d: it, or the row before it, was changed or removed", e.ID)
}

// VerifyAudit checks the whole chain of the audit log: how many rows it has, and its head (the last MAC, hex). A
// *BrokenAudit names the first broken row. Rows cut off at the end show only by comparing the head with an earlier
// one that was kept elsewhere.
func (db *DB) VerifyAudit(ctx context.Context) (rows int64, head string, err error) {
	var prev []byte
	for {
		var batch []auditEntry
		err := db.read.WithContext(ctx).Where("id > ?", rows).Order("id").Limit(auditBatch).Find(&batch).Error
		if err != nil {
			return rows, "", fmt.Errorf("verify the audit log: %w", err)
		}
		for _, e := range batch {
			if e.ID != rows+1 || !bytes.Equal(e.Prev, prev) || !hmac.Equal(e.Mac, e.sum(db.sealer.audit)) {
				return rows, "", &BrokenAudit{ID: rows + 1}
			}
			rows, prev = e.ID, e.Mac
		}
		if len(batch) < auditBatch {
			return rows, hex.EncodeToString(prev), nil
		}
	}
}

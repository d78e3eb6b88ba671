package models

import (
	"context"

	"gorm.io/gorm"
)

// dropPosts drops what people were told long ago, and what is left of receivers that were deleted. There are few: each
// receiver gets some a day.
func (db *DB) dropPosts(ctx context.Context) error {
	now := db.Now()
	old, deleted := at(now.Add(-forPeople)), at(now.Add(-deletedFor))
	return db.alongside(ctx, func(tx *gorm.DB) error {
		const gone = `receiver_id IN (SELECT id FROM receivers WHERE deleted_at > 0 AND deleted_at < ?)`
		return firstError(tx,
			stmtArgs{`DELETE FROM notifications WHERE post_id IN (SELECT id FROM posts WHERE state <> 'waiting' AND ended_at < ?) OR ` + gone, []any{old, deleted}},
			stmtArgs{`DELETE FROM posts WHERE state <> 'waiting' AND ended_at < ? OR ` + gone, []any{old, deleted}},
			stmtArgs{`DELETE FROM receivers WHERE deleted_at > 0 AND deleted_at < ?`, []any{deleted}})
	})
}

package models

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"gorm.io/gorm"
)

// A removal is what goes together: responses and visits with all that belongs to them, as personal says.
type removal struct {
	responses []int64
	received  []Time // of the responses: tells PostgreSQL the months of the answers
	visits    []int64
	files     []int64 // that are out of the store already
}

// do deletes it and counts by the words of ErasureKinds.
func (r removal) do(tx *gorm.DB, count func(kind string, n int64)) error {
	if err := dropIn(tx, count, "files", "files", "id", r.files); err != nil {
		return err
	}
	if err := dropIn(tx, count, personal["answers"].kind, "answers", "response_id", r.responses, r.received...); err != nil {
		return err
	}
	if err := dropIn(tx, count, "others", "dismissals", "kind = 'response' AND of_id", r.responses); err != nil {
		return err
	}
	acts, err := r.acts(tx)
	if err != nil {
		return err
	}
	for _, table := range slices.Sorted(maps.Keys(personal)) {
		t := personal[table]
		if t.response != "" && table != "answers" {
			if err := dropIn(tx, count, t.kind, table, t.response, r.responses); err != nil {
				return err
			}
		}
		if t.visit != "" {
			if err := dropIn(tx, count, t.kind, table, t.visit, r.visits); err != nil {
				return err
			}
		}
	}
	for some := range slices.Chunk(r.visits, marksAtOnce) {
		if err := tx.Exec(`UPDATE responses SET visit_id = 0 WHERE visit_id IN ? AND visit_id > 0`, some).Error; err != nil {
			return err
		}
	}
	for some := range slices.Chunk(acts, marksAtOnce) {
		err := tx.Exec(`DELETE FROM triage_acts WHERE id IN ? AND state IN ('done', 'undone')
			AND NOT EXISTS (SELECT 1 FROM triage_changes c WHERE c.act_id = triage_acts.id)`, some).Error
		if err != nil {
			return err
		}
	}
	return nil
}

// acts are those that changed the responses. What is left of them when nothing is that they changed goes, too.
func (r removal) acts(tx *gorm.DB) (ids []int64, err error) {
	for some := range slices.Chunk(r.responses, marksAtOnce) {
		var found []int64
		if err := tx.Raw(`SELECT DISTINCT act_id FROM triage_changes WHERE response_id IN ?`, some).Scan(&found).Error; err != nil {
			return nil, err
		}
		ids = append(ids, found...)
	}
	slices.Sort(ids)
	return slices.Compact(ids), nil
}

// filesOf are the files of responses and of visits, without names.
func (db *DB) filesOf(ctx context.Context, responses, visits []int64) (all []File, err error) {
	var rows []fileRow
	q := db.read.WithContext(ctx).Where("response_id > 0 AND response_id IN ?", responses)
	if len(visits) > 0 {
		q = q.Or("visit_id > 0 AND visit_id IN ?", visits)
	}
	if err := q.Find(&rows).Error; err != nil {
		return nil, err
	}
	return each(rows, func(r fileRow) File { return r.File }), nil
}

// removeFiles takes what was attached out of the store before any row goes, so that after a stop it is found again.
func removeFiles(ctx context.Context, all []File, remove func(context.Context, File) error) (ids []int64, err error) {
	for _, f := range all {
		if err := remove(ctx, f); err != nil {
			return nil, fmt.Errorf("%w: %w", errFiles, err)
		}
		ids = append(ids, f.ID)
	}
	return ids, nil
}

package models

import (
	"strconv"

	"gorm.io/gorm"
)

// A triageSQL is how an act is written: what of a row of responses is kept, how a row differs from what it shall be, and
// the statements that change rows and change them back. Their WHERE, or that of a subquery, stands between begin and end.
type triageSQL struct {
	was        string
	differs    stmtArgs
	do, undo   stmtArgs // begin
	end        string   // of do
	undoEnd    string
	undoOnlyIf stmtArgs // what must still be so, "" for all
}

// column is the statements for an act that sets one.
func (a TriageAct) column(name string, value any, back string) triageSQL {
	before := `(SELECT ` + back + ` FROM triage_changes c WHERE c.act_id = ? AND c.response_id = responses.id)`
	return triageSQL{
		was: `CAST(` + name + ` AS TEXT)`, differs: stmtArgs{name + ` <> ?`, []any{value}},
		do:         stmtArgs{`UPDATE responses SET ` + name + ` = ? `, []any{value}},
		undo:       stmtArgs{`UPDATE responses SET ` + name + ` = ` + before + ` `, []any{a.ID}},
		undoOnlyIf: stmtArgs{name + ` = ?`, []any{value}},
	}
}

func (a TriageAct) sql() triageSQL {
	id, _ := strconv.ParseInt(a.Value, 10, 64)
	tagged := `(SELECT 1 FROM response_tags t WHERE t.tag_id = ? AND t.received_at = responses.received_at AND t.response_id = responses.id LIMIT 1)`
	put := stmtArgs{`INSERT INTO response_tags (tag_id, received_at, response_id) SELECT CAST(? AS BIGINT), received_at, id FROM responses `, []any{id}}
	drop := stmtArgs{`DELETE FROM response_tags WHERE tag_id = ? AND response_id IN (SELECT id FROM responses `, []any{id}}
	switch a.What {
	case SetStatus:
		return a.column(`status`, a.Value, `c.was`)
	case SetAssignee:
		return a.column(`assignee_id`, id, `CAST(c.was AS BIGINT)`)
	case AddTag:
		return triageSQL{was: `''`, differs: stmtArgs{tagged + ` IS NULL`, []any{id}}, do: put, undo: drop, end: ` ON CONFLICT DO NOTHING`, undoEnd: `)`}
	case RemoveTag:
		return triageSQL{was: `''`, differs: stmtArgs{tagged + ` IS NOT NULL`, []any{id}}, do: drop, undo: put, end: `)`, undoEnd: ` ON CONFLICT DO NOTHING`}
	}
	read, unread := stmtArgs{`UPDATE responses SET unread = FALSE `, nil}, stmtArgs{`UPDATE responses SET unread = TRUE `, nil}
	if a.What == MarkRead {
		return triageSQL{was: `''`, differs: stmtArgs{`unread`, nil}, do: read, undo: unread}
	}
	return triageSQL{was: `''`, differs: stmtArgs{`NOT unread`, nil}, do: unread, undo: read}
}

// change makes the change of an act to responses and keeps what each had before; it returns how many were not so already.
func (a TriageAct) change(tx *gorm.DB, ids []int64) (n int64, err error) {
	q := a.sql()
	var w where
	w.in(`id`, ids)
	w.and(q.differs.text, q.differs.args...)
	kept := tx.Exec(`INSERT INTO triage_changes (act_id, response_id, was) SELECT CAST(? AS BIGINT), id, `+q.was+` FROM responses `+w.sql()+` ON CONFLICT DO NOTHING`,
		append([]any{a.ID}, w.args...)...)
	if kept.Error != nil || kept.RowsAffected == 0 {
		return 0, kept.Error
	}
	return kept.RowsAffected, tx.Exec(q.do.text+w.sql()+q.end, append(q.do.args, w.args...)...).Error
}

// undo takes the change of an act back from responses that it changed, where nobody changed them since.
func (a TriageAct) undo(tx *gorm.DB, ids []int64) error {
	if len(ids) == 0 {
		return nil
	}
	q := a.sql()
	var w where
	w.in(`id`, ids)
	if q.undoOnlyIf.text != "" {
		w.and(q.undoOnlyIf.text, q.undoOnlyIf.args...)
	}
	return tx.Exec(q.undo.text+w.sql()+q.undoEnd, append(q.undo.args, w.args...)...).Error
}

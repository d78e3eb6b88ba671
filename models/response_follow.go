package models

import "slices"

// A FollowUp asks what became of responses. The zero value asks nothing.
type FollowUp struct {
	Statuses  []string // one of these keys
	Assignees []int64  // one of these people; 0 is nobody
	Unread    bool     // by the team
	Tags      []int64  // all of these
	Mentions  int64    // a note names this person, who has not seen it
}

// IsZero tells whether nothing is asked.
func (f FollowUp) IsZero() bool {
	return len(f.Statuses) == 0 && len(f.Assignees) == 0 && !f.Unread && len(f.Tags) == 0 && f.Mentions == 0
}

// marked tells whether something is asked that is held against each row besides the order of the list.
func (f ResponseFilter) marked() bool {
	return !f.Where.IsZero() || !f.Follow.IsZero() || f.Outcome != "" || len(f.IDs) > 0
}

// A markedBy is one question of a FollowUp: as a condition on a response r that no index answers in its place, and the
// range of an index that names all responses for which it holds.
type markedBy struct {
	row    stmtArgs
	id     string   // the column of the response's id in named
	named  stmtArgs // FROM and WHERE
	inTurn bool     // whether that range is in the order of the list
}

// followed are the questions of a filter.
func (f ResponseFilter) followed(d dialect) (all []markedBy) {
	if len(f.IDs) > 0 {
		all = append(all, f.ofResponses(d, `id`, anyOf(f.IDs)))
	}
	if f.Outcome != "" {
		all = append(all, f.ofResponses(d, `outcome`, []any{asOutcome(f.Outcome)}))
	}
	if len(f.Follow.Statuses) > 0 {
		all = append(all, f.ofResponses(d, `status`, anyOf(f.Follow.Statuses)))
	}
	if len(f.Follow.Assignees) > 0 {
		all = append(all, f.ofResponses(d, `assignee_id`, anyOf(f.Follow.Assignees)))
	}
	if f.Follow.Unread {
		w := f.inRange()
		w.and(`unread`)
		all = append(all, markedBy{stmtArgs{d.besides + `r.unread`, nil}, `id`, stmtArgs{`FROM responses ` + w.sql(), w.args}, true})
	}
	for _, tag := range f.Follow.Tags {
		var w where
		w.and(`tag_id = ?`, tag)
		w.between(`received_at`, f.From, f.To)
		row := `(SELECT 1 FROM response_tags t WHERE t.tag_id = ? AND t.received_at = r.received_at AND t.response_id = r.id LIMIT 1) IS NOT NULL`
		all = append(all, markedBy{stmtArgs{row, []any{tag}}, `response_id`, stmtArgs{`FROM response_tags ` + w.sql(), w.args}, true})
	}
	if who := f.Follow.Mentions; who != 0 {
		row := `(SELECT 1 FROM mentions m WHERE m.user_id = ? AND m.response_id = r.id AND m.seen_at = 0 LIMIT 1) IS NOT NULL`
		all = append(all, markedBy{stmtArgs{row, []any{who}}, `response_id`, stmtArgs{`FROM mentions WHERE user_id = ? AND seen_at = 0`, []any{who}}, false})
	}
	return all
}

// inRange is the part of the filter that stands in the indexes of responses beside what is asked.
func (f ResponseFilter) inRange() (w where) {
	if f.FlowID != 0 {
		w.and(`flow_id = ?`, f.FlowID)
	}
	w.between(`received_at`, f.From, f.To)
	return w
}

// anyOf makes values arguments.
func anyOf[T any](values []T) []any { return each(values, func(v T) any { return v }) }

// ofResponses asks for one of some values of a column.
func (f ResponseFilter) ofResponses(d dialect, column string, args []any) markedBy {
	is := column + ` = ?`
	if len(args) > 1 {
		is = column + ` IN (` + placeholders(len(args)) + `)`
	}
	w := f.inRange()
	w.and(is, args...)
	return markedBy{stmtArgs{d.besides + `r.` + is, args}, `id`, stmtArgs{`FROM responses ` + w.sql(), w.args}, len(args) == 1 && column != `id`}
}

// follow narrows to responses r of which all holds that a FollowUp asks.
func (f ResponseFilter) follow(w *where, d dialect) {
	for _, m := range f.followed(d) {
		w.and(m.row.text, m.row.args...)
	}
}

// ids reads the responses that a question names.
func (m markedBy) ids() stmtArgs {
	return stmtArgs{`SELECT ` + m.id + ` AS response_id ` + m.named.text, m.named.args}
}

// rows is ids with the times, as a table l.
func (m markedBy) rows() stmtArgs {
	return stmtArgs{`(SELECT ` + m.id + ` AS response_id, received_at ` + m.named.text + `) AS l`, slices.Clone(m.named.args)}
}

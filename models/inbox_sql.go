package models

// The statements that run for every delivery, message, status and response, and for every step of a visit.
const (
	sqlKeyOf = `SELECT delivery_id FROM delivery_keys WHERE sha256 = ? AND source = ? AND at >= ?`
	sqlKeep  = `INSERT INTO deliveries (source, received_at, next_at, sha256, signature, content_type, test, body)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?)`
	sqlKeepKey = `INSERT INTO delivery_keys (sha256, source, delivery_id, at) VALUES (?, ?, ?, ?)
		ON CONFLICT (sha256, source) DO UPDATE SET delivery_id = excluded.delivery_id, at = excluded.at`
	sqlSeen     = `UPDATE deliveries SET seen = seen + 1 WHERE id = ?`
	sqlDropKeys = `DELETE FROM delivery_keys WHERE (sha256, source) IN
		(SELECT sha256, source FROM delivery_keys WHERE at < ? ORDER BY at LIMIT ?)`

	sqlSavepoint  = `SAVEPOINT delivery`
	sqlRollbackTo = `ROLLBACK TO delivery`
	sqlRelease    = `RELEASE delivery`
	sqlStored     = `SELECT source, received_at, attempts, test FROM deliveries WHERE id = ?`
	sqlStoredThen = sqlStored + ` AND received_at = ?`
	sqlSettle     = `UPDATE deliveries SET state = ?, reason = ?, whole = ?, kinds = ?, next_at = 0 WHERE id = ? AND received_at = ?`
	sqlIsTest     = `UPDATE deliveries SET test = TRUE WHERE id = ? AND received_at = ?`
	sqlPutBack    = `UPDATE deliveries SET state = ?, reason = ?, attempts = ?, next_at = ? WHERE id = ? AND received_at = ?`

	sqlMessage = `INSERT INTO messages (wamid, direction, delivery_id, account, phone_id, phone_number, contact_id, type, context_id, sent_at, received_at, history, body)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		` + onMessageConflict
	sqlOutbound = `INSERT INTO messages (wamid, direction, delivery_id, account, phone_id, received_at)
		VALUES (?, 'out', ?, ?, ?, ?) ON CONFLICT (wamid) DO NOTHING`
	sqlMessageTo = `UPDATE messages SET contact_id = ? WHERE wamid = ? AND contact_id = 0`

	sqlStatus = `INSERT INTO statuses (wamid, state, at, delivery_id, errors, pricing, conversation) VALUES (?, ?, ?, ?, ?, ?, ?)
		` + onStatusConflict
	sqlStatusesOf    = `SELECT state, at FROM statuses WHERE wamid = ?`
	sqlMessageStatus = `UPDATE messages SET status = ?, status_at = ? WHERE wamid = ?`

	sqlMoved      = `SELECT EXISTS (SELECT 1 FROM former_ids)`
	sqlFormer     = `SELECT contact_id FROM former_ids WHERE kind = ? AND value = ? AND until_at >= ? ORDER BY until_at LIMIT 1`
	sqlFormerKeep = `INSERT INTO former_ids (kind, value, until_at, contact_id) VALUES (?, ?, ?, ?)
		ON CONFLICT (kind, value, until_at) DO UPDATE SET contact_id = excluded.contact_id`
	sqlFormerMove     = `UPDATE former_ids SET contact_id = ? WHERE contact_id = ?`
	sqlContactByUser  = `SELECT ` + contactColumns + ` FROM contacts WHERE user_id = ? AND user_id <> ''`
	sqlContactByPhone = `SELECT ` + contactColumns + ` FROM contacts WHERE phone = ? AND phone <> '' ORDER BY user_id = '' DESC, phone_at DESC, id LIMIT 1`
	sqlContactByID    = `SELECT ` + contactColumns + ` FROM contacts WHERE id = ?`
	sqlContactNew     = `INSERT INTO contacts (phone, user_id, name, username, search, phone_at, name_at, username_at, saved_name, saved_at, user_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
	sqlContactSave = `UPDATE contacts SET phone = ?, user_id = ?, name = ?, username = ?, search = ?, phone_at = ?, name_at = ?, username_at = ?,
		saved_name = ?, saved_at = ?, user_at = ? WHERE id = ?`
	sqlContactDrop   = `DELETE FROM contacts WHERE id = ?`
	sqlMoveMessages  = `UPDATE messages SET contact_id = ? WHERE contact_id = ?`
	sqlMoveResponses = `UPDATE responses SET contact_id = ? WHERE contact_id = ?`
	sqlMoveMappings  = `UPDATE mappings SET value = ? WHERE kind = 'contact' AND value = ? AND removed_at = 0 AND NOT EXISTS
		(SELECT 1 FROM mappings o WHERE o.kind = 'contact' AND o.value = ? AND o.removed_at = 0)`

	sqlVisitOf     = `SELECT id, flow_id, test FROM visits WHERE token = ? ORDER BY last_at DESC, id DESC LIMIT 1`
	sqlFinishVisit = `UPDATE visits SET outcome = 'finished' WHERE id = ? AND outcome = 'open'`
	sqlRouted      = `SELECT routed FROM visits WHERE id = ?`

	sqlResponseOf   = `SELECT id, delivery_id, state, flow_id, dismissal_id, status, assignee_id, unread FROM responses WHERE wamid = ?`
	sqlResponseDrop = `DELETE FROM responses WHERE id = ?`
	sqlAnswersDrop  = `DELETE FROM answers WHERE response_id = ?`
	sqlResponse     = `INSERT INTO responses (wamid, delivery_id, flow_id, attribution, attributed_by, state, token, context_id, contact_id, phone_number,
			sent_at, received_at, reason, visit_id, outcome, test, answers, search, raw, unread)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, TRUE)`
	sqlResponseAgain = `INSERT INTO responses (wamid, delivery_id, flow_id, attribution, attributed_by, state, token, context_id, contact_id, phone_number,
			sent_at, received_at, reason, visit_id, outcome, test, answers, search, raw, id, status, assignee_id, unread)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
	sqlTagsAgain = `UPDATE response_tags SET received_at = ? WHERE response_id = ?`
	sqlAnswer    = `INSERT INTO answers (response_id, flow_id, key, n, text, number, received_at) VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT DO NOTHING -- {"a.b": 1, "a": {"b": 1}}`

	// A visit is found, then made or changed: one statement for all of it, with RETURNING, costs SQLite a journal of its own.
	sqlNewVisit = `INSERT INTO visits (flow_id, token, run, test, rule_version, started_at, last_at, outcome, screen, trail, answers, sent,
			steps, last_hash, last_answer, last_status, last_version, routed)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
	// A visit that goes on keeps its outcome, so the indexes that it stands in stay as they are.
	sqlMoveVisit = `UPDATE visits SET last_at = ?, screen = ?, trail = ?, answers = ?, sent = ?,
			steps = ?, last_hash = ?, last_answer = ?, last_status = ?, last_version = ?, routed = coalesce(nullif(?, ''), routed)
		WHERE id = ? AND steps < ?`
	sqlEndVisit = `UPDATE visits SET last_at = ?, screen = ?, trail = ?, answers = ?, sent = ?,
			steps = ?, last_hash = ?, last_answer = ?, last_status = ?, last_version = ?, routed = coalesce(nullif(?, ''), routed), outcome = ?
		WHERE id = ? AND (steps < ? OR steps = ? AND outcome = 'open')`
	sqlVisitID = `SELECT id FROM visits WHERE flow_id = ? AND token = ? AND run = ?`
	// sqlRouteAgain is for a response that came before the last step of its visit was written.
	sqlRouteAgain = `UPDATE responses SET outcome = (SELECT routed FROM visits WHERE id = ?) WHERE visit_id = ? AND visit_id > 0
		AND outcome <> (SELECT routed FROM visits WHERE id = ?)`
	sqlFaultyVisit = `UPDATE visits SET faulty = TRUE WHERE id = ? AND NOT faulty`
	sqlPutStep     = `INSERT INTO steps (flow_id, visit_id, at, action, screen, next_screen, kind, rule_id, rule, rule_version,
			micros, status, faults, faulty, data, answer, test)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
)

// onMessageConflict: a row that was made for statuses of the message learns the rest, and so does one that a chat history
// told when the message itself comes, or its media do; else the first notice counts.
const onMessageConflict = `ON CONFLICT (wamid) DO UPDATE SET direction = excluded.direction, delivery_id = excluded.delivery_id, account = excluded.account,
			phone_id = excluded.phone_id, phone_number = excluded.phone_number,
			contact_id = CASE WHEN excluded.contact_id > 0 THEN excluded.contact_id ELSE messages.contact_id END, type = excluded.type,
			context_id = excluded.context_id, sent_at = excluded.sent_at, received_at = excluded.received_at, history = excluded.history, body = excluded.body
		WHERE messages.type = '' OR messages.history AND NOT excluded.history
			OR messages.type = 'media_placeholder' AND excluded.type <> 'media_placeholder' AND messages.history = excluded.history`

// onStatusConflict: the earliest notice of a state counts, of as early ones the one that says most.
const onStatusConflict = `ON CONFLICT (wamid, state) DO UPDATE SET at = excluded.at, delivery_id = excluded.delivery_id, errors = excluded.errors,
			pricing = excluded.pricing, conversation = excluded.conversation
		WHERE excluded.at < statuses.at OR excluded.at = statuses.at
			AND (excluded.errors, excluded.pricing, excluded.conversation) > (statuses.errors, statuses.pricing, statuses.conversation)`

// onVisitConflict is sqlMoveVisit and sqlEndVisit for PostgreSQL: a visit is not written when the database has as many steps of it or more. An end is never taken back:
// the response may have ended the visit before its last step was written. Of two last steps, which two processes took at
// once, the one that ended the visit counts.
const onVisitConflict = `ON CONFLICT (flow_id, token, run) DO UPDATE SET last_at = excluded.last_at, screen = excluded.screen,
			outcome = CASE WHEN excluded.outcome = 'open' THEN visits.outcome ELSE excluded.outcome END,
			trail = excluded.trail, answers = excluded.answers, sent = excluded.sent, steps = excluded.steps,
			last_hash = excluded.last_hash, last_answer = excluded.last_answer, last_status = excluded.last_status, last_version = excluded.last_version,
			routed = coalesce(nullif(excluded.routed, ''), visits.routed)
		WHERE excluded.steps > visits.steps OR (excluded.steps = visits.steps AND excluded.outcome <> 'open' AND visits.outcome = 'open')`

// inboxSQL lists them for preparing.
var inboxSQL = []string{
	sqlKeyOf, sqlKeep, sqlKeepKey, sqlSeen, sqlDropKeys,
	sqlSavepoint, sqlRollbackTo, sqlRelease, sqlStored, sqlStoredThen, sqlSettle, sqlIsTest, sqlPutBack,
	sqlMessage, sqlOutbound, sqlMessageTo, sqlStatus, sqlStatusesOf, sqlMessageStatus,
	sqlMoved, sqlFormer, sqlFormerKeep, sqlFormerMove, sqlContactByUser, sqlContactByPhone, sqlContactByID, sqlContactNew, sqlContactSave, sqlContactDrop, sqlMoveMessages, sqlMoveResponses, sqlMoveMappings,
	sqlVisitOf, sqlFinishVisit, sqlRouted, sqlRouteAgain, sqlOutBody, sqlAnswering, sqlResponseOf, sqlResponseDrop, sqlAnswersDrop, sqlResponse, sqlResponseAgain, sqlTagsAgain, sqlAnswer,
	sqlNewVisit, sqlMoveVisit, sqlEndVisit, sqlVisitID, sqlFaultyVisit, sqlPutStep, sqlForward, sqlTargetsOn, sqlAnyMarked, sqlSensitive,
}

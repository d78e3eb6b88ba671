package models

import "cmp"

const (
	postgresMessages = `INSERT INTO messages (wamid, direction, delivery_id, account, phone_id, phone_number, contact_id, type, context_id, sent_at, received_at, body)
		SELECT wamid, direction, delivery_id, account, phone_id, phone_number, contact_id, type, context_id, sent_at, received_at, body
		FROM unnest(?::text[], ?::text[], ?::bigint[], ?::text[], ?::text[], ?::text[], ?::bigint[], ?::text[], ?::text[], ?::bigint[], ?::bigint[], ?::text[])
			AS m (wamid, direction, delivery_id, account, phone_id, phone_number, contact_id, type, context_id, sent_at, received_at, body)
		` + onMessageConflict
	postgresAnswers = `INSERT INTO answers (response_id, flow_id, received_at, key, n, text, number)
		SELECT ?::bigint, ?::bigint, ?::bigint, key, n, text, CASE WHEN numeric THEN number END
		FROM unnest(?::text[], ?::bigint[], ?::text[], ?::boolean[], ?::double precision[]) AS a (key, n, text, numeric, number)
		ON CONFLICT DO NOTHING`
)

// messageRows are messages by column, as unnest takes them.
type messageRows struct {
	seen                                                                          map[string]bool
	wamids, directions, accounts, phoneIDs, phoneNumbers, types, contexts, bodies []string
	deliveries, contacts, sent, received                                          []int64
}

// add leaves out what came in this batch already: the first notice counts.
func (r *messageRows) add(m InMessage, contact int64, s stored) {
	if r.seen[m.WAMID] {
		return
	}
	if r.seen == nil {
		r.seen = map[string]bool{}
	}
	r.seen[m.WAMID] = true
	r.directions = append(r.directions, m.direction())
	r.wamids, r.accounts, r.phoneIDs = append(r.wamids, m.WAMID), append(r.accounts, m.Account), append(r.phoneIDs, m.PhoneID)
	r.phoneNumbers, r.types = append(r.phoneNumbers, m.PhoneNumber), append(r.types, cmp.Or(m.Type, "unknown"))
	r.contexts, r.bodies = append(r.contexts, m.ContextID), append(r.bodies, string(m.Body))
	r.deliveries, r.contacts = append(r.deliveries, s.id), append(r.contacts, contact)
	r.sent, r.received = append(r.sent, m.At.Micros()), append(r.received, s.received.Micros())
}

func (x *inboxTx) writeMessages(r *messageRows) error {
	if len(r.wamids) == 0 {
		return nil
	}
	_, err := x.exec(postgresMessages, r.wamids, r.directions, r.deliveries, r.accounts, r.phoneIDs, r.phoneNumbers, r.contacts, r.types, r.contexts,
		r.sent, r.received, r.bodies)
	return err
}

// writeAnswers writes the answers of one response.
func (x *inboxTx) writeAnswers(id int64, r Response) error {
	var keys, texts []string
	var ns []int64
	var numeric []bool
	var numbers []float64
	for _, a := range answerRows(r.Answers) {
		number := 0.0
		if a.Number != nil {
			number = *a.Number
		}
		keys, texts, ns = append(keys, a.Key), append(texts, a.Text), append(ns, int64(a.N))
		numeric, numbers = append(numeric, a.Number != nil), append(numbers, number)
	}
	if len(keys) == 0 {
		return nil
	}
	_, err := x.exec(postgresAnswers, id, r.FlowID, r.ReceivedAt, keys, ns, texts, numeric, numbers)
	return err
}

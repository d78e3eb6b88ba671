package models

import "cmp"

const (
	postgresMessages = `INSERT INTO messages (wamid, direction, delivery_id, account, phone_id, phone_number, contact_id, type, context_id, sent_at, received_at, history, body)
		SELECT wamid, direction, delivery_id, account, phone_id, phone_number, contact_id, type, context_id, sent_at, received_at, history, body
		FROM unnest(?::text[], ?::text[], ?::bigint[], ?::text[], ?::text[], ?::text[], ?::bigint[], ?::text[], ?::text[], ?::bigint[], ?::bigint[], ?::boolean[], ?::text[])
			AS m (wamid, direction, delivery_id, account, phone_id, phone_number, contact_id, type, context_id, sent_at, received_at, history, body)
		` + onMessageConflict
	postgresAnswers = `INSERT INTO answers (response_id, flow_id, received_at, key, n, text, number)
		SELECT ?::bigint, ?::bigint, ?::bigint, key, n, text, CASE WHEN numeric THEN number END
		FROM unnest(?::text[], ?::bigint[], ?::text[], ?::boolean[], ?::double precision[]) AS a (key, n, text, numeric, number)
		ON CONFLICT DO NOTHING`
)

// A toldMessage is one message with its customer and the delivery that told it.
type toldMessage struct {
	InMessage
	contact int64
	stored
}

// messageRows are the messages of a batch, each once.
type messageRows struct {
	rows  []toldMessage
	where map[string]int // by id of message
}

// add leaves out what came in this batch already, unless it says more: what onMessageConflict does.
func (r *messageRows) add(m InMessage, contact int64, s stored) {
	if r.where == nil {
		r.where = map[string]int{}
	}
	m.Type = cmp.Or(m.Type, "unknown")
	i, known := r.where[m.WAMID]
	switch {
	case !known:
		r.where[m.WAMID] = len(r.rows)
		r.rows = append(r.rows, toldMessage{m, contact, s})
	case m.rank() > r.rows[i].rank():
		r.rows[i] = toldMessage{m, cmp.Or(contact, r.rows[i].contact), s}
	}
}

// mediaPlaceholder stands in a chat history for a message whose media come later.
const mediaPlaceholder = "media_placeholder"

// rank orders notices of the same message by how much they are worth: see onMessageConflict.
func (m InMessage) rank() (n int) {
	if !m.History {
		n = 2
	}
	if m.Type != mediaPlaceholder {
		n++
	}
	return n
}

func (x *inboxTx) writeMessages(r *messageRows) error {
	if len(r.rows) == 0 {
		return nil
	}
	var wamids, directions, accounts, phoneIDs, phoneNumbers, types, contexts, bodies []string
	var deliveries, contacts, sent, received []int64
	var histories []bool
	for _, m := range r.rows {
		wamids, directions, accounts = append(wamids, m.WAMID), append(directions, m.direction()), append(accounts, m.Account)
		phoneIDs, phoneNumbers = append(phoneIDs, m.PhoneID), append(phoneNumbers, m.PhoneNumber)
		types, contexts, bodies = append(types, m.Type), append(contexts, m.ContextID), append(bodies, string(m.Body))
		deliveries, contacts = append(deliveries, m.id), append(contacts, m.contact)
		sent, received, histories = append(sent, m.At.Micros()), append(received, m.received.Micros()), append(histories, m.History)
	}
	_, err := x.exec(postgresMessages, wamids, directions, deliveries, accounts, phoneIDs, phoneNumbers, contacts, types, contexts,
		sent, received, histories, bodies)
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

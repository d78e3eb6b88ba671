package models

import (
	"context"
	"fmt"
	"slices"
)

// maxUpdates is how many messages, statuses and notices of customers one transaction applies at most: Meta's largest
// batches fit into one. What holds more, such as a chat history, is applied piece by piece, because a transaction keeps
// others waiting.
const maxUpdates = 1000

// pieces cuts what a delivery says into heads of at most maxUpdates, which are applied before it, and the rest, which is
// applied as the delivery: what may need a person or makes others wait is in the rest, and so is the mark. Nothing is in
// two of them.
func pieces(d Decoded) (heads []Decoded, rest Decoded) {
	if len(d.Messages)+len(d.Statuses)+len(d.People) <= maxUpdates {
		return nil, d
	}
	rest = d
	rest.kinds = kinds(d)
	messages := slices.Clone(d.Messages)
	messages = slices.DeleteFunc(messages, func(m InMessage) bool { return m.Flow != nil })
	rest.Messages = slices.DeleteFunc(slices.Clone(d.Messages), func(m InMessage) bool { return m.Flow == nil })
	rest.Statuses, rest.People = nil, nil
	for some := range slices.Chunk(d.People, maxUpdates) {
		heads = append(heads, Decoded{ID: d.ID, ReceivedAt: d.ReceivedAt, People: some})
	}
	for some := range slices.Chunk(messages, maxUpdates) {
		heads = append(heads, Decoded{ID: d.ID, ReceivedAt: d.ReceivedAt, Messages: some})
	}
	for some := range slices.Chunk(d.Statuses, maxUpdates) {
		heads = append(heads, Decoded{ID: d.ID, ReceivedAt: d.ReceivedAt, Statuses: some})
	}
	return heads, rest
}

// applyHeads applies the heads of a large delivery, each in its own transaction, and returns what is left of it. Should it
// end in between, the delivery is applied again from its beginning: every effect is idempotent. When a head cannot be
// written all of the delivery is left, so that it is put back whole.
func (db *DB) applyHeads(ctx context.Context, d Decoded) (Decoded, error) {
	heads, rest := pieces(d)
	for _, head := range heads {
		err := db.inboxTx(ctx, func(x *inboxTx) error { return x.head(head) })
		switch {
		case err == nil:
		case ctx.Err() != nil, hasNoPartition(err), db.engine.everywhere(err) && !db.tooMuch(ctx, err):
			return d, err
		default:
			return d, nil
		}
	}
	return rest, nil
}

func (x *inboxTx) head(d Decoded) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fault{fmt.Errorf("panic: %v", p)}
		}
	}()
	if err := x.lockAbout([]Decoded{d}); err != nil {
		return err
	}
	clean, err := x.withoutGone([]Decoded{d})
	if err != nil {
		return err
	}
	d = clean[0]
	if x.db.engine.dialect().postgres {
		if err := x.gather([]Decoded{d}); err != nil {
			return err
		}
	}
	s, found, err := x.stored(d)
	if err != nil || !found {
		return err
	}
	if _, err := x.effects(d, s); err != nil {
		return err
	}
	return x.writeBatch()
}

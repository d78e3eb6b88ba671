package models

import (
	"context"
	"errors"
)

// MaxForwards is how many forwards, or deliveries, can be named at once.
const MaxForwards = 1000

// RetryForwards puts dead ones back, at most MaxForwards: they are tried at once and again for 3 days, under the webhook
// ids that they had. Those that are not dead, or gone, are left out; ErrNotFound: all are.
func (db *DB) RetryForwards(ctx context.Context, ids []int64, by By) (n int64, err error) {
	return 0, errors.New("not yet")
}

// RetryAllForwards puts back all dead ones that a filter matches (its state does not matter) and that are there by now, in
// small steps. The audit row tells how many there were. Invalid: none is.
func (db *DB) RetryAllForwards(ctx context.Context, f ForwardFilter, by By) (n int64, err error) {
	return 0, errors.New("not yet")
}

// ForwardDeliveries passes deliveries on to a target now, whatever its filter says and even if it had them: at most
// MaxForwards. It has the same webhook id as before. n is how many; what is gone, or waits already, is left out.
// ErrNotFound: there is no such target, or nothing to pass on. Invalid: it is off.
func (db *DB) ForwardDeliveries(ctx context.Context, target int64, deliveries []int64, by By) (n int64, err error) {
	return 0, errors.New("not yet")
}

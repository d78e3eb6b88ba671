package whatsapp

import (
	"context"
	"crypto"
	"errors"
	"fmt"
	"maps"
	"sync"
	"sync/atomic"
	"time"

	"switchyard/handlers/whatsapp/wire"
	"switchyard/models"
)

// A liveKey is one private key, parsed once: parsing costs a seventh of a decryption.
type liveKey struct {
	id       int64
	retireAt time.Time // zero: not planned
	crypto.Decrypter
}

func (k liveKey) live(now time.Time) bool { return k.retireAt.IsZero() || now.Before(k.retireAt) }

// parseKeys parses what is new; a key that cannot be read is left out and told.
func (l *Live) parseKeys(rows []models.LiveKey, old []liveKey) []liveKey {
	parsed := map[int64]liveKey{}
	for _, k := range old {
		parsed[k.id] = k
	}
	var keys []liveKey
	for _, row := range rows {
		k, known := parsed[row.ID]
		if !known {
			d, err := l.parseKey(row)
			if err != nil {
				l.o.Log.Error("a private key cannot be read", "key", row.ID, "error", err)
				continue
			}
			k = liveKey{id: row.ID, Decrypter: d}
		}
		k.retireAt = row.RetireAt.Time
		keys = append(keys, k)
	}
	return keys
}

// errDamaged is a key that the master key does not open though it opens others.
var errDamaged = errors.New("what is kept is damaged; restore a backup, or retire this key and make another")

func (l *Live) parseKey(row models.LiveKey) (crypto.Decrypter, error) {
	if row.Private == nil {
		return nil, errDamaged
	}
	return l.o.ParseKey(row.Private)
}

// decrypters are the live keys in the order to try: the newest, the one last used, the others.
func (l *Live) decrypters(now time.Time) []liveKey {
	all := l.state.Load().keys
	last := l.uses.last.Load()
	keys := make([]liveKey, 0, len(all))
	for _, k := range all {
		if !k.live(now) {
			continue
		}
		keys = append(keys, k)
		if i := len(keys) - 1; i > 1 && k.id == last {
			copy(keys[2:], keys[1:i])
			keys[1] = k
		}
	}
	return keys
}

// keyUses counts what each key opened since it was last written.
type keyUses struct {
	last atomic.Int64 // the key last used

	mu    sync.Mutex
	count map[int64]int64
}

// add counts n uses of a key.
func (u *keyUses) add(id, n int64) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.count == nil {
		u.count = map[int64]int64{}
	}
	u.count[id] += n
}

// opened tells that a key opened an envelope.
func (u *keyUses) opened(id int64) {
	u.last.Store(id)
	u.add(id, 1)
}

func (u *keyUses) take() map[int64]int64 {
	u.mu.Lock()
	defer u.mu.Unlock()
	taken := maps.Clone(u.count)
	clear(u.count)
	return taken
}

// writeUses keeps what it could not write for the next time.
func (l *Live) writeUses(ctx context.Context) error {
	uses := l.uses.take()
	if len(uses) == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, readTimeout)
	defer cancel()
	if err := l.db.CountKeyUses(ctx, uses, models.Time{Time: l.db.Now()}); err != nil {
		for id, n := range uses {
			l.uses.add(id, n)
		}
		return fmt.Errorf("count uses of keys: %w", err)
	}
	return nil
}

func (k liveKey) decrypter() wire.Decrypter { return k.Decrypter }

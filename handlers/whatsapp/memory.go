package whatsapp

import (
	"container/list"
	"context"
	"sync"
	"sync/atomic"
	"time"

	"switchyard/models"
)

const (
	// maxVisits and maxVisitBytes bound the memory of visits; visitAge is when one is forgotten anyway (tokens live
	// two to three days, protocol.md §3.5).
	maxVisits     = 10_000
	maxVisitBytes = 128 << 20
	visitAge      = 72 * time.Hour
)

// A visitKey names a visit's newest run.
type visitKey struct {
	flow  int64
	token string
}

// A memory holds the visits last used. One that is in use, or has steps that are not recorded yet, is never dropped,
// so what it knows wins over the database.
type memory struct {
	most      int
	mostBytes int64

	mu    sync.Mutex
	byKey map[visitKey]*visit
	order list.List // of *visit, last used in front
	bytes int64
}

// A place is where a visit is in the memory; the memory's lock guards all but stale.
type place struct {
	element *list.Element
	holders int
	bytes   int64
	used    time.Time
	stale   atomic.Bool // the database knows something newer
}

func newMemory(most int, mostBytes int64) *memory {
	return &memory{most: most, mostBytes: mostBytes, byKey: map[visitKey]*visit{}}
}

// take returns the visit, made when missing, when nobody else has it; an error when ctx or the time ends first.
func (m *memory) take(ctx context.Context, key visitKey, until time.Time) (*visit, error) {
	m.mu.Lock()
	v := m.byKey[key]
	if v == nil {
		v = &visit{key: key, lock: make(chan struct{}, 1)}
		v.element = m.order.PushFront(v)
		m.byKey[key] = v
	}
	v.holders++
	m.order.MoveToFront(v.element)
	m.mu.Unlock()
	if err := v.seize(ctx, until); err != nil {
		m.release(v)
		return nil, err
	}
	return v, nil
}

// seize waits until nobody has the visit; mostly nobody has.
func (v *visit) seize(ctx context.Context, until time.Time) error {
	select {
	case v.lock <- struct{}{}:
		return nil
	default:
	}
	ctx, done := context.WithDeadline(ctx, until)
	defer done()
	select {
	case v.lock <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// give ends a take.
func (m *memory) give(v *visit, now time.Time) {
	size := v.size + int64(len(v.answer))
	<-v.lock
	m.mu.Lock()
	defer m.mu.Unlock()
	m.bytes += size - v.bytes
	v.bytes, v.used = size, now
	v.holders--
	m.shrink(now)
}

// hold keeps the visit from being dropped until release.
func (m *memory) hold(v *visit) {
	m.mu.Lock()
	defer m.mu.Unlock()
	v.holders++
}

func (m *memory) release(v *visit) {
	m.mu.Lock()
	defer m.mu.Unlock()
	v.holders--
}

func (m *memory) forget(key visitKey) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if v := m.byKey[key]; v != nil {
		v.stale.Store(true)
	}
}

// shrink drops the visits longest unused, as far as the bounds ask for it and they are nobody's.
func (m *memory) shrink(now time.Time) {
	for e := m.order.Back(); e != nil; {
		v, before := e.Value.(*visit), e.Prev()
		if len(m.byKey) <= m.most && m.bytes <= m.mostBytes && now.Sub(v.used) <= visitAge {
			return
		}
		if v.holders == 0 {
			m.order.Remove(e)
			delete(m.byKey, v.key)
			m.bytes -= v.bytes
		}
		e = before
	}
}

// sizeOf is about what a visit takes in memory.
func sizeOf(v *models.Visit) int64 {
	n := 500 + len(v.Token) + len(v.LastAnswer)
	for _, m := range []map[string]map[string]any{v.Answers, v.Sent} {
		for _, data := range m {
			n += sizeOfValue(data)
		}
	}
	return int64(n)
}

func sizeOfValue(v any) int {
	n := 16
	switch v := v.(type) {
	case string:
		n += len(v)
	case []any:
		for _, e := range v {
			n += sizeOfValue(e)
		}
	case map[string]any:
		for k, e := range v {
			n += len(k) + sizeOfValue(e)
		}
	}
	return n
}

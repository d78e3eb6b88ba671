package models

import "sync"

// maxVisitNumbers bounds how many are remembered: as many visits as the endpoint has in memory.
const maxVisitNumbers = 10_000

// visitNumbers remembers the ids of the visits written last, so that the next step of one need not look for it. Ids are
// never given twice, so one of a visit that is gone finds nothing.
type visitNumbers struct {
	mu sync.Mutex
	of map[visitKey]int64
}

// find returns 0 when it is not known.
func (n *visitNumbers) find(key visitKey) int64 {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.of[key]
}

// learn takes the ids of committed visits. When there are too many it forgets all: each is looked for once more.
func (n *visitNumbers) learn(ids map[visitKey]int64) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.of == nil || len(n.of)+len(ids) > maxVisitNumbers {
		n.of = make(map[visitKey]int64, len(ids))
	}
	for key, id := range ids {
		n.of[key] = id
	}
}

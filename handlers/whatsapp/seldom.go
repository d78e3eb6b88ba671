package whatsapp

import (
	"log/slog"
	"sync"
	"time"
)

// seldomPause is between two lines of a kind: while the database is away, each request would write one.
const seldomPause = 10 * time.Second

// A seldom writes the first of a row of lines and then, once in a while, how many there were.
type seldom struct {
	mu   sync.Mutex
	last time.Time // by the wall clock
	held int
}

func (s *seldom) error(log *slog.Logger, what string, about ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.held++
	if time.Since(s.last) < seldomPause {
		return
	}
	log.Error(what, append(about, "times", s.held)...)
	s.last, s.held = time.Now(), 0
}

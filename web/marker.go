package web

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"switchyard/models"
)

// A marker gathers observations, so that a request costs no write: the database hears of them once a second.
type marker struct {
	now func() time.Time

	mu    sync.Mutex
	marks map[string]models.Mark
}

func newMarker(now func() time.Time) *marker {
	return &marker{now: now, marks: map[string]models.Mark{}}
}

// note counts one observation; a detail replaces the one before.
func (m *marker) note(name, detail string) {
	at := models.Time{Time: m.now()}
	m.mu.Lock()
	defer m.mu.Unlock()
	mark := m.marks[name]
	mark.Name, mark.At, mark.Detail = name, at, detail
	mark.Count++
	m.marks[name] = mark
}

// flush hands over what was gathered; what could not be written is kept for the next time.
func (m *marker) flush(ctx context.Context, write func(context.Context, []models.Mark) error) error {
	taken := m.take()
	if len(taken) == 0 {
		return nil
	}
	err := write(ctx, taken)
	if err != nil {
		m.putBack(taken)
	}
	return err
}

func (m *marker) take() []models.Mark {
	m.mu.Lock()
	defer m.mu.Unlock()
	taken := make([]models.Mark, 0, len(m.marks))
	for _, mark := range m.marks {
		taken = append(taken, mark)
	}
	clear(m.marks)
	// In one order, so that no two processes wait for each other.
	slices.SortFunc(taken, func(a, b models.Mark) int { return strings.Compare(a.Name, b.Name) })
	return taken
}

func (m *marker) putBack(taken []models.Mark) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, old := range taken {
		if mark, newer := m.marks[old.Name]; newer {
			old.At, old.Detail, old.Count = mark.At, mark.Detail, mark.Count+old.Count
		}
		m.marks[old.Name] = old
	}
}

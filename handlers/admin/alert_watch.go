package admin

import (
	"context"
	"sync"
	"time"

	"switchyard/models"
)

// pulseEvery is how often the database is asked while somebody listens.
const pulseEvery = 500 * time.Millisecond

// An alertWatch asks the database how alerts are, once for all who listen and only while somebody does. Each server
// asks for itself, so that several tell the same. Its zero value is ready.
type alertWatch struct {
	mu        sync.Mutex
	listeners int
	stop      func() // ends the asking and waits for its end
	pulse     models.AlertPulse
	known     bool          // whether pulse was ever read
	changed   chan struct{} // closed when there is something to look at
}

// join adds a listener, who must leave.
func (w *alertWatch) join(ask func(context.Context) (models.AlertPulse, error), closing func() bool) (leave func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.listeners++; w.listeners == 1 {
		w.known, w.changed = false, make(chan struct{})
		ctx, cancel := context.WithCancel(context.Background())
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			w.run(ctx, ask, closing)
		}()
		w.stop = func() { cancel(); <-ended }
	}
	return w.leave
}

func (w *alertWatch) leave() {
	w.mu.Lock()
	stop := func() {}
	if w.listeners--; w.listeners == 0 {
		stop = w.stop
	}
	w.mu.Unlock()
	stop()
}

// run asks until ctx ends. What cannot be read now is read the next time.
func (w *alertWatch) run(ctx context.Context, ask func(context.Context) (models.AlertPulse, error), closing func() bool) {
	tick := time.NewTicker(pulseEvery)
	defer tick.Stop()
	for ctx.Err() == nil {
		if p, err := ask(ctx); err == nil {
			w.tell(p)
		}
		select {
		case <-ctx.Done():
		case <-tick.C:
		}
		if closing() {
			w.wake()
		}
	}
}

// tell keeps what was read, and wakes the listeners when it is another.
func (w *alertWatch) tell(p models.AlertPulse) {
	w.mu.Lock()
	news := !w.known || p.Mark != w.pulse.Mark
	w.pulse, w.known = p, true
	w.mu.Unlock()
	if news {
		w.wake()
	}
}

func (w *alertWatch) wake() {
	w.mu.Lock()
	defer w.mu.Unlock()
	close(w.changed)
	w.changed = make(chan struct{})
}

// look is how alerts are, as far as it is known, and what is closed when that may be another.
func (w *alertWatch) look() (p models.AlertPulse, known bool, changed <-chan struct{}) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.pulse, w.known, w.changed
}

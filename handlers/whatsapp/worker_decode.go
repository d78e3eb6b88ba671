package whatsapp

import (
	"log/slog"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"switchyard/handlers/whatsapp/wire"
	"switchyard/models"
)

const (
	// slowAfter is how long a body is decoded before others go on without it. The largest takes a tenth of it.
	slowAfter = 250 * time.Millisecond
	// longestDecode is how long a body is decoded before it is given up for this time.
	longestDecode = 3 * time.Second
)

// hanging are the deliveries whose decoding never came back: each is begun once.
type hanging struct {
	mu  sync.Mutex
	ids map[int64]bool
}

func (h *hanging) set(id int64, on bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.ids == nil {
		h.ids = map[int64]bool{}
	}
	if on {
		h.ids[id] = true
	} else {
		delete(h.ids, id)
	}
}

func (h *hanging) has(id int64) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.ids[id]
}

// A lateOne is a delivery that others do not wait for; the next of its run's results is its own.
type lateOne struct {
	d     models.Delivery
	run   *decodeRun
	begun time.Time
}

// A decodeRun decodes one delivery after another, until it is left.
type decodeRun struct {
	out  chan models.Decoded // has room for all
	left atomic.Bool
}

func (w *Worker) decodeRun(ds []models.Delivery) *decodeRun {
	r := &decodeRun{out: make(chan models.Decoded, len(ds))}
	go func() {
		for _, d := range ds {
			r.out <- w.decode(d)
			w.hung.set(d.ID, false)
			if r.left.Load() {
				return
			}
		}
	}()
	return r
}

// decodeAll decodes a batch; late are those that take so long that the others do not wait for them.
func (w *Worker) decodeAll(batch []models.Delivery) (ds []models.Decoded, late []lateOne) {
	fresh := make([]models.Delivery, 0, len(batch))
	for _, d := range batch {
		if w.hung.has(d.ID) {
			ds = append(ds, tooLong(d))
		} else {
			fresh = append(fresh, d)
		}
	}
	slow := time.NewTimer(w.slowAfter)
	defer slow.Stop()
	for len(fresh) > 0 {
		run, begun := w.decodeRun(fresh), time.Now()
		for stuck := false; len(fresh) > 0 && !stuck; fresh = fresh[1:] {
			slow.Reset(w.slowAfter)
			select {
			case d := <-run.out:
				ds, begun = append(ds, d), time.Now()
			case <-slow.C:
				run.left.Store(true)
				late, stuck = append(late, lateOne{fresh[0], run, begun}), true
			}
		}
	}
	return ds, late
}

// await is what became of those that were late.
func (w *Worker) await(late []lateOne) (ds []models.Decoded) {
	for _, l := range late {
		select {
		case d := <-l.run.out:
			ds = append(ds, d)
		case <-time.After(max(0, w.longest-time.Since(l.begun))):
			ds = append(ds, w.giveUp(l))
		}
	}
	return ds
}

// giveUp leaves a delivery to the goroutine that decodes it, unless that has just ended.
func (w *Worker) giveUp(l lateOne) models.Decoded {
	w.hung.set(l.d.ID, true)
	select {
	case d := <-l.run.out:
		w.hung.set(l.d.ID, false)
		return d
	default:
		w.Log.Error("the decoder does not come back", "delivery", l.d.ID)
		return tooLong(l.d)
	}
}

func tooLong(d models.Delivery) models.Decoded {
	return models.Decoded{ID: d.ID, ReceivedAt: d.ReceivedAt, Fault: "the decoder took too long for this body"}
}

// Decode is what a stored delivery says. What cannot be read is told in it.
func Decode(d models.Delivery) models.Decoded {
	w := Worker{Log: slog.New(slog.DiscardHandler)}
	w.init()
	return w.decode(d)
}

// decode turns a panic of the decoder into this delivery's fault: the others go on.
func (w *Worker) decode(d models.Delivery) (out models.Decoded) {
	defer func() {
		if p := recover(); p != nil {
			w.Log.Error("the decoder panicked", "delivery", d.ID, "panic", safePanic(p), "stack", string(debug.Stack()))
			out = models.Decoded{ID: d.ID, ReceivedAt: d.ReceivedAt, Fault: "the decoder broke down on this body"}
		}
	}()
	events, err := w.parse(d.Body, wire.Source(d.Source))
	out = decoded(d, events, err)
	if err == nil {
		out.Fields = wire.Fields(d.Body)
	}
	return out
}

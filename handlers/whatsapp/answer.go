package whatsapp

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"switchyard/handlers/whatsapp/wire"
	"switchyard/models"
	"switchyard/models/rules"
)

// answer decides one request; it knows nothing of HTTP and of encryption. Whatever goes wrong in deciding or
// remembering, the customer gets a screen.
func (e *Endpoint) answer(ctx context.Context, q question) reply {
	e.init()
	if q.in.Ping() {
		e.note(q, models.MarkPing, "")
		e.note(q, models.MarkPing+":"+q.flow.Slug, "")
		return reply{http.StatusOK, wire.AnswerPing(q.in.Version), ResultPing}
	}
	t := &turn{question: q, e: e, now: e.Now(), until: e.until(ctx)}
	t.takeFiles()
	if !q.in.HasToken() {
		return t.run(ctx)
	}
	v, err := e.memory.take(ctx, visitKey{q.flow.ID, q.in.Token}, t.until)
	switch {
	case err == nil:
		defer e.memory.give(v, t.now)
		t.visit = v
	case errors.Is(err, context.Canceled): // nobody waits for the answer
		return reply{http.StatusServiceUnavailable, []byte("The server is busy.\n"), "busy"}
	default:
		t.late = true
	}
	return t.run(ctx)
}

// until is when the customer gets an answer, whatever it is: when the budget ends, or before the request's own end.
func (e *Endpoint) until(ctx context.Context) time.Time {
	until := time.Now().Add(e.Budget)
	if end, ok := ctx.Deadline(); ok && end.Before(until) {
		return end
	}
	return until
}

// A turn is the answering of one request: what it is about, and what is to be remembered of it.
type turn struct {
	question
	e      *Endpoint
	now    time.Time
	until  time.Time      // by the wall clock: when deciding must have ended
	visit  *visit         // nil: no token, or late; nothing is remembered
	late   bool           // other requests of the visit took all the time
	by     ruling         // what decides
	data   map[string]any // as it may be stored
	raw    []byte         // in.Data as JSON, once it was needed
	mask   mask
	files  []models.InFile // attached in this request
	faults []string
}

func (t *turn) run(ctx context.Context) reply {
	if t.visit != nil {
		t.faults = append(t.faults, t.e.load(ctx, t.visit)...)
	}
	t.by = t.flow.rulingOf(t.visit)
	if kind, message, ok := t.in.Notice(t.flow.sends); ok {
		return t.acknowledge(ctx, kind, message)
	}
	if !t.flow.ready() {
		return t.unready(ctx)
	}
	if t.visit != nil {
		t.leave()
	}
	t.data, t.mask = t.flow.secrets.hide(t.in.Screen, t.in.Data, t.sent())
	hash := t.hash()
	if t.visit != nil {
		if r, ok := t.visit.repeat(t, hash); ok {
			return r
		}
		if r, ok := t.spent(); ok {
			t.record(ctx, string(rules.Expires), r)
			return r
		}
		t.visit.begin(t)
		t.by = t.flow.rulingOf(t.visit) // it may be another run
	}
	d := t.decide()
	r := t.render(d)
	t.keep(ctx, d, hash, r)
	return r
}

// leave names the screen that a BACK leaves, when the phone did not (protocol.md §3.3). It comes before the question
// whether the request is a repeat: going back twice is leaving two screens.
func (t *turn) leave() {
	if t.in.Action == string(rules.Back) && t.in.Screen == "" {
		t.in.Screen = t.visit.v.Screen
	}
}

// render writes the answer that the customer gets.
func (t *turn) render(d rules.Decision) reply {
	return reply{statusOf(d), t.body(d), string(d.Kind)}
}

func (t *turn) body(d rules.Decision) []byte {
	switch d.Kind {
	case rules.Finishes:
		return wire.AnswerFinish(t.in.Version, t.in.Token, d.Params)
	case rules.Expires:
		return wire.AnswerExpired(d.Message)
	}
	return wire.AnswerScreen(t.in.Version, d.Screen, d.Data)
}

func statusOf(d rules.Decision) int {
	if d.Kind == rules.Expires {
		return statusTokenSpent
	}
	return http.StatusOK
}

// spent answers for a token that no longer works (design/decisions.md 2): a rule expired it, or it works once and its
// flow is finished.
func (t *turn) spent() (reply, bool) {
	switch v := &t.visit.v; v.Outcome {
	case models.VisitExpired:
		if t.visit.answer == nil { // it could not be kept
			return reply{statusTokenSpent, wire.AnswerExpired(""), "spent"}, true
		}
		return reply{statusTokenSpent, t.visit.answer, "spent"}, true
	case models.VisitFinished:
		return reply{statusTokenSpent, wire.AnswerExpired(""), "spent"}, t.flow.once(t.in.Token)
	}
	return reply{}, false
}

// record records a step that does not move the visit.
func (t *turn) record(ctx context.Context, kind string, r reply, faults ...string) {
	s := t.step(kind, r)
	s.Faults = append(s.Faults, faults...)
	s.Data = t.stored()
	t.store(ctx, s)
}

// acknowledge answers an error notification: the client tells why it could not show our last answer. Who submits the same
// again gets what the rules say then, and not what the phone refuses.
func (t *turn) acknowledge(ctx context.Context, kind, message string) reply {
	r := reply{http.StatusOK, wire.AnswerAcknowledged(t.in.Version), "notice"}
	t.data = t.in.Data
	if t.visit != nil && t.visit.v.Outcome == models.VisitOpen {
		t.visit.answer, t.visit.v.LastAnswer = nil, nil
	}
	t.record(ctx, "notice", r, strings.TrimSuffix(cut(kind+": "+message, maxFault), ": "))
	return r
}

// unready answers for a flow of which nothing is known: nothing published and no Flow JSON.
func (t *turn) unready(ctx context.Context) reply {
	r := reply{http.StatusServiceUnavailable, []byte("The flow has no Flow JSON yet.\n"), "unready"}
	t.record(ctx, "unruled", r, "The flow has neither rules nor a Flow JSON, so customers get an error. Import its Flow JSON.")
	return r
}

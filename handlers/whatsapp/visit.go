package whatsapp

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"maps"
	"slices"
	"time"

	"switchyard/models"
	"switchyard/models/rules"
)

const (
	// loadTime is how long a customer waits for the visit to be read.
	loadTime = 250 * time.Millisecond
	// readAgain is the pause before it is tried again in that time.
	readAgain = 25 * time.Millisecond
	// retryTime is how long an INIT counts as a client's retry of the one before; later it is a customer who opens
	// the flow again and must see today's screen.
	retryTime = 10 * time.Minute
	// resendTime is how long a request counts as one sent again because its answer got lost; later it is a customer
	// who tries once more.
	resendTime = time.Minute
	// maxAnswers bounds what one visit remembers, in bytes: it is written with each of its steps.
	maxAnswers = 4 << 20
)

// A visit is one token's newest run in memory. Its lock belongs to the turn that has it.
type visit struct {
	key    visitKey
	v      models.Visit // as stored: secrets hidden; its maps are replaced, never changed
	size   int64        // about what v takes in memory, as it was last stored or read
	loaded bool         // v.Run is known
	answer []byte       // the last answer as it was sent
	set    *rules.Set   // which gave it; nil: not known (read from the database)

	lock  chan struct{}
	place // in the memory
}

// load reads the visit when it has to be. What it returns are faults for the step: an unreadable visit is an empty
// one, and becomes a run of its own when the database can be read again.
func (e *Endpoint) load(ctx context.Context, v *visit) (faults []string) {
	stale := v.stale.Swap(false)
	if v.loaded && !stale && !e.Shared {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), loadTime)
	defer cancel()
	stored, err := e.read(ctx, v.key)
	switch {
	case errors.Is(err, models.ErrNotFound):
		v.v.Run = max(v.v.Run, 1)
	case err != nil:
		v.stale.Store(true)
		e.unread.error(e.Log, "a visit could not be read", "flow", v.key.flow, "error", err)
		if v.loaded && !e.Shared {
			return nil
		}
		return []string{"The visit could not be read in time, so earlier answers may be missing. The database is slow, locked or away."}
	default:
		if v.adopt(stored) {
			faults = []string{"Another server answered this visit at the same moment, so an earlier answer may be missing. Nothing needs to be done, unless it comes often: then lead the requests of a flow to one server."}
		}
	}
	v.loaded, v.size = true, sizeOf(&v.v)
	return faults
}

// read tries again while the customer waits: a server's connections break all at once when it starts anew.
func (e *Endpoint) read(ctx context.Context, key visitKey) (models.Visit, error) {
	for {
		v, err := e.Visits(ctx, key.flow, key.token)
		if err == nil || errors.Is(err, models.ErrNotFound) || !e.Shared {
			return v, err
		}
		select {
		case <-ctx.Done():
			return v, err
		case <-time.After(readAgain):
		}
	}
}

// adopt takes over what is stored, unless memory knows more. It tells whether a step in memory was lost by that: two
// servers took the same step of the visit at once.
func (v *visit) adopt(stored models.Visit) (lost bool) {
	parted := v.loaded && stored.Run == v.v.Run && stored.Steps == v.v.Steps && stored.LastHash != v.v.LastHash
	switch {
	case !v.loaded && v.v.Steps > 0 && stored.StartedAt.Equal(v.v.StartedAt.Time): // its own steps, recorded meanwhile
		v.v.Run = stored.Run
	case !v.loaded && v.v.Steps > 0:
		v.v.Run = stored.Run + 1
	case parted && stored.LastAt.After(v.v.LastAt.Time):
		v.v, v.answer, v.set = stored, stored.LastAnswer, nil
		return true
	case stored.Run == v.v.Run && stored.Steps <= v.v.Steps:
		if stored.Outcome == models.VisitFinished || parted && stored.Outcome == models.VisitExpired && v.v.Outcome == models.VisitOpen {
			v.v.Outcome = stored.Outcome
		}
	case stored.Run >= v.v.Run:
		v.v, v.answer, v.set = stored, stored.LastAnswer, nil
	}
	return false
}

// repeat answers a request that the last step answered already (design/decisions.md 5).
func (v *visit) repeat(t *turn, hash string) (reply, bool) {
	again := v.answer != nil && v.v.LastHash == hash && v.holds(t)
	return reply{v.v.LastStatus, v.answer, "repeat"}, again
}

// holds tells whether the last answer still stands. What ended the visit always does (design/decisions.md 2); else who
// comes back after a while gets what was published since, and an opening the lists and the day of today.
func (v *visit) holds(t *turn) bool {
	since := t.now.Sub(v.v.LastAt.Time)
	published := v.v.LastVersion != t.by.version
	if t.in.Action == string(rules.Init) {
		compiled := v.set != nil && v.set != t.by.set
		return since <= retryTime && !published && (!compiled || since <= resendTime)
	}
	return v.v.Outcome != models.VisitOpen || !published || since <= resendTime
}

// begin starts the run that the request belongs to (design/decisions.md 1).
func (v *visit) begin(t *turn) {
	isInit := t.in.Action == string(rules.Init)
	opening := v.v.Outcome == models.VisitOpen && len(v.v.Answers) == 0 && len(v.v.Trail) <= 1
	if v.v.Steps > 0 && isInit && !opening {
		v.v = models.Visit{Run: v.v.Run + 1}
		v.answer, v.size = nil, 0
	}
	if v.v.Steps == 0 {
		v.v = models.Visit{FlowID: v.key.flow, Token: v.key.token, Run: v.v.Run, Test: isTest(v.key.token),
			RuleVersion: t.flow.version, StartedAt: at(t.now), Outcome: models.VisitOpen}
	}
	if isInit {
		v.v.Trail = nil
		return
	}
	if !t.flow.hasScreen(t.in.Screen) {
		return
	}
	v.v.Trail = returned(v.v.Trail, t.in.Screen)
	if t.in.Action != string(rules.Exchange) || t.in.Unread != "" {
		return
	}
	if v.size+int64(sizeOfValue(t.data)) > maxAnswers {
		t.faults = append(t.faults, "The visit's answers are too large to be remembered, so rules cannot read those of this screen later. Let the form send less.")
	} else {
		v.v.Answers = with(v.v.Answers, t.in.Screen, t.data)
	}
}

// turn moves the visit to the decision's screen.
func (v *visit) turn(t *turn, d rules.Decision) {
	v.v.Steps++
	v.v.LastAt, v.v.LastVersion = at(t.now), t.by.version
	if to := models.Routed(d.Kind, d.Screen, d.RuleID); to != "" {
		v.v.Routed = to
	}
	switch d.Kind {
	case rules.Finishes:
		v.v.Outcome = models.VisitFinished
		return
	case rules.Expires:
		v.v.Outcome = models.VisitExpired
		return
	}
	if last := len(v.v.Trail) - 1; last >= 0 && t.in.Action == string(rules.Back) && d.Screen != v.v.Trail[last] {
		v.v.Trail = v.v.Trail[:last]
	}
	v.v.Screen = d.Screen
	v.v.Trail = returned(v.v.Trail, d.Screen)
	if d.Kind != rules.Falls && t.flow.hasScreen(d.Screen) {
		v.v.Sent = with(v.v.Sent, d.Screen, d.Data)
	}
}

// answered remembers the answer for a repeat, unless another try may go better. whole tells that it may be stored as it is.
func (v *visit) answered(t *turn, hash string, r reply, kind rules.Kind, whole bool) {
	v.answer, v.set = r.body, t.by.set
	v.v.LastHash, v.v.LastStatus, v.v.LastAnswer = hash, r.status, nil
	switch {
	case t.by.set == nil, kind == rules.Falls, kind == rules.Stays && !v.loaded:
		v.answer = nil // some may be published, what failed may work, and the visit may be read by then
	case whole && len(r.body) <= maxKept:
		v.v.LastAnswer = r.body
	}
}

// returned is the trail with the screen on top: cut back to it when it was shown before (phones go back without
// telling), else one longer.
func returned(trail []string, screen string) []string {
	for i, s := range slices.Backward(trail) {
		if s == screen {
			return trail[:i+1]
		}
	}
	return append(slices.Clip(trail), screen)
}

// with is m with another entry, in a copy.
func with(m map[string]map[string]any, key string, value map[string]any) map[string]map[string]any {
	m = maps.Clone(m)
	if m == nil {
		m = map[string]map[string]any{}
	}
	m[key] = value
	return m
}

// sent is what we last sent for the screen that the request comes from.
func (t *turn) sent() map[string]any { return t.sentTo(t.in.Screen) }

// hash names action, screen and data of the request, read or not. With secrets in it, it needs a key:
// whoever reads it in the database could else try all four digits.
func (t *turn) hash() string {
	var key []byte
	if len(t.mask) > 0 {
		key = t.e.HashKey
	}
	t.raw = encode(t.in.Data)
	about := encode([]any{t.in.Action, t.in.Screen, t.in.Data, t.in.Unread})
	h := hmac.New(sha256.New, key)
	h.Write(append(about, '\n'))
	return hex.EncodeToString(h.Sum(nil))
}

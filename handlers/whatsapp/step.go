package whatsapp

import (
	"bytes"
	"context"
	"strings"
	"time"

	"switchyard/models"
	"switchyard/models/rules"
)

const (
	// maxKept bounds an answer that is kept with its step or visit, in bytes.
	maxKept = 256 << 10
	// maxFault bounds a fault's text, in bytes: some of it comes from outside.
	maxFault = 500
	// maxWord bounds an action's and a screen's name as they came, in bytes.
	maxWord = 200
)

// isTest knows the tokens of test buttons, play --test and Try it (design/decisions.md 35).
func isTest(token string) bool { return strings.HasPrefix(token, models.TestToken) }

// step begins the record of this turn.
func (t *turn) step(kind string, r reply) models.Step {
	return models.Step{
		FlowID: t.flow.ID, At: at(t.now), Action: cut(t.in.Action, maxWord), Screen: cut(t.in.Screen, maxWord),
		Kind: kind, RuleVersion: t.by.version, Status: r.status, Faults: t.faults, Test: isTest(t.in.Token),
		Micros: time.Since(t.began).Microseconds(),
	}
}

// keep remembers the decision in the visit and records the step.
func (t *turn) keep(ctx context.Context, d rules.Decision, hash string, r reply) {
	hiddenAnswer := r.body
	stored := t.hidden(d)
	if len(t.mask) > 0 {
		hiddenAnswer = t.body(stored)
	}
	kind := string(d.Kind)
	if t.by.set == nil {
		kind = "unruled"
	}
	s := t.step(kind, r)
	s.NextScreen, s.RuleID, s.Rule = d.Screen, d.RuleID, d.Rule
	if t.flow.fault != "" {
		s.Faults = append(s.Faults, t.flow.fault)
	}
	s.Faults = append(s.Faults, stored.Faults...)
	s.Data = t.stored()
	if len(hiddenAnswer) <= maxKept {
		s.Answer = hiddenAnswer
	}
	if t.visit != nil {
		t.visit.turn(t, stored)
		t.visit.answered(t, hash, r, d.Kind, bytes.Equal(hiddenAnswer, r.body))
	}
	t.store(ctx, s, t.files...)
}

// hidden is the decision as it may be stored.
func (t *turn) hidden(d rules.Decision) rules.Decision {
	if len(t.mask) == 0 {
		return d
	}
	d.Data, d.Params = t.mask.data(d.Data), t.mask.data(d.Params)
	d.Message, d.Faults = t.mask.text(d.Message), t.mask.texts(d.Faults)
	return d
}

// store records a step with its visit as it is now. A visit that could not be read yet has no number; it gets one when
// the database answers.
func (t *turn) store(ctx context.Context, s models.Step, files ...models.InFile) {
	rec := models.StepRecord{Step: s, Sensitive: t.flow.sensitive(), Files: files}
	size := int64(len(s.Data) + len(s.Answer))
	settled := func() {}
	if v := t.visit; v != nil {
		v.size = sizeOf(&v.v)
		size += v.size
		if v.v.Steps > 0 {
			rec.Visit = v.v
		}
		if !v.loaded {
			rec.Visit.Run = 0
		}
		t.e.memory.hold(v)
		settled = func() { t.e.memory.release(v) }
	}
	t.e.steps.keep(ctx, rec, size, settled)
}

// stored is the submitted data for storing.
func (t *turn) stored() []byte {
	if t.raw != nil && len(t.mask) == 0 {
		return t.raw
	}
	return encode(t.data)
}

// encode writes JSON for storing; nil for what JSON cannot hold.
func encode(data any) []byte {
	b, err := models.AppendJSON(make([]byte, 0, 256), data)
	if err != nil {
		return nil
	}
	return b
}

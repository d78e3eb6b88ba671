package demo

import (
	"maps"
	"slices"
	"time"

	"switchyard/handlers/whatsapp/wire"
	"switchyard/models"
	"switchyard/models/rules"
)

// dataVersion is the one that the sample Flow JSONs speak.
const dataVersion = "3.0"

// longest is the number of steps after which even the most patient customer has had enough.
const longest = 25

// A visiting is one customer's run through a flow in the past, decided by the rules of the time.
type visiting struct {
	f       *filling
	s       *sample
	set     *rules.Set
	now     time.Time
	v       models.Visit
	records []models.StepRecord
}

// visit plays a run from its opening. answers is what the customer completes the flow with, nil for one who leaves; a
// visit that would go on after the end of the past is open.
func (f *filling) visit(s *sample, who contact, token string, start time.Time) (records []models.StepRecord, answers map[string]any, end time.Time) {
	ran, number := s.at(start)
	v := visiting{f: f, s: s, set: ran.set, now: start}
	v.v = models.Visit{FlowID: s.row.ID, Token: token, Run: 1, RuleVersion: number, StartedAt: at(start), Outcome: models.VisitOpen}
	customer := s.habit(f.rand, who, start)
	d := v.ask(rules.Request{Action: rules.Init, Data: map[string]any{}, Now: start})
	for range longest {
		if d.Kind == rules.Finishes {
			return v.records, maps.Clone(d.Params), v.now
		}
		m := customer.next(view{d.Screen, d.Message})
		v.now = v.now.Add(time.Duration(4+f.rand.IntN(70)) * time.Second)
		switch {
		case m.complete != nil:
			return v.records, m.complete, v.now
		case m.action == "" || v.now.After(f.Now):
			return v.records, nil, v.now
		}
		d = v.ask(rules.Request{Action: m.action, Screen: d.Screen, Data: m.data, Now: v.now})
	}
	return v.records, nil, v.now
}

// ask is one request of the endpoint, recorded as the server records it.
func (v *visiting) ask(in rules.Request) rules.Decision {
	known := rules.Visit{Known: true, Answers: maps.Clone(v.v.Answers), Sent: maps.Clone(v.v.Sent), Trail: slices.Clone(v.v.Trail), Started: v.v.StartedAt.Time, Steps: v.v.Steps}
	d := v.set.Next(in, known, rules.Fallback{Message: "Something went wrong. Please try again."})
	kept := v.withoutSecrets(in)
	answer := wire.AnswerScreen(dataVersion, d.Screen, d.Data)
	if d.Kind == rules.Finishes {
		answer = wire.AnswerFinish(dataVersion, v.v.Token, d.Params)
	}
	v.turn(in, kept, d)
	v.v.LastAnswer, v.v.LastStatus = answer, 200
	v.records = append(v.records, models.StepRecord{Visit: v.v, Sensitive: v.s.json.Sensitive(), Files: v.attached(in), Step: models.Step{
		FlowID: v.v.FlowID, At: at(in.Now), Action: string(in.Action), Screen: in.Screen, NextScreen: d.Screen, Kind: string(d.Kind), RuleID: d.RuleID, Rule: d.Rule,
		RuleVersion: v.v.RuleVersion, Micros: v.f.took(v.s, in.Now), Status: 200, Faults: d.Faults, Data: encode(kept), Answer: answer,
	}})
	return d
}

// turn moves the visit on (design/decisions.md 1–5).
func (v *visiting) turn(in rules.Request, kept map[string]any, d rules.Decision) {
	v.v.Steps++
	v.v.LastAt = at(in.Now)
	if to := models.Routed(d.Kind, d.Screen, d.RuleID); to != "" {
		v.v.Routed = to
	}
	if in.Action == rules.Exchange {
		v.v.Answers = with(v.v.Answers, in.Screen, kept)
	}
	if d.Kind == rules.Finishes {
		v.v.Outcome = models.VisitFinished
		return
	}
	if i := slices.Index(v.v.Trail, d.Screen); i >= 0 {
		v.v.Trail = v.v.Trail[:i+1]
	} else {
		v.v.Trail = append(slices.Clip(v.v.Trail), d.Screen)
	}
	v.v.Screen = d.Screen
	v.v.Sent = with(v.v.Sent, d.Screen, d.Data)
}

// withoutSecrets is the data as it may be kept: a passcode is stored nowhere.
func (v *visiting) withoutSecrets(in rules.Request) map[string]any {
	kept := maps.Clone(in.Data)
	if _, ok := kept["pin"]; ok {
		kept["pin"] = "•••"
	}
	return kept
}

func with(m map[string]map[string]any, key string, value map[string]any) map[string]map[string]any {
	m = maps.Clone(m)
	if m == nil {
		m = map[string]map[string]any{}
	}
	m[key] = value
	return m
}

// took is how long the endpoint needed, in microseconds; far longer while WhatsApp complained of it.
func (f *filling) took(s *sample, when time.Time) int64 {
	micros := int64(280*f.rand.ExpFloat64()) + 180
	for _, st := range f.stories {
		if st.kind == latency && st.metaID == s.row.MetaID && when.After(f.ago(st.began+hour)) && when.Before(f.ago(st.over())) {
			return 900_000 + micros*2500
		}
	}
	return micros
}

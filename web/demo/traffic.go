package demo

import (
	"context"
	"math"
	"slices"
	"time"

	"switchyard/handlers/whatsapp/wire"
	"switchyard/models"
)

// batch is how many visits are made before they are written.
const batch = 500

// A gathering is what is written together.
type gathering struct {
	records    []models.StepRecord
	deliveries []models.Delivery
}

// traffic makes all visits and responses, with the messages that invited them.
func (f *filling) traffic(ctx context.Context, _ *Filled) error {
	visits := f.Responses * 128 / 100 // not everybody comes to the end
	for chunk := range slices.Chunk(rhythm(f.rand, f.Now, visits), batch) {
		var g gathering
		for _, start := range chunk {
			f.arrive(&g, start)
		}
		if err := f.keep(ctx, g); err != nil {
			return err
		}
	}
	return nil
}

// arrive is one customer who comes by a message of the business, and all that follows.
func (f *filling) arrive(g *gathering, start time.Time) {
	s := f.flows[weighted(f.rand, len(f.flows), func(i int) int { return f.flows[i].share })]
	who := f.regular()
	invitation := messageID(f.rand)
	f.invite(g, who, invitation, start)
	token := s.row.Slug + "." + randomText(f.rand, 20)
	answers, end := f.goThrough(g, s, who, token, start)
	if answers == nil {
		return
	}
	answers["flow_token"] = token
	end = end.Add(time.Second)
	f.deliver(g, reply(who, messageID(f.rand), invitation, string(encode(answers)), end), end)
}

func (f *filling) goThrough(g *gathering, s *sample, who contact, token string, start time.Time) (answers map[string]any, end time.Time) {
	if s.habit == nil {
		return answersOf(f.rand), start.Add(time.Duration(20+f.rand.IntN(120)) * time.Second)
	}
	records, answers, end := f.visit(s, who, token, start)
	g.records = append(g.records, records...)
	return answers, end
}

// invite is the message that brings a customer, and now and then another that brings nobody.
func (f *filling) invite(g *gathering, who contact, id string, start time.Time) {
	sent := start.Add(-time.Duration(30+f.rand.ExpFloat64()*2400) * time.Second)
	f.deliver(g, statuses(who, id, sent, "sent", "delivered"), sent)
	read := start.Add(-3 * time.Second)
	f.deliver(g, statuses(who, id, read, "read"), read)
	switch other := f.regular(); {
	case chance(f.rand, 3):
		f.deliver(g, undelivered(other, messageID(f.rand), sent), sent)
	case chance(f.rand, 14):
		f.deliver(g, statuses(other, messageID(f.rand), sent, "sent", "delivered"), sent)
	case chance(f.rand, 2):
		f.deliver(g, textMessage(other, messageID(f.rand), pick(f.rand, notes), sent), sent)
	}
}

// deliver is a body that comes in, a moment after what it tells of.
func (f *filling) deliver(g *gathering, body []byte, when time.Time) {
	when = when.Add(1500 * time.Millisecond)
	if when.After(f.Now) {
		return
	}
	g.deliveries = append(g.deliveries, models.Delivery{
		Source: string(wire.Meta), ReceivedAt: at(when), Body: body, Signature: wire.Sign(f.appSecret, body), ContentType: "application/json",
	})
}

// keep writes steps first, as in life: a response finds the visit that it ends.
func (f *filling) keep(ctx context.Context, g gathering) error {
	slices.SortStableFunc(g.records, func(a, b models.StepRecord) int { return a.Step.At.Compare(b.Step.At.Time) })
	slices.SortStableFunc(g.deliveries, func(a, b models.Delivery) int { return a.ReceivedAt.Compare(b.ReceivedAt.Time) })
	if n := len(g.deliveries); n > 0 {
		f.clock.set(g.deliveries[n-1].ReceivedAt.Time)
	}
	f.measure(g.records)
	if err := f.db.RecordSteps(ctx, g.records); err != nil {
		return err
	}
	if err := f.db.StoreDeliveries(ctx, g.deliveries); err != nil {
		return err
	}
	if err := f.Settle(ctx, f.db); err != nil {
		return err
	}
	return f.passOn(ctx)
}

// regular is somebody of the crowd: some come often, most rarely.
func (f *filling) regular() contact {
	return f.crowd[int(float64(len(f.crowd))*math.Pow(f.rand.Float64(), 1.7))]
}

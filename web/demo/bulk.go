package demo

import (
	"context"
	"iter"
	"maps"
	"math/rand/v2"

	"switchyard/models"
)

// mostStories is up to how many responses each has its whole story: visit, steps, messages, deliveries. Of more of them
// the usual number has, and the rest are responses alone, written in bulk: for measuring a list.
const mostStories = 10_000

// split is how many responses have a story, and how many are written in bulk.
func split(responses int) (stories, bulk int) {
	if responses <= mostStories {
		return responses, 0
	}
	return usualResponses, responses - usualResponses
}

// inBulk writes the rest: of the same customers, with the answers that they gave before, at other times.
func (f *filling) inBulk(ctx context.Context, _ *Filled) error {
	if f.bulk == 0 {
		return nil
	}
	var told []models.Response
	for r, err := range f.db.EachResponse(ctx, models.ResponseFilter{State: models.Complete}) {
		if err != nil {
			return err
		}
		told = append(told, r)
	}
	f.clock.set(f.Now)
	return f.db.LoadResponses(ctx, f.bulk, f.again(told))
}

// again yields the rest in order of time.
func (f *filling) again(told []models.Response) iter.Seq[models.Response] {
	return func(yield func(models.Response) bool) {
		for _, start := range rhythm(f.rand, f.Now, f.bulk) {
			if !yield(another(f.rand, told, at(start))) {
				return
			}
		}
	}
}

// another is a response with the answers of one that was told, of which those that others gave stand in for a few, by a
// customer of another.
func another(random *rand.Rand, told []models.Response, when models.Time) models.Response {
	r, who := pick(random, told), pick(random, told).Contact
	other := pick(random, told)
	if r.FlowID == other.FlowID {
		answers := maps.Clone(r.Answers)
		for key, v := range other.Answers {
			if _, has := answers[key]; has && chance(random, 40) {
				answers[key] = v
			}
		}
		r.Answers = answers
	}
	r.ID, r.WAMID, r.DeliveryID, r.ContextID, r.VisitID = 0, messageID(random), 0, messageID(random), 0
	r.Token = r.FlowSlug + "." + randomText(random, 20)
	r.Contact, r.SentAt, r.ReceivedAt = who, when, when
	answers := maps.Clone(r.Answers)
	answers["flow_token"] = r.Token
	r.Raw = string(encode(answers))
	return r
}

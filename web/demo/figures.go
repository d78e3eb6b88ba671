package demo

import (
	"context"
	"slices"
	"time"

	"switchyard/models"
)

// A tallyKey is a flow and a time.
type tallyKey struct {
	slug string
	at   time.Time
}

// fine is how far back figures are by minute, and middling by hour; those before are told at the beginning of their day.
const fine, middling = 3 * hour, 8 * day

// tally is what is counted of a flow at about a time.
func (f *filling) tally(slug string, when time.Time) *models.FlowTally {
	when = when.UTC().Truncate(time.Minute)
	if when.Before(f.ago(middling)) {
		when = when.Truncate(day)
	} else if when.Before(f.ago(fine)) {
		when = when.Truncate(hour)
	}
	key := tallyKey{slug, when}
	if f.tallies[key] == nil {
		f.tallies[key] = &models.FlowTally{Slug: slug, At: when}
	}
	return f.tallies[key]
}

// measure counts steps, as the endpoint does.
func (f *filling) measure(records []models.StepRecord) {
	for _, r := range records {
		for _, s := range f.flows {
			if s.row.ID == r.Step.FlowID && !r.Step.Test {
				f.tally(s.row.Slug, r.Step.At.Time).Answer(time.Duration(r.Step.Micros) * time.Microsecond)
			}
		}
	}
}

// figures writes what was counted, and the pings of all the time.
func (f *filling) figures(ctx context.Context, _ *Filled) error {
	for _, s := range f.flows {
		for when := f.ago(past); s.json.HasEndpoint() && when.Before(f.Now); when = when.Add(5 * minute) {
			if !f.unreachable(s.row.MetaID, when) {
				f.tally(s.row.Slug, when).Pings++
			}
		}
	}
	all := make([]models.FlowTally, 0, len(f.tallies))
	for _, t := range f.tallies {
		all = append(all, *t)
	}
	slices.SortFunc(all, func(a, b models.FlowTally) int { return a.At.Compare(b.At) })
	for some := range slices.Chunk(all, 500) {
		if err := f.db.AddTallies(ctx, some); err != nil {
			return err
		}
	}
	return nil
}

package models

import (
	"context"
	"errors"
	"time"

	"switchyard/models/filter"
)

const (
	// MaxSpread is how many responses a distribution reads: the newest of a filter.
	MaxSpread = 10_000
	// spreadPatience is how long it may read; what was read by then is what it tells of.
	spreadPatience = 1500 * time.Millisecond
	// spreadsAtOnce leaves connections and processors to whoever reads lists.
	spreadsAtOnce = 2
	// wholePatience is how long counting all of a filter may take beside it.
	wholePatience = 300 * time.Millisecond
	// wholeCap is where that ends.
	wholeCap = 10_000_000
)

// A Spread is how the answers of one key are counted. The zero value finds out from what was answered: yes and no, numbers
// and days where there is nothing else, else texts.
type Spread string

// The spreads.
const (
	ByText   Spread = "text"   // the texts that are said more than once
	ByChoice Spread = "choice" // every text
	ByYesNo  Spread = "yesno"
	ByNumber Spread = "number" // ranges of numbers
	ByDay    Spread = "day"    // ranges of days, as they are written
	OnlyHave Spread = "have"   // only whether there is one
)

// A SpreadKey is an answer that a distribution is asked for.
type SpreadKey struct {
	Key string
	By  Spread
}

// A SpreadBar is a value or a range of an answer, and how many responses have it. Ends are as a filter writes them, both
// included; those of yes and no are "true" and "false".
type SpreadBar struct {
	From, To string // To is "" of a single value
	N        int
}

// A FieldSpread is how the answers of one key are spread. A response whose answer is a list counts once in each of its bars.
type FieldSpread struct {
	SpreadKey                 // with what was found out
	Filled, Empty int         // responses
	Bars          []SpreadBar // ranges in their order, texts the most frequent first
	Different     int         // texts that were told apart
	Uncounted     bool        // there are more: they were too many, or too long
	Other         int         // responses with something that is in no bar
}

// A SpreadCount is how many responses have something that is not an answer.
type SpreadCount struct {
	Value, Name string
	N           int
}

// A Distribution is how the newest responses of a filter are spread: at most MaxSpread, fewer when reading took too long.
type Distribution struct {
	Read     int         // responses
	More     bool        // the filter has more than were read
	Whole    Tally       // how many it has
	Days     []SpreadBar // of receipt, in the zone that was asked for
	Flows    []SpreadCount
	States   []SpreadCount
	Outcomes []SpreadCount // Name is the flow's slug
	Fields   []FieldSpread // in the order of the question
}

// Distribution counts the answers of the newest responses of a filter. Days of receipt are those of a zone. Few are counted
// at once; the others wait.
func (db *DB) Distribution(ctx context.Context, f ResponseFilter, keys []SpreadKey, zone *time.Location) (Distribution, error) {
	f.UpTo, f.Before, f.After, f.Sort, f.Ascending = 0, 0, 0, Sort{}, false
	search, err := db.responseSearch(ctx, f)
	if err != nil {
		return Distribution{}, err
	}
	select {
	case db.spreading <- struct{}{}:
		defer func() { <-db.spreading }()
	case <-ctx.Done():
		return Distribution{}, ctx.Err()
	}
	return search.spread(ctx, keys, zone, MaxSpread)
}

func (s *responseSearch) spread(ctx context.Context, keys []SpreadKey, zone *time.Location, most int) (Distribution, error) {
	c := newSpreading(keys, zone)
	within, cancel := context.WithTimeout(ctx, spreadPatience)
	defer cancel()
	err := s.eachNewest(within, most+1, func(r *Response) bool {
		if c.more = c.read == most; !c.more {
			c.add(r)
		}
		return !c.more
	})
	late := errors.Is(tooSlow(within, err), ErrTooSlow)
	if err != nil && (!late || ctx.Err() != nil) {
		return Distribution{}, err
	}
	d := c.distribution()
	d.More = late || c.more
	d.Whole = Tally{N: d.Read}
	if d.More {
		d.Whole, err = s.countWhole(ctx, d.Read)
	}
	return d, err
}

// eachNewest yields the newest n, from one read that ends with the context.
func (s *responseSearch) eachNewest(ctx context.Context, n int, yield func(*Response) bool) error {
	if err := s.decide(ctx); err != nil {
		return err
	}
	q := s.batch(listKey{}, false, n)
	rows, err := s.db.reader().QueryContext(ctx, q.text, q.args...)
	if err != nil {
		return err
	}
	var r Response
	var answers []byte
	fields := r.fields(&answers)
	for rows.Next() {
		if err := errors.Join(rows.Scan(fields...), r.decode(answers)); err != nil {
			return errors.Join(err, rows.Close())
		}
		if !yield(&r) {
			break
		}
	}
	return errors.Join(rows.Err(), rows.Close())
}

// countWhole counts all of the filter, as far as there is time; there are more than were read.
func (s *responseSearch) countWhole(ctx context.Context, read int) (Tally, error) {
	within, cancel := context.WithTimeout(ctx, wholePatience)
	defer cancel()
	n, err := s.countAsDecided(within, wholeCap)
	switch {
	case err == nil:
		return Tally{max(n, read), n >= wholeCap}, nil
	case errors.Is(tooSlow(within, err), ErrTooSlow) && ctx.Err() == nil:
		return Tally{read, true}, nil
	}
	return Tally{}, err
}

// Where is the condition that exactly the responses of a bar fulfil.
func (f FieldSpread) Where(b SpreadBar) filter.Condition {
	leaf := func(op filter.Op, values ...string) filter.Condition {
		return filter.Condition{Key: f.Key, Op: op, Values: values}
	}
	switch {
	case f.By == ByYesNo && b.From == "true":
		return leaf(filter.Yes)
	case f.By == ByNumber && b.To == "":
		return leaf(filter.Eq, b.From)
	case f.By == ByNumber:
		return leaf(filter.Between, b.From, b.To)
	case f.By == ByDay && b.To == "":
		return leaf(filter.On, b.From)
	case f.By == ByDay:
		return leaf(filter.During, b.From, b.To)
	}
	return leaf(filter.Is, b.From)
}

// WhereEmpty is the condition that the responses without an answer fulfil.
func (f FieldSpread) WhereEmpty() filter.Condition {
	return filter.Condition{Key: f.Key, Op: filter.Empty}
}

package admin

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"

	"switchyard/models"
	"switchyard/models/flowjson"
	"switchyard/models/rules"
	"switchyard/views"
)

const (
	suggested = 3    // flows at most
	compared  = 1000 // responses that have a flow, with which others are compared
)

// A knownNames remembers what the versions of Flow JSON and of rules can answer: a version never changes.
type knownNames struct {
	mu    sync.Mutex
	jsons map[int64][]string // by id
	rules map[int64][]string
}

// of is what read says, once for each id.
func (k *knownNames) of(in *map[int64][]string, id int64, read func() ([]string, error)) ([]string, error) {
	k.mu.Lock()
	names, ok := (*in)[id]
	k.mu.Unlock()
	if ok {
		return names, nil
	}
	names, err := read()
	if err != nil {
		return nil, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if *in == nil {
		*in = map[int64][]string{}
	}
	(*in)[id] = names
	return names, nil
}

// A suggester ranks flows for responses that have none.
type suggester struct {
	flows []candidate
}

// A candidate is a flow with what its responses look like.
type candidate struct {
	flow     models.Flow
	names    map[string]bool // that a response of it may hold
	patterns map[string]int  // of tokens, by how many recent responses had such a one
	numbers  map[string]int  // of ours, likewise
	only     map[string]bool // the numbers to which no other flow's came
}

// suggester reads what is known of all flows.
func (a *Admin) suggester(ctx context.Context) (s suggester, err error) {
	flows, err := a.DB.Flows(ctx)
	if err != nil {
		return s, err
	}
	lately, err := a.DB.LatelyMatched(ctx, compared)
	if err != nil {
		return s, err
	}
	for _, f := range flows {
		c := candidate{flow: f, patterns: map[string]int{}, numbers: map[string]int{}, only: map[string]bool{}}
		if c.names, err = a.namesOf(ctx, f.ID); err != nil {
			return s, err
		}
		s.flows = append(s.flows, c)
	}
	used := map[string]map[int64]bool{}
	for _, m := range lately {
		for _, c := range s.flows {
			if c.flow.ID != m.FlowID {
				continue
			}
			if p := models.TokenPattern(m.Token); p != "" {
				c.patterns[p]++
			}
			c.numbers[m.PhoneNumber]++
			if used[m.PhoneNumber] == nil {
				used[m.PhoneNumber] = map[int64]bool{}
			}
			used[m.PhoneNumber][m.FlowID] = true
		}
	}
	for _, c := range s.flows {
		for number := range c.numbers {
			c.only[number] = number != "" && len(used[number]) == 1
		}
	}
	return s, nil
}

// namesOf are the names that responses of a flow may hold, in any version of its Flow JSON and in its published rules.
func (a *Admin) namesOf(ctx context.Context, flowID int64) (map[string]bool, error) {
	versions, err := a.DB.FlowJSONs(ctx, flowID)
	if err != nil {
		return nil, err
	}
	all := map[string]bool{}
	add := func(names []string) {
		for _, n := range names {
			all[n] = true
		}
	}
	for _, v := range versions {
		names, err := a.known.of(&a.known.jsons, v.ID, func() ([]string, error) { return a.jsonNames(ctx, v.ID) })
		if err != nil {
			return nil, err
		}
		add(names)
	}
	published, err := a.DB.PublishedRules(ctx, flowID)
	if errors.Is(err, models.ErrNotFound) {
		return all, nil
	}
	if err != nil {
		return nil, err
	}
	names, err := a.known.of(&a.known.rules, published.ID, func() ([]string, error) {
		doc, _ := rules.Parse(published.Document, func() string { return "" })
		return doc.FinishParams(), nil
	})
	add(names)
	return all, err
}

func (a *Admin) jsonNames(ctx context.Context, id int64) (names []string, err error) {
	kept, err := a.DB.FlowJSON(ctx, id)
	if err != nil {
		return nil, err
	}
	flow, _ := flowjson.Parse(kept.Raw)
	if flow == nil {
		return nil, nil
	}
	for _, answer := range flow.Answers() {
		names = append(names, answer.Key)
	}
	return names, nil
}

// of ranks the flows for one response, best first. None is a decision: a person makes it.
func (s suggester) of(r models.Response) []views.Suggestion {
	var all []views.Suggestion
	for _, c := range s.flows {
		if g, ok := c.suggestion(r); ok {
			all = append(all, g)
		}
	}
	slices.SortStableFunc(all, func(a, b views.Suggestion) int {
		if a.Score != b.Score {
			return b.Score - a.Score
		}
		return strings.Compare(a.Name, b.Name)
	})
	return all[:min(len(all), suggested)]
}

// suggestion tells why a response may be one of the flow; ok is false when nothing says so.
func (c candidate) suggestion(r models.Response) (g views.Suggestion, ok bool) {
	g = views.Suggestion{Slug: c.flow.Slug, Name: c.flow.Name}
	hits := 0
	for key := range r.Answers {
		if c.names[key] {
			hits++
		}
	}
	if total := len(r.Answers); hits > 0 && 2*hits >= total {
		g.Score += 1000*hits/total + 100*hits/len(c.names)
		g.Why = append(g.Why, views.FitWords(hits, total))
	}
	if p := models.TokenPattern(r.Token); p != "" && c.patterns[p] > 0 {
		g.Score += 500
		g.Why = append(g.Why, views.TokenWords(c.patterns[p]))
	}
	if c.only[r.PhoneNumber] {
		g.Score += 50
		g.Why = append(g.Why, views.NumberWords(c.numbers[r.PhoneNumber]))
	}
	return g, g.Score > 0
}

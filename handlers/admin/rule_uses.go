package admin

import (
	"context"
	"crypto/sha256"
	"errors"
	"slices"
	"sync"

	"switchyard/models"
	"switchyard/models/flowjson"
	"switchyard/models/rules"
	"switchyard/views"
)

// A usedSet is a rule set of a flow with what it uses.
type usedSet struct {
	doc       rules.Document
	uses      []rules.Use
	published bool // what runs; else the draft
}

// usedSets are what is published and, when there is one, the draft.
func (a *Admin) usedSets(ctx context.Context, flowID int64) ([]usedSet, error) {
	var sets []usedSet
	for i, read := range []func(context.Context, int64) (models.RuleSet, error){a.DB.PublishedRules, a.DB.DraftRules} {
		set, err := read(ctx, flowID)
		if errors.Is(err, models.ErrNotFound) || err == nil && i == 1 && set.Version == 0 {
			continue
		}
		if err != nil {
			return nil, err
		}
		used := a.used.of(set.Document)
		used.published = i == 0
		sets = append(sets, used)
	}
	return sets, nil
}

// A knownUses remembers what documents use; it begins anew when it is full.
type knownUses struct {
	mu  sync.Mutex
	all map[[sha256.Size]byte]usedSet
}

// mostUses is how many documents are remembered.
const mostUses = 50

// of must not be changed by who gets it.
func (k *knownUses) of(document []byte) usedSet {
	sum := sha256.Sum256(document)
	k.mu.Lock()
	used, known := k.all[sum]
	k.mu.Unlock()
	if known {
		return used
	}
	used.doc, _ = rules.Parse(document, newRuleID)
	used.uses = rules.Uses(used.doc)
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.all == nil || len(k.all) >= mostUses {
		k.all = map[[sha256.Size]byte]usedSet{}
	}
	k.all[sum] = used
	return used
}

// rulesUsing are the rules of a flow that use something, each once, with whether the draft, what is published, or both do.
func rulesUsing(flow models.Flow, json *flowjson.Flow, sets []usedSet, what func(rules.Use) bool) []views.RuleUse {
	var found []views.RuleUse
	at := map[[2]string]int{}
	for _, set := range sets {
		for _, u := range set.uses {
			if !what(u) {
				continue
			}
			key := [2]string{u.Place, u.RuleID}
			i, known := at[key]
			if !known {
				i, at[key] = len(found), len(found)
				found = append(found, views.RuleUse{Flow: flow, Place: u.Place, PlaceName: views.ScreenName(json, u.Place), RuleID: u.RuleID, Rule: u.Rule})
			}
			r := &found[i]
			r.Published, r.Draft = r.Published || set.published, r.Draft || !set.published
			r.Off, r.Drafted = u.Off, len(sets) > 1 || !set.published
			if u.Kind == rules.UsesColumn && !slices.Contains(r.Columns, u.Column) {
				r.Columns = append(r.Columns, u.Column)
			}
			r.Unsure = r.Unsure || u.Kind == rules.UsesList && u.Name == ""
		}
	}
	return found
}

// listUses are the rules of all flows that use a list, or that may because a formula makes the name up.
func (a *Admin) listUses(ctx context.Context, name string) ([]views.RuleUse, error) {
	flows, err := a.DB.Flows(ctx)
	if err != nil {
		return nil, err
	}
	columns, err := a.listColumns(ctx, name)
	if err != nil {
		return nil, err
	}
	var found []views.RuleUse
	for _, f := range flows {
		sets, err := a.usedSets(ctx, f.ID)
		if err != nil {
			return nil, err
		}
		using := rulesUsing(f, nil, sets, func(u rules.Use) bool {
			return aboutList(u, name)
		})
		if len(using) == 0 {
			continue
		}
		json, err := a.flowJSON(ctx, f.ID)
		if err != nil {
			return nil, err
		}
		for i := range using {
			using[i].PlaceName = views.ScreenName(json, using[i].Place)
			using[i].Columns = append(using[i].Columns, sentColumns(json, sets, using[i], name, columns)...)
		}
		found = append(found, using...)
	}
	return found, nil
}

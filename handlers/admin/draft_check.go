package admin

import (
	"bytes"
	"maps"
	"slices"
	"time"

	"switchyard/models/flowjson"
	"switchyard/models/rules"
	"switchyard/views"
)

// A keptCheck is what is wrong with the rules of a flow, with all that it depends on.
type keptCheck struct {
	raw   []byte
	flow  *flowjson.Flow
	lists map[string]*rules.List
	zone  string

	problems []rules.Problem
	fixes    map[string][]rules.Fix // nil: not looked for yet
}

// check is what was found about the rules of d as they were read; nil when that is not remembered.
func (k *keptDrafts) check(d draft, zone *time.Location) *keptCheck {
	k.mu.Lock()
	defer k.mu.Unlock()
	kept := k.checks[d.flow.ID]
	if kept == nil || kept.flow != d.json || kept.zone != zone.String() || !maps.Equal(kept.lists, d.lists) || !bytes.Equal(kept.raw, d.set.Document) {
		return nil
	}
	return kept
}

func (k *keptDrafts) keepCheck(d draft, zone *time.Location, problems []rules.Problem, fixes map[string][]rules.Fix) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.checks == nil || len(k.checks) >= mostKept {
		k.checks = map[int64]*keptCheck{}
	}
	k.checks[d.flow.ID] = &keptCheck{raw: d.set.Document, flow: d.json, lists: d.lists, zone: zone.String(), problems: problems, fixes: fixes}
}

// problems are those of a draft as it was read, compiled as publishing would. The slice may be changed.
func (a *Admin) problems(d draft, zone *time.Location) []rules.Problem {
	if kept := a.drafts.check(d, zone); kept != nil {
		return slices.Clone(kept.problems)
	}
	_, problems := rules.Compile(d.was, d.json, d.lists, zone)
	a.drafts.keepCheck(d, zone, problems, nil)
	return slices.Clone(problems)
}

// Limits of a page, since each fix is tried on the document: problems that have fixes, and that are looked at for them.
const (
	maxFixed = 20
	maxTried = 200
)

// fixes are what mends the problems of a draft as it was read, by a button; the errors come first.
func (a *Admin) fixes(d draft, problems []rules.Problem, zone *time.Location) map[string][]rules.Fix {
	if d.json == nil || len(problems) == 0 {
		return nil
	}
	if kept := a.drafts.check(d, zone); kept != nil && kept.fixes != nil {
		return kept.fixes
	}
	fixes := findFixes(rules.NewFixer(d.was, d.json, d.lists, zone), problems)
	a.drafts.keepCheck(d, zone, problems, fixes)
	return fixes
}

func findFixes(fixer *rules.Fixer, problems []rules.Problem) map[string][]rules.Fix {
	fixes, tried := map[string][]rules.Fix{}, 0
	for _, severity := range []rules.Severity{rules.Error, rules.Warning} {
		for _, p := range problems {
			if len(fixes) == maxFixed || tried == maxTried {
				return fixes
			}
			if p.Severity != severity {
				continue
			}
			tried++
			if some := fixer.Fixes(p); len(some) > 0 {
				fixes[views.ProblemID(p)] = some
			}
		}
	}
	return fixes
}

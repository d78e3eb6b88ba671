package rules

import (
	"maps"
	"slices"
)

// A Clash is a part of the document that two people changed in different ways.
type Clash struct {
	Screen string // id, or "opening"; "" for the document itself
	Part   Part
	RuleID string // of RulePart
}

// Merge brings two changes of one document together: rule by rule, and each otherwise, way back and order as one. What
// only one of them changed is taken from that one, what both changed alike from either. With clashes, which tell what both
// changed differently, the document is not to be used. Which of the two is theirs and which mine makes no difference.
func Merge(base, theirs, mine Document) (Document, []Clash) {
	m := &merger{}
	out := Document{Switchyard: max(theirs.Switchyard, mine.Switchyard), Screens: map[string]*ScreenRules{}}
	out.Timezone = choose(m, Clash{Part: ZonePart}, base.Timezone, theirs.Timezone, mine.Timezone)
	for _, screen := range placesOf(nil, base, theirs, mine) {
		s := m.place(screen, base.at(screen), theirs.at(screen), mine.at(screen))
		switch {
		case s == nil:
		case screen == openingPlace:
			out.Opening = s
		default:
			out.Screens[screen] = s
		}
	}
	m.twice(out)
	return out.Clone(), m.clashes
}

type merger struct{ clashes []Clash }

// choose is the one that differs from base; where both do, in different ways, they clash.
func choose[T any](m *merger, c Clash, base, theirs, mine T) T {
	switch {
	case alike(theirs, mine), alike(base, mine):
		return theirs
	case alike(base, theirs):
		return mine
	}
	m.clashes = append(m.clashes, c)
	return mine
}

// place merges the rules of one place; nil is a place that is not there.
func (m *merger) place(screen string, base, theirs, mine *ScreenRules) *ScreenRules {
	if theirs == nil && mine == nil {
		return nil
	}
	if base != nil && (theirs == nil && alike(base, mine) || mine == nil && alike(base, theirs)) {
		return nil // one removed it, the other left it as it was
	}
	base, theirs, mine = orNone(base), orNone(theirs), orNone(mine)
	return &ScreenRules{
		Rules:     m.rules(screen, base.Rules, theirs.Rules, mine.Rules),
		Otherwise: choose(m, Clash{Screen: screen, Part: OtherwisePart}, base.Otherwise, theirs.Otherwise, mine.Otherwise),
		Back:      choose(m, Clash{Screen: screen, Part: BackPart}, base.Back, theirs.Back, mine.Back),
	}
}

func orNone(s *ScreenRules) *ScreenRules {
	if s == nil {
		return &ScreenRules{}
	}
	return s
}

func (m *merger) rules(screen string, base, theirs, mine []Rule) []Rule {
	was, a, b := byID(base), byID(theirs), byID(mine)
	kept := map[string]Rule{}
	for _, id := range slices.Sorted(maps.Keys(union3(was, a, b))) {
		if r := choose(m, Clash{Screen: screen, Part: RulePart, RuleID: id}, was[id], a[id], b[id]); r != nil {
			kept[id] = *r
		}
	}
	order, ok := mergeOrder(idsOf(base), idsOf(theirs), idsOf(mine))
	if !ok {
		m.clashes = append(m.clashes, Clash{Screen: screen, Part: OrderPart})
	}
	out := []Rule{}
	for _, id := range order {
		if r, has := kept[id]; has {
			out = append(out, r)
		}
	}
	return out
}

// twice finds rules that one person moved to one screen, the other to another.
func (m *merger) twice(d Document) {
	seen := map[string]bool{}
	for _, screen := range placesOf(nil, d) {
		for _, r := range orNone(d.at(screen)).Rules {
			if seen[r.ID] {
				m.clashes = append(m.clashes, Clash{Screen: screen, Part: RulePart, RuleID: r.ID})
			}
			seen[r.ID] = true
		}
	}
}

func byID(rs []Rule) map[string]*Rule {
	out := make(map[string]*Rule, len(rs))
	for i := range rs {
		out[rs[i].ID] = &rs[i]
	}
	return out
}

func idsOf(rs []Rule) []string {
	out := make([]string, len(rs))
	for i, r := range rs {
		out[i] = r.ID
	}
	return out
}

func union3(a, b, c map[string]*Rule) map[string]*Rule {
	out := maps.Clone(a)
	maps.Copy(out, b)
	maps.Copy(out, c)
	return out
}

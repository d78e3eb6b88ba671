package rules

import (
	"maps"
	"slices"
	"strings"
)

// FinishSources tells for each param of a finish outcome whose value is a single placeholder of an earlier answer
// where that answer comes from, as "SCREEN.field": what gives a param its label (design/decisions.md 36). Where two
// outcomes disagree about a param it is left out.
func (d Document) FinishSources() map[string]string {
	sources := map[string]string{}
	for _, s := range d.Screens {
		if s == nil {
			continue
		}
		for _, r := range s.Rules {
			addSources(sources, r.Then.Finish)
		}
		if s.Otherwise != nil {
			addSources(sources, s.Otherwise.Finish)
		}
	}
	for param, source := range sources {
		if source == "" {
			delete(sources, param)
		}
	}
	return sources
}

// FinishParams names the params that finish outcomes send, in no order; a name may come more than once.
func (d Document) FinishParams() (names []string) {
	for _, s := range d.Screens {
		if s == nil {
			continue
		}
		outcomes := make([]*Finish, 0, len(s.Rules)+1)
		for _, r := range s.Rules {
			outcomes = append(outcomes, r.Then.Finish)
		}
		if s.Otherwise != nil {
			outcomes = append(outcomes, s.Otherwise.Finish)
		}
		for _, f := range outcomes {
			if f != nil {
				names = slices.AppendSeq(names, maps.Keys(f.Params))
			}
		}
	}
	return names
}

func addSources(sources map[string]string, f *Finish) {
	if f == nil {
		return
	}
	for param, v := range f.Params {
		source := finishSource(v)
		if before, ok := sources[param]; ok && before != source {
			source = ""
		}
		sources[param] = source
	}
}

// finishSource is "SCREEN.field" of the value "{{ answers.SCREEN.field }}", else "".
func finishSource(v any) string {
	text, _ := v.(string)
	inner, ok := strings.CutPrefix(strings.TrimSpace(text), "{{")
	inner, closed := strings.CutSuffix(inner, "}}")
	path, isAnswer := strings.CutPrefix(strings.TrimSpace(inner), "answers.")
	if !ok || !closed || !isAnswer || strings.ContainsAny(path, " (){}[]'\"+") || strings.Count(path, ".") != 1 {
		return ""
	}
	return path
}

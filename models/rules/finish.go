package rules

import "strings"

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

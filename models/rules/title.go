package rules

import (
	"strings"

	"switchyard/models/flowjson"
)

// titleFunction is the title of the option that the customer chose in a field: as we sent it in this visit,
// else as the flow or a list that feeds it has it, else its id. Several are joined by ", ".
func titleFunction(r *run, a []any) (any, error) {
	name, _ := a[0].(string)
	screen, field, ok := answerPath(name)
	if !ok {
		screen, field = r.in.Screen, strings.TrimPrefix(name, "data.")
	}
	chosen := newGetter(name).get(r)
	list, many := chosen.([]any)
	if !many {
		id, ok := scalarText(chosen)
		if !ok {
			return nil, nil
		}
		return r.optionTitle(screen, field, id)
	}
	if err := r.payFor(list); err != nil {
		return nil, err
	}
	titles := make([]string, 0, len(list))
	for _, e := range list {
		id, ok := scalarText(e)
		if !ok {
			continue
		}
		title, err := r.optionTitle(screen, field, id)
		if err != nil {
			return nil, err
		}
		titles = append(titles, title)
	}
	return strings.Join(titles, ", "), nil
}

func (r *run) optionTitle(screen, field, id string) (string, error) {
	s := r.set.screens[screen]
	if s == nil {
		return id, nil
	}
	f := s.field(field)
	if f == nil {
		return id, nil
	}
	sent, _ := r.visit.Sent[screen][f.OptionsKey].([]any)
	if err := r.pay(1 + (len(sent)+len(f.Options))/8); err != nil {
		return "", err
	}
	if title := titleIn(sent, id); title != "" {
		return title, nil
	}
	for _, name := range s.feeds[f.OptionsKey] {
		if t := r.set.tables[name]; t != nil {
			if title, _ := t.byID[id]["title"].(string); title != "" {
				return title, nil
			}
		}
	}
	if title := f.Title(id); title != "" {
		return title, nil
	}
	return id, nil
}

func titleIn(options []any, id string) string {
	for _, o := range options {
		if m, ok := o.(map[string]any); ok && m["id"] == id {
			title, _ := m["title"].(string)
			return title
		}
	}
	return ""
}

// field is the input behind a key that the screen sends, or the input of that name.
func (s *screen) field(key string) *flowjson.Field {
	if k := s.sent[key]; k != nil && k.Field != nil {
		return k.Field
	}
	if s.flow == nil {
		return nil
	}
	return s.flow.Field(key)
}

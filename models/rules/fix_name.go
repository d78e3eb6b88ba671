package rules

import (
	"maps"
	"regexp"
	"slices"
	"strings"
)

// otherField names a field that there is: one of this screen with a like name, or one of that name on another screen.
func (f *Fixer) otherField(p Problem, at where) (all []Fix) {
	if at.ends(p.name) && len(at.rest) > 1 && at.rest[len(at.rest)-2] == "errors" {
		return f.otherInput(p, at)
	}
	if name, isVisit := strings.CutPrefix(p.name, "visit."); isVisit {
		for _, known := range nearest(name, visitFields) {
			all = append(all, f.rename(at, p.name, "visit."+known, "Use visit."+known))
		}
		return all
	}
	screen, field, isAnswer := answerPath(p.name)
	if !isAnswer {
		screen, field = at.screen(), p.name
	}
	if s := f.set.screens[screen]; s != nil {
		for _, name := range nearest(field, s.known()) {
			to := "data." + name
			if isAnswer {
				to = "answers." + screen + "." + name
			}
			all = append(all, f.rename(at, p.name, to, "Use "+name))
		}
	}
	for _, other := range f.set.flow.Screens {
		if other.ID != screen && other.SentKey(field) != nil && slices.Contains(f.earlier(at.screen()), other.ID) {
			all = append(all, f.rename(at, p.name, "answers."+other.ID+"."+field, "Use "+field+" of "+other.ID))
		}
	}
	return all
}

// earlier are the screens from which the routing model leads to one.
func (f *Fixer) earlier(to string) (ids []string) {
	next := map[string][]string{}
	for _, s := range f.set.flow.Screens {
		next[s.ID] = f.set.flow.Routes(s.ID)
	}
	for _, s := range f.set.flow.Screens {
		if s.ID != to && reach(next, s.ID)[to] {
			ids = append(ids, s.ID)
		}
	}
	return ids
}

// otherInput moves the error at an input that is not there to the one that was meant.
func (f *Fixer) otherInput(p Problem, at where) (all []Fix) {
	s := f.set.flow.Screen(at.screen())
	if s == nil {
		return nil
	}
	var names []string
	for _, field := range s.Fields {
		names = append(names, field.Name)
	}
	for _, name := range nearest(p.name, names) {
		all = append(all, Fix{ID: "use:" + name, Label: "Use " + name, edit: func(d *Document) {
			o := at.outcome(d)
			if o == nil || o.Stay == nil || o.Stay.Errors[name] != "" {
				return
			}
			o.Stay.Errors[name] = o.Stay.Errors[p.name]
			delete(o.Stay.Errors, p.name)
		}})
	}
	return all
}

// otherName corrects the name of a list or a column.
func (f *Fixer) otherName(p Problem, at where) (all []Fix) {
	names := slices.Sorted(maps.Keys(f.set.tables))
	if p.Code == "unknown-column" {
		for _, t := range f.set.tables {
			names = append(names, t.columns...)
		}
	}
	for _, name := range nearest(p.name, names) {
		all = append(all, Fix{ID: "use:" + name, Label: "Use " + name, edit: func(d *Document) {
			for _, q := range []string{"'", "\""} {
				f.replace(d, at, func(s string) string { return strings.ReplaceAll(s, q+p.name+q, q+name+q) })
			}
		}})
	}
	return all
}

// rename puts another field in place of one, in a condition or within the formulas of a text.
func (f *Fixer) rename(at where, from, to, label string) Fix {
	return Fix{ID: "use:" + to, Label: label, edit: func(d *Document) {
		if c := at.leaf(d); c != nil && c.Field != "" {
			if m, ok := c.Value.(map[string]any); ok && len(at.rest) > 1 && at.rest[len(at.rest)-2] == "value" {
				m["field"] = plainField(to)
				return
			}
			c.Field = plainField(to)
			return
		}
		whole := from
		if !strings.HasPrefix(from, "visit.") && !strings.HasPrefix(from, "answers.") {
			whole = "data." + from
		}
		name := regexp.MustCompile(`\b` + regexp.QuoteMeta(whole) + `\b`)
		quoted := strings.NewReplacer("'"+from+"'", "'"+plainField(to)+"'", `"`+from+`"`, `"`+plainField(to)+`"`)
		f.replace(d, at, func(s string) string { return quoted.Replace(name.ReplaceAllLiteralString(s, to)) })
	}}
}

// plainField is a field of this request as conditions write it.
func plainField(name string) string {
	rest, isData := strings.CutPrefix(name, "data.")
	if g := newGetter(rest); isData && g.source == fromData && g.path == rest {
		return rest
	}
	return name
}

// replace changes the text that a place is: a formula, a message, or a value with all that is inside.
func (f *Fixer) replace(d *Document, at where, change func(string) string) {
	if c := at.leaf(d); c != nil {
		c.Formula = change(c.Formula)
		return
	}
	o := at.outcome(d)
	if o == nil {
		return
	}
	o.Data = changeMap(o.Data, change)
	if o.Stay != nil {
		o.Stay.Error, o.Stay.Data = change(o.Stay.Error), changeMap(o.Stay.Data, change)
		for k, v := range o.Stay.Errors {
			o.Stay.Errors[k] = change(v)
		}
	}
	if o.Finish != nil {
		o.Finish.Params = changeMap(o.Finish.Params, change)
	}
	if o.Expire != nil {
		o.Expire.Message = change(o.Expire.Message)
	}
}

func changeMap(m map[string]any, change func(string) string) map[string]any {
	for k, v := range m {
		m[k] = changeValue(v, change)
	}
	return m
}

func changeValue(v any, change func(string) string) any {
	switch v := v.(type) {
	case string:
		return change(v)
	case map[string]any:
		return changeMap(v, change)
	case []any:
		for i := range v {
			v[i] = changeValue(v[i], change)
		}
	}
	return v
}

package admin

import (
	"context"
	"slices"

	"switchyard/models/flowjson"
	"switchyard/models/rules"
	"switchyard/views"
)

// aboutList tells whether a use is of a list, or may be.
func aboutList(u rules.Use, name string) bool {
	switch u.Kind {
	case rules.UsesList, rules.UsesColumn:
		return u.Name == name || u.Name == ""
	case rules.UsesRows:
		return u.Name == name
	}
	return false
}

// listColumns are the names of the columns that a list has, beside the fixed ones.
func (a *Admin) listColumns(ctx context.Context, name string) ([]string, error) {
	all, err := a.DB.Lists(ctx)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, l := range all {
		if l.Name != name {
			continue
		}
		for _, c := range l.Columns {
			names = append(names, c.Name)
		}
	}
	return names, nil
}

// sentColumns are the columns of a list that a rule sends with its rows: those that the data key declares which they fill.
// A column that the rule is known to use is left out.
func sentColumns(json *flowjson.Flow, sets []usedSet, by views.RuleUse, list string, columns []string) (sent []string) {
	if json == nil || len(columns) == 0 {
		return nil
	}
	for _, set := range sets {
		for _, u := range set.uses {
			if u.Kind != rules.UsesRows || u.Name != list || u.Place != by.Place || u.RuleID != by.RuleID {
				continue
			}
			for _, name := range columns {
				if declares(json.Screen(u.Screen), u.Column, name) && !slices.Contains(by.Columns, name) && !slices.Contains(sent, name) {
					sent = append(sent, name)
				}
			}
		}
	}
	return sent
}

// declares tells whether the objects of a data key have a property.
func declares(s *flowjson.Screen, key, property string) bool {
	if s == nil {
		return false
	}
	k := s.Key(key)
	return k != nil && k.Items != nil && k.Items.Props[property] != nil
}

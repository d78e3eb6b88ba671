package rules

import "strings"

// A table is a list made ready for formulas. Its rows are shared and never changed.
type table struct {
	rows    []any                     // the enabled ones, in the kept order
	byID    map[string]map[string]any // all of them: a price is still known after its row was switched off
	columns []string
}

func newTable(l *List) *table {
	t := &table{byID: make(map[string]map[string]any, len(l.Rows)), columns: []string{"id", "title", "description"}}
	for _, c := range l.Columns {
		t.columns = append(t.columns, c.Name)
	}
	for _, row := range l.Rows {
		m := map[string]any{"id": row.ID, "title": row.Title}
		if row.Description != "" {
			m["description"] = row.Description
		}
		for i, c := range l.Columns {
			if i < len(row.Cells) {
				if v := cell(row.Cells[i], c.Type); v != nil {
					m[c.Name] = v
				}
			}
		}
		if _, twice := t.byID[row.ID]; !twice {
			t.byID[row.ID] = m
		}
		if row.Enabled {
			t.rows = append(t.rows, m)
		}
	}
	return t
}

func cell(s, kind string) any {
	switch kind {
	case "number":
		if n, ok := longText(s); ok {
			return n
		}
		if f, ok := textNumber(s); ok {
			return f
		}
		return nil
	case "yesno":
		switch strings.ToLower(strings.TrimSpace(s)) {
		case "yes", "true", "1", "y":
			return true
		}
		return false
	}
	return s
}

// table finds a list. One that the document names and that is gone is empty, and told; an error is that a formula
// made up a name.
func (r *run) table(name string) (*table, error) {
	if t := r.set.tables[name]; t != nil {
		return t, nil
	}
	if !r.set.gone[[2]string{name}] {
		return nil, formulaError("there is no such list")
	}
	r.fault("The list “" + name + "” is missing, so it counts as empty. Import it again, or take it out of the rules.")
	return nil, nil
}

func listFunction(r *run, a []any) (any, error) {
	name, _ := a[0].(string)
	t, err := r.table(name)
	if t == nil {
		return []any{}, err
	}
	return t.rows, nil
}

// lookupFunction is a cell of a list; lookup of nothing is empty, and told.
func lookupFunction(r *run, a []any) (any, error) {
	name, _ := a[0].(string)
	t, err := r.table(name)
	if t == nil {
		return nil, err
	}
	id, ok := scalarText(a[1])
	row := t.byID[id]
	if !ok || row == nil {
		r.note("the list " + name + " has no row for the value")
		return nil, nil
	}
	column, _ := a[2].(string)
	if r.set.gone[[2]string{name, column}] {
		r.fault("The list “" + name + "” has no column “" + column + "”, so it counts as empty. Import the list with it, or take it out of the rules.")
	}
	return row[column], nil
}

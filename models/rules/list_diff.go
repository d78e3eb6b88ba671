package rules

import (
	"io"
	"slices"
)

// A ListDiff is what became of a list: rows by their id, columns by their name.
type ListDiff struct {
	Columns []ColumnChange
	Added   []Row // with the cells of the newer list
	Removed []Row // with the cells of the older one
	Changed []RowChange
	Moved   int // rows in both lists that stand in another order among themselves; the fewest that explain it
}

// A ColumnChange is a column that came, went, or holds another type now; From or To is "" for one that was not there.
type ColumnChange struct{ Name, From, To string }

// A RowChange is a row of which some cells differ.
type RowChange struct {
	ID, Title string // as in the newer list
	Cells     []CellChange
}

// A CellChange is one cell of a row: Column is title, description, enabled, or a column's name.
type CellChange struct{ Column, From, To string }

// Empty tells whether nothing changed.
func (d ListDiff) Empty() bool {
	return len(d.Columns) == 0 && len(d.Added) == 0 && len(d.Removed) == 0 && len(d.Changed) == 0 && d.Moved == 0
}

// DiffList says what changed between two versions of a list. A cell of a column that came or went is no change of its row.
func DiffList(from, to List) ListDiff {
	var d ListDiff
	d.columns(from.Columns, to.Columns)
	before := make(map[string]int, len(from.Rows))
	for i, r := range from.Rows {
		before[r.ID] = i
	}
	kept := make(map[string]bool, len(to.Rows))
	var order []int
	for _, r := range to.Rows {
		i, known := before[r.ID]
		if !known {
			d.Added = append(d.Added, r)
			continue
		}
		kept[r.ID] = true
		order = append(order, i)
		if cells := diffRow(from, to, from.Rows[i], r); len(cells) > 0 {
			d.Changed = append(d.Changed, RowChange{r.ID, r.Title, cells})
		}
	}
	for _, r := range from.Rows {
		if !kept[r.ID] {
			d.Removed = append(d.Removed, r)
		}
	}
	d.Moved = len(order) - len(rising(order))
	return d
}

func (d *ListDiff) columns(from, to []Column) {
	for _, c := range to {
		if i := columnIndex(from, c.Name); i < 0 {
			d.Columns = append(d.Columns, ColumnChange{c.Name, "", c.Type})
		} else if from[i].Type != c.Type {
			d.Columns = append(d.Columns, ColumnChange{c.Name, from[i].Type, c.Type})
		}
	}
	for _, c := range from {
		if columnIndex(to, c.Name) < 0 {
			d.Columns = append(d.Columns, ColumnChange{c.Name, c.Type, ""})
		}
	}
}

func columnIndex(columns []Column, name string) int {
	return slices.IndexFunc(columns, func(c Column) bool { return c.Name == name })
}

func diffRow(from, to List, a, b Row) []CellChange {
	var cells []CellChange
	compare := func(column, before, after string) {
		if before != after {
			cells = append(cells, CellChange{column, before, after})
		}
	}
	compare("title", a.Title, b.Title)
	compare("description", a.Description, b.Description)
	if a.Enabled != b.Enabled {
		cells = append(cells, CellChange{"enabled", yesWord(a.Enabled), yesWord(b.Enabled)})
	}
	for i, c := range to.Columns {
		if j := columnIndex(from.Columns, c.Name); j >= 0 {
			compare(c.Name, a.Cell(j), b.Cell(i))
		}
	}
	return cells
}

// Cell is the cell of the column with that index, "" when the row has none.
func (r Row) Cell(i int) string {
	if i < len(r.Cells) {
		return r.Cells[i]
	}
	return ""
}

func yesWord(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// MergeList is a list with the rows of another put into it: rows of the same id are replaced, others come at the end, and
// a column that only add has comes last. A column that add does not have keeps its cells.
func MergeList(base, add List) List {
	out := List{Name: base.Name, Columns: slices.Clone(base.Columns)}
	for _, c := range add.Columns {
		if i := columnIndex(out.Columns, c.Name); i < 0 {
			out.Columns = append(out.Columns, c)
		} else {
			out.Columns[i].Type = c.Type
		}
	}
	at := make(map[string]int, len(base.Rows))
	for i, r := range base.Rows {
		cells := make([]string, len(out.Columns))
		copy(cells, r.Cells)
		r.Cells, at[r.ID] = cells, i
		out.Rows = append(out.Rows, r)
	}
	for _, r := range add.Rows {
		i, known := at[r.ID]
		if !known {
			i, at[r.ID] = len(out.Rows), len(out.Rows)
			out.Rows = append(out.Rows, Row{Cells: make([]string, len(out.Columns))})
		}
		cells := out.Rows[i].Cells
		for j, c := range add.Columns {
			cells[columnIndex(out.Columns, c.Name)] = r.Cell(j)
		}
		r.Cells = cells
		out.Rows[i] = r
	}
	return out
}

// MergeCSV is MergeList with a CSV, which is read as ReadList does. Where it has no column description or enabled, rows that
// are there keep theirs.
func MergeCSV(base List, r io.Reader) (List, error) {
	add, at, err := readList(base.Name, r)
	if err != nil {
		return add, err
	}
	was := make(map[string]Row, len(base.Rows))
	for _, r := range base.Rows {
		was[r.ID] = r
	}
	for i := range add.Rows {
		r := &add.Rows[i]
		old, known := was[r.ID]
		if known && at["description"] < 0 {
			r.Description = old.Description
		}
		if known && at["enabled"] < 0 {
			r.Enabled = old.Enabled
		}
	}
	return MergeList(base, add), nil
}

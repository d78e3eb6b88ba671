package views

import (
	"strings"

	"switchyard/models/rules"
)

// DiffWords counts what changed in a list: "3 added, 1 changed, 2 columns".
func DiffWords(d rules.ListDiff) string {
	var parts []string
	count := func(n int, word string) {
		if n > 0 {
			parts = append(parts, Number(n)+" "+word)
		}
	}
	count(len(d.Added), "added")
	count(len(d.Changed), "changed")
	count(len(d.Removed), "removed")
	count(d.Moved, "moved")
	if n := len(d.Columns); n > 0 {
		parts = append(parts, plural(n, "column changed", "columns changed"))
	}
	if len(parts) == 0 {
		return "nothing changed"
	}
	return strings.Join(parts, ", ")
}

// columnChangeWords says what became of a column.
func columnChangeWords(c rules.ColumnChange) string {
	switch {
	case c.From == "":
		return "The column " + c.Name + " is new (" + columnTypeWords(c.To) + ")."
	case c.To == "":
		return "The column " + c.Name + " is gone."
	}
	return "The column " + c.Name + " held " + columnTypeWords(c.From) + " and holds " + columnTypeWords(c.To) + "."
}

// cellColumn is the name of a column for people.
func cellColumn(name string) string {
	if name == "enabled" {
		return "offered"
	}
	return name
}

// diffRowsShown is how many rows of each kind a comparison shows.
const diffRowsShown = 200

// Package rules says which screen comes next, and why; and what is wrong with a rule set.
//
// It is pure: no clock, no randomness, no log, no database. A Set is immutable and safe for many goroutines.
package rules

// A List is a small table of options that rules read.
type List struct {
	Name    string
	Columns []Column // extra columns beside id, title, description
	Rows    []Row    // in the kept order, switched-off rows included
}

// A Column of a list.
type Column struct {
	Name string
	Type string // "text", "number", "yesno"
}

// A Row of a list; Cells match the list's Columns.
type Row struct {
	ID, Title, Description string
	Enabled                bool
	Cells                  []string
}

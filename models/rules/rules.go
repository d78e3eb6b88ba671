// Package rules says which screen comes next, and why; and what is wrong with a rule set.
//
// It is pure: no clock, no randomness, no log, no database. A Set is immutable and safe for many goroutines.
package rules

import (
	"time"

	"switchyard/models/flowjson"
)

// A List is a small table of options that rules read (design/decisions.md 20).
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

// A Set is a compiled document: what runs.
type Set struct {
	// contract: unexported fields
}

// Compile checks a document against a flow and the lists there are, and returns what can run with every
// problem and its place. The set is nil only when a problem is an Error; flow may be nil (then what needs
// it is not checked). zone is the instance's time zone for a document without one.
func Compile(doc Document, flow *flowjson.Flow, lists map[string]*List, zone *time.Location) (*Set, []Problem) {
	panic("contract")
}

// Document returns the document that the set was compiled from.
func (s *Set) Document() Document { panic("contract") }

// Flow returns the flow that the set was compiled against, or nil.
func (s *Set) Flow() *flowjson.Flow { panic("contract") }

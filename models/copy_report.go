package models

import "fmt"

// CopyProgress is how far a copy came.
type CopyProgress struct {
	Table     string
	Rows      int64 // copied or compared so far
	Total     int64 // of the table
	Comparing bool  // after everything is copied, both sides are read again
}

// A CopiedTable is one table that is the same on both sides.
type CopiedTable struct {
	Name   string
	Rows   int64
	Sum    string // of all rows, the same for the same rows on both engines; hex
	Mended int64  // texts that were no valid UTF-8, which PostgreSQL refuses: bad bytes became U+FFFD
}

// CopyReport is what Copy did.
type CopyReport struct {
	From, To       string // engine and place, without user and password
	FromKey, ToKey string // where the master key lies when it is in a file
	Resumed        bool
	Before         int64 // rows that were there when a copy went on
	Tables         []CopiedTable
}

// Rows is how many rows the target has.
func (r CopyReport) Rows() (n int64) {
	for _, t := range r.Tables {
		n += t.Rows
	}
	return n
}

// CopyDiffers is the error when both sides are not the same after all was copied. The target stays refused.
type CopyDiffers struct {
	Table    string
	Key      string // the first row that differs, such as "id 17"; "" when only the counts do
	From, To int64  // rows
}

// Error is the sentence.
func (d *CopyDiffers) Error() string {
	where := ""
	if d.Key != "" {
		where = ", first at " + d.Key
	}
	return fmt.Sprintf("the table %s is not the same on both sides (%s and %s%s), so the new database cannot be used; copy again into a new one while nothing writes to the old one",
		d.Table, rowsSaid(d.From), rowsSaid(d.To), where)
}

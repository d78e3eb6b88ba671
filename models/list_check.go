package models

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"unicode/utf8"

	"switchyard/models/rules"
)

// The limits of a list (design/decisions.md 20). A cell is in characters.
const (
	listRows    = 5000
	listColumns = 50
	listCell    = 1000
)

var (
	listName    = regexp.MustCompile(`^[a-z][a-z0-9_]{0,62}$`)
	fixedColumn = []string{"id", "title", "description", "enabled"}
	columnTypes = []string{"text", "number", "yesno"}
	yesNo       = []string{"", "yes", "no", "true", "false"}
)

const nameRule = "Use small letters, digits and _, beginning with a letter, at most 63."

// CheckList returns the first thing that is wrong with a list as an Invalid, nil when nothing is.
func CheckList(l rules.List) error { return checkList(l) }

// checkList returns the first thing that is wrong, with the row as a person counts it.
func checkList(l rules.List) error {
	if !listName.MatchString(l.Name) {
		return &Invalid{"name", nameRule}
	}
	if err := checkColumns(l.Columns); err != nil {
		return err
	}
	if len(l.Rows) > listRows {
		return &Invalid{"rows", fmt.Sprintf("A list has at most %d rows; this one has %d.", listRows, len(l.Rows))}
	}
	if faults := listFaults(l, 1); len(faults) > 0 {
		return &Invalid{"rows", fmt.Sprintf("Row %d: %s", faults[0].Row+1, faults[0].Message)}
	}
	return nil
}

// A ListFault is what is wrong with one row of a list.
type ListFault struct {
	Row     int    // from 0
	Column  string // id, title, description or a column's name; empty for the row as a whole
	Message string // for people
}

// ListFaults are the first faults of the rows of a list, at most 20, one for each row.
func ListFaults(l rules.List) []ListFault { return listFaults(l, 20) }

func listFaults(l rules.List, most int) []ListFault {
	var faults []ListFault
	seen := make(map[string]int, len(l.Rows))
	for i, r := range l.Rows {
		column, message := checkRow(l.Columns, r)
		if first, twice := seen[r.ID]; twice && message == "" {
			column, message = "id", fmt.Sprintf("the id %q is already that of row %d.", r.ID, first)
		}
		seen[r.ID] = i + 1
		if message == "" {
			continue
		}
		if faults = append(faults, ListFault{i, column, message}); len(faults) == most {
			break
		}
	}
	return faults
}

func checkColumns(columns []rules.Column) error {
	if len(columns) > listColumns {
		return &Invalid{"columns", fmt.Sprintf("A list has at most %d columns beside the fixed ones.", listColumns)}
	}
	seen := slices.Clone(fixedColumn)
	for _, c := range columns {
		switch {
		case !listName.MatchString(c.Name):
			return &Invalid{"columns", fmt.Sprintf("The column name %q does not work. %s", c.Name, nameRule)}
		case slices.Contains(seen, c.Name):
			return &Invalid{"columns", fmt.Sprintf("The column %s is there twice.", c.Name)}
		case !slices.Contains(columnTypes, c.Type):
			return &Invalid{"columns", fmt.Sprintf("The column %s must be text, number or yesno.", c.Name)}
		}
		seen = append(seen, c.Name)
	}
	return nil
}

// checkRow says what is wrong with a row and in which column, "" when nothing is.
func checkRow(columns []rules.Column, r rules.Row) (column, message string) {
	if r.ID == "" {
		return "id", "the id is empty."
	}
	if r.Title == "" {
		return "title", "the title is empty."
	}
	if len(r.Cells) != len(columns) {
		return "", fmt.Sprintf("it has %d cells for %d columns.", len(r.Cells), len(columns))
	}
	for i, text := range append([]string{r.ID, r.Title, r.Description}, r.Cells...) {
		if utf8.RuneCountInString(text) > listCell || !utf8.ValidString(text) {
			names := []string{"id", "title", "description"}
			if i < len(names) {
				column = names[i]
			} else {
				column = columns[i-len(names)].Name
			}
			return column, fmt.Sprintf("a cell is longer than %d characters or is not UTF-8 text.", listCell)
		}
	}
	for i, c := range columns {
		if message := checkCell(c, r.Cells[i]); message != "" {
			return c.Name, message
		}
	}
	return "", ""
}

func checkCell(c rules.Column, cell string) string {
	switch {
	case c.Type == "number" && cell != "" && !isNumber(cell):
		return fmt.Sprintf("%s must be a number with a decimal point, not %q.", c.Name, cell)
	case c.Type == "yesno" && !slices.Contains(yesNo, cell):
		return fmt.Sprintf("%s must be yes or no, not %q.", c.Name, cell)
	}
	return ""
}

var numberForm = regexp.MustCompile(`^-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?$`)

func isNumber(s string) bool {
	_, err := strconv.ParseFloat(s, 64)
	return err == nil && numberForm.MatchString(s)
}

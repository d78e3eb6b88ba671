package models

import (
	"maps"
	"slices"
)

// PersonalTables are the tables of which it is known what erasing a person does with them.
func PersonalTables() []string { return slices.Sorted(maps.Keys(personal)) }

// CheckedPointers are the columns that check looks at for rows that point to nothing, and those that it need not look at.
func CheckedPointers() (checked, unneeded map[string]bool) {
	checked, unneeded = map[string]bool{}, map[string]bool{}
	for _, p := range pointers {
		checked[p.table+"."+p.column] = true
	}
	for _, table := range targeted {
		checked[table+".target_id"] = true
	}
	for name := range unchecked {
		unneeded[name] = true
	}
	return checked, unneeded
}

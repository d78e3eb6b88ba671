package models

import (
	"maps"
	"slices"
)

// PersonalTables are the tables of which it is known what erasing a person does with them.
func PersonalTables() []string { return slices.Sorted(maps.Keys(personal)) }

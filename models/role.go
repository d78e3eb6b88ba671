package models

import "slices"

// Role is a ladder: each may what those below may.
type Role string

// The roles.
const (
	Viewer   Role = "viewer"
	Support  Role = "support"
	Operator Role = "operator"
	Admin    Role = "admin"
)

var ladder = []Role{Viewer, Support, Operator, Admin}

// May tells whether r is at least needed. A role that does not exist may nothing, and nobody may what needs one.
func (r Role) May(needed Role) bool {
	step := slices.Index(ladder, needed)
	return step >= 0 && slices.Index(ladder, r) >= step
}

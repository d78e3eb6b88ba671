package session

import (
	"github.com/labstack/echo/v4"

	"switchyard/models"
)

// The roles, by the names that routes use: can(session.Support).
const (
	Viewer   = models.Viewer
	Support  = models.Support
	Operator = models.Operator
	Admin    = models.Admin
)

// A Guard says who may use a route. The zero Guard lets nobody pass.
type Guard struct{ Role models.Role }

// Can makes the guard of a route: at least that role.
func Can(role models.Role) Guard { return Guard{Role: role} }

// Check returns nil, ErrSignedOut or ErrForbidden.
func (g Guard) Check(c echo.Context) error {
	u, ok := From(c)
	if !ok {
		return ErrSignedOut
	}
	if !u.Role.May(g.Role) {
		return ErrForbidden
	}
	return nil
}

// Middleware checks before the handler runs.
func (g Guard) Middleware(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if err := g.Check(c); err != nil {
			return err
		}
		return next(c)
	}
}

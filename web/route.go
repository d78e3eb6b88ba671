package web

import (
	"time"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"

	"switchyard/models"
	"switchyard/web/session"
)

// A Route is one line of the table as registered.
type Route struct {
	Method, Path string
	Who          string        // "anyone", "signed" (the handler checks a signature or secret), or the lowest role
	Body         string        // largest body, such as "64KiB"
	Within       time.Duration // longest time to answer
}

// A rule is what stands beside a route: who may use it, and what is unlike the other routes of its group.
type rule func(*entry)

// An entry is a route in the making.
type entry struct {
	Route
	guard []echo.MiddlewareFunc
	extra []echo.MiddlewareFunc
}

// can lets people in who have at least that role.
func can(role models.Role) rule {
	return func(e *entry) {
		e.Who = string(role)
		e.guard = append(e.guard, session.Can(role).Middleware)
	}
}

// anyone lets everybody in.
func anyone(e *entry) { e.Who = "anyone" }

// signed lets every request reach a handler that itself checks a signature or a secret.
func signed(e *entry) { e.Who = "signed" }

// body sets the largest body, in binary units: "64KiB", "10MiB".
func body(limit string) rule { return func(e *entry) { e.Body = limit } }

// lasting sets the longest time to answer, for exports.
func lasting(d time.Duration) rule { return func(e *entry) { e.Within = d } }

// with adds middleware that runs once the guard has let somebody in.
func with(m ...echo.MiddlewareFunc) rule {
	return func(e *entry) { e.extra = append(e.extra, m...) }
}

// A group is routes that share what runs before them. Its GET and POST are the only ways to make a route.
type group struct {
	app    *App
	echo   *echo.Echo
	within time.Duration
	forms  string // largest body of a POST that does not say otherwise
	first  []echo.MiddlewareFunc
}

// GET makes a route that changes nothing.
func (g group) GET(path string, h echo.HandlerFunc, rules ...rule) {
	g.add(entry{Route: Route{Method: "GET", Path: path, Body: "16KiB", Within: g.within}}, h, rules)
}

// POST makes a route that changes something.
func (g group) POST(path string, h echo.HandlerFunc, rules ...rule) {
	g.add(entry{Route: Route{Method: "POST", Path: path, Body: g.forms, Within: g.within}}, h, rules)
}

// add registers a route. One that does not say who may use it is a mistake of the programmer and panics.
func (g group) add(e entry, h echo.HandlerFunc, rules []rule) {
	for _, r := range rules {
		r(&e)
	}
	if e.Who == "" {
		panic("web: nobody said who may use " + e.Method + " " + e.Path)
	}
	chain := []echo.MiddlewareFunc{within(e.Within), middleware.BodyLimit(e.Body)}
	chain = append(chain, g.first...)
	chain = append(chain, e.guard...)
	chain = append(chain, e.extra...)
	g.echo.Add(e.Method, e.Path, h, chain...)
	g.app.table = append(g.app.table, e.Route)
}

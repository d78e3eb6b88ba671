package admin

import (
	"bytes"
	"fmt"
	"net/http"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"
)

// render answers with a page or a part of one. It writes nothing before the component is whole, so that an error
// in it can still become an error page.
func render(c echo.Context, status int, component templ.Component) error {
	var b bytes.Buffer
	if err := component.Render(c.Request().Context(), &b); err != nil {
		return fmt.Errorf("render %s: %w", c.Path(), err)
	}
	return c.HTMLBlob(status, b.Bytes())
}

// reply answers a change that was made: htmx gets the component that changed, a plain form the page to see next.
func reply(c echo.Context, component templ.Component, to string) error {
	if isHTMX(c) {
		return render(c, http.StatusOK, component)
	}
	return redirect(c, to)
}

// leave answers a change after which another page is right, also for htmx.
func leave(c echo.Context, to string) error {
	if isHTMX(c) {
		c.Response().Header().Set("HX-Redirect", to)
		return c.NoContent(http.StatusNoContent)
	}
	return redirect(c, to)
}

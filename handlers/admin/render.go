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
	return c.HTMLBlob(status, visible(b.Bytes()))
}

// visible shows every U+0000, which HTML cannot hold, as ␀. A page has none of its own: they are of texts that customers
// sent.
func visible(html []byte) []byte {
	if bytes.IndexByte(html, 0) < 0 {
		return html
	}
	return bytes.ReplaceAll(html, []byte{0}, []byte("␀"))
}

// leave answers a change after which another page is right, also for htmx.
func leave(c echo.Context, to string) error {
	if isHTMX(c) {
		c.Response().Header().Set("HX-Redirect", to)
		return c.NoContent(http.StatusNoContent)
	}
	return redirect(c, to)
}

package admin

import (
	"bytes"
	"net/http"

	"github.com/labstack/echo/v4"

	"switchyard/models"
	"switchyard/views"
)

// Picture shows the rules of a flow as a picture, on a page of its own.
func (a *Admin) Picture(c echo.Context) error {
	p, err := a.pictured(c)
	if err != nil {
		return err
	}
	return render(c, http.StatusOK, views.PictureAlone(p))
}

// PictureFile gives the picture as an SVG.
func (a *Admin) PictureFile(c echo.Context) error {
	p, err := a.pictured(c)
	if err != nil {
		return err
	}
	if p.JSON == nil {
		return models.ErrNotFound
	}
	var b bytes.Buffer
	if err := views.PictureFile(p).Render(c.Request().Context(), &b); err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderContentDisposition, `attachment; filename="`+p.Flow.Slug+`-rules.svg"`)
	return c.Blob(http.StatusOK, "image/svg+xml", xmlText(b.Bytes()))
}

// xmlText shows what XML cannot hold, which customers and Flow JSONs may well say, as ␀.
func xmlText(svg []byte) []byte {
	return bytes.Map(func(r rune) rune {
		if r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF {
			return '␀'
		}
		return r
	}, svg)
}

// pictured is the page of the draft, with its problems.
func (a *Admin) pictured(c echo.Context) (p views.RulesPage, err error) {
	d, err := a.draft(c)
	if err != nil {
		return p, err
	}
	return a.rulesPage(c, d, a.problems(d, a.instanceZone(c)), "")
}

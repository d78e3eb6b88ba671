package web

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"switchyard/views"
	"switchyard/web/session"
)

// answer sends a page to people and a line to machines.
func (a *App) answer(c echo.Context, f failure) error {
	switch {
	case c.Request().Method == http.MethodHead:
		return c.NoContent(f.status)
	case forMachines(c.Path()):
		return c.String(f.status, f.text+"\n")
	case isHTMX(c.Request()):
		c.Response().Header().Set("HX-Reswap", "none")
		return send(c, f.status, views.ToastOOB(views.Flash{Kind: views.Failed, Text: f.text}))
	}
	way := views.Link{Href: views.OverviewURL, Text: "Go to the overview"}
	if f.wait > 0 {
		way = views.Link{Href: c.Request().URL.Path, Text: "Try again"}
	}
	return send(c, f.status, views.ErrorPage(a.errorPage(f), f.text, way))
}

func (a *App) errorPage(f failure) views.Page {
	return views.Page{Title: f.title, Banner: a.cfg.banner(), Zone: time.UTC, Now: a.cfg.now()}
}

// refuse answers what never reached a route. Whoever meets it looks at a page that somebody else made for them.
func (a *App) refuse(w http.ResponseWriter, r *http.Request, f failure) {
	if forMachines(r.URL.Path) || isHTMX(r) {
		http.Error(w, f.text, f.status)
		return
	}
	var b bytes.Buffer
	way := views.Link{Href: views.OverviewURL, Text: "Go to the overview"}
	if err := views.ErrorPage(a.errorPage(f), f.text, way).Render(r.Context(), &b); err != nil {
		http.Error(w, f.text, f.status)
		return
	}
	w.Header().Set(echo.HeaderContentType, echo.MIMETextHTMLCharsetUTF8)
	w.WriteHeader(f.status)
	w.Write(b.Bytes()) // a reader that went away is no error of ours
}

// toSignIn sends a person to the sign-in page and from there back to what was asked for.
func toSignIn(c echo.Context) error {
	to := views.SignInURL
	if r := c.Request(); r.Method == http.MethodGet && r.URL.Path != views.OverviewURL {
		to += "?next=" + url.QueryEscape(r.URL.RequestURI())
	}
	return c.Redirect(http.StatusSeeOther, to)
}

// denied leaves a row in the audit log: who tried what.
func (a *App) denied(c echo.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(c.Request().Context()), time.Second)
	defer cancel()
	if err := a.db.Audit(ctx, session.By(c), "denied", c.Request().Method+" "+c.Path(), nil); err != nil {
		a.log.Error("denial not recorded", "error", err)
	}
}

// forMachines tells whether programs ask there, for whom an error is a line of text.
func forMachines(path string) bool {
	for _, prefix := range []string{"/webhooks/", "/flow-endpoint/", "/healthz", "/readyz", "/csp-report", "/static/", "/export-links/"} {
		if strings.HasPrefix(path, prefix) {
			return true
		}
	}
	return false
}

// send renders whole before it writes.
func send(c echo.Context, status int, component interface {
	Render(context.Context, io.Writer) error
}) error {
	var b bytes.Buffer
	if err := component.Render(c.Request().Context(), &b); err != nil {
		return fmt.Errorf("render an error: %w", err)
	}
	return c.HTMLBlob(status, b.Bytes())
}

func isHTMX(r *http.Request) bool { return r.Header.Get("HX-Request") == "true" }

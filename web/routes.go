package web

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"switchyard/handlers/admin"
	"switchyard/handlers/whatsapp/wire"
	"switchyard/static"
)

// routes is the table of contents: every address, with who may use it beside it.
func (a *App) routes(e *echo.Echo) {
	wh, ep, ad := a.hook, a.end, a.admin
	people := []echo.MiddlewareFunc{a.hosts.check, a.session.Middleware(), perSession()}

	health := group{app: a, echo: e, within: 5 * time.Second, forms: "8KiB"}
	health.GET("/healthz", healthz, anyone)
	health.GET("/readyz", a.readyz, anyone)
	health.POST("/csp-report", a.cspReport(), anyone)

	files := group{app: a, echo: e, within: 10 * time.Second}
	files.GET(static.Prefix+"*", echo.WrapHandler(static.Handler()), anyone)

	hook := group{app: a, echo: e, within: 5 * time.Second, forms: "4MiB"}
	hook.GET("/webhooks/meta", wh.Verify, signed)
	hook.POST("/webhooks/meta", wh.Receive(wire.Meta), signed, with(inFlight(1024, 128<<20, 4<<20)))

	hook.POST("/webhooks/360dialog", wh.ReceiveDialog360, signed, with(inFlight(1024, 128<<20, 4<<20)))

	scripts := group{app: a, echo: e, within: 8 * time.Second}
	scripts.GET("/export-links/:id", ad.FetchExport, signed, lasting(time.Hour), with(oneOf(exportsAtOnce)))

	flow := group{app: a, echo: e, within: 8 * time.Second, forms: "1MiB"}
	flow.GET("/flow-endpoint/:flow", ep.Browser, anyone)
	flow.GET("/flow-endpoint/:flow/:secret", ep.Browser, anyone)
	flow.POST("/flow-endpoint/:flow", ep.Exchange, signed)
	flow.POST("/flow-endpoint/:flow/", ep.Exchange, signed) // addresses are typed by hand, over there
	flow.POST("/flow-endpoint/:flow/:secret", ep.Exchange, signed)

	door := group{app: a, echo: e, within: 8 * time.Second, forms: "8KiB", first: people}
	door.GET("/sign-in", ad.SignInPage, anyone)
	door.POST("/sign-in", ad.SignIn, anyone, a.hashes)
	door.POST("/sign-out", ad.SignOut, anyone)
	door.GET("/setup", ad.FirstAdminPage, anyone)
	door.POST("/setup", ad.FirstAdmin, anyone, a.hashes)

	a.desk(group{app: a, echo: e, within: 8 * time.Second, forms: "64KiB", first: append(people, admin.MustChange)}, ad)
}

// newHandler builds everything between the listener and the handlers. What guards every request stands outside of
// Echo, so that no route can be without it.
func (a *App) newHandler() http.Handler {
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.HTTPErrorHandler = a.fail
	e.IPExtractor, e.SchemeExtractor = a.cfg.extractors()
	e.Use(route, recovered)
	a.routes(e)
	return a.observe(withHeaders(a.cfg.secure(), a.sameOrigin(e)))
}

// extractors tell who asks and how: what a proxy says counts only when the proxy is trusted.
func (c Config) extractors() (echo.IPExtractor, echo.SchemeExtractor) {
	if len(c.TrustedProxies) == 0 {
		return echo.ExtractIPDirect(), echo.ExtractSchemeDirect()
	}
	trust := []echo.TrustOption{echo.TrustLoopback(false), echo.TrustLinkLocal(false), echo.TrustPrivateNet(false)}
	for _, n := range c.TrustedProxies {
		trust = append(trust, echo.TrustIPRange(n))
	}
	return echo.ExtractIPFromXFFHeader(trust...), echo.ExtractSchemeFromHeaders(trust...)
}

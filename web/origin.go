package web

import (
	"net"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"switchyard/views"
)

// sameOrigin lets no other site act in a browser's name: the library's check for every request, and for those that
// a browser sends with our cookie, or to sign in, a strict one where the browser says nothing about itself.
func (a *App) sameOrigin(next http.Handler) http.Handler {
	library := http.NewCrossOriginProtection()
	denied := failure{http.StatusForbidden, "Not accepted", "This request came from another site. Open the page here and try again.", 0}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if library.Check(r) != nil || !a.fromUs(r) {
			tripOf(r).route = "cross-origin"
			a.refuse(w, r, denied)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// fromUs is the strict rule: without Sec-Fetch-Site, the Origin must be ours.
func (a *App) fromUs(r *http.Request) bool {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodOptions:
		return true
	}
	if r.Header.Get("Sec-Fetch-Site") != "" || !carriesSession(r) && r.URL.Path != views.SignInURL {
		return true
	}
	want := a.cfg.origin()
	if want == "" && a.hosts.allow(r.Host) {
		want = "http://" + r.Host
	}
	return want != "" && strings.EqualFold(r.Header.Get("Origin"), want)
}

// carriesSession tells whether the browser sent one of the names that our session cookie has.
func carriesSession(r *http.Request) bool {
	for _, name := range []string{"__Host-sid", "sid"} {
		if _, err := r.Cookie(name); err == nil {
			return true
		}
	}
	return false
}

// hosts are the names by which people may call this server: another one is an attack on them or a mistake.
type hosts map[string]bool

func (c Config) hosts() hosts {
	h := hosts{}
	if c.PublicURL != "" {
		h[c.PublicURL.Host()] = true
	}
	if c.TLSHost != "" {
		h[strings.ToLower(c.TLSHost)] = true
	}
	if len(h) > 0 {
		return h
	}
	listen, _, _ := net.SplitHostPort(c.Listen)
	for _, name := range []string{"localhost", "127.0.0.1", "::1", listen} {
		h[strings.ToLower(name)] = name != ""
	}
	return h
}

func (h hosts) allow(host string) bool {
	name := host
	if bare, _, err := net.SplitHostPort(host); err == nil {
		name = bare
	}
	return h[strings.ToLower(strings.Trim(name, "[]"))]
}

// check refuses people who call us by another name.
func (h hosts) check(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if !h.allow(c.Request().Host) {
			return echo.NewHTTPError(http.StatusBadRequest,
				"This server is not known by the name in the address bar. Use its own address, the one in SWITCHYARD_PUBLIC_URL.")
		}
		return next(c)
	}
}

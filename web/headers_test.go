package web_test

import (
	"strings"
	"testing"

	"switchyard/static"
	"switchyard/web"
)

var safeHeaders = map[string]string{
	"Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; " +
		"form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'; report-uri /csp-report",
	"X-Content-Type-Options":       "nosniff",
	"Referrer-Policy":              "same-origin",
	"Cross-Origin-Opener-Policy":   "same-origin",
	"Cross-Origin-Resource-Policy": "same-origin",
	"Permissions-Policy":           "camera=(), microphone=(), geolocation=()",
	"X-Frame-Options":              "DENY",
	"X-XSS-Protection":             "0",
}

func TestEveryAnswerCarriesTheHeaders(t *testing.T) {
	s := openSite(t).addUsers(t)
	cases := []scenario{
		{name: "page", path: "/sign-in", status: 200},
		{name: "page of a person", as: "viewer", path: "/sign-in", status: 303, to: "/"},
		{name: "not found", path: "/nothing/here", status: 404},
		{name: "not found by htmx", path: "/nothing/here", header: map[string]string{"HX-Request": "true"}, status: 404},
		{name: "method not allowed", method: "POST", path: "/healthz", status: 405},
		{name: "health", path: "/healthz", status: 200},
		{name: "too large", method: "POST", path: "/sign-in", body: strings.Repeat("x", 9<<10), status: 413},
		{name: "bad signature", method: "POST", path: "/webhooks/meta", body: "{}", header: map[string]string{"Sec-Fetch-Site": "-", "Origin": "-"}, status: 401},
		{name: "unknown flow", method: "POST", path: "/flow-endpoint/nothing", body: "{}", header: map[string]string{"Sec-Fetch-Site": "-", "Origin": "-"}, status: 404},
		{name: "other site", method: "POST", path: "/sign-in", header: map[string]string{"Sec-Fetch-Site": "cross-site"}, status: 403},
		{name: "other host", path: "/sign-in", header: map[string]string{"Host": "evil.example"}, status: 400},
	}
	for _, sc := range cases {
		sc.want = map[string]string{"Cache-Control": "no-store", "Vary": "Sec-Fetch-Site, Origin, HX-Request", "Strict-Transport-Security": ""}
		t.Run(sc.name, func(t *testing.T) {
			got := s.send(t, sc)
			got.check(t, sc)
			checkSafe(t, got)
			if len(got.header.Get("X-Request-Id")) < 8 {
				t.Errorf("X-Request-Id = %q; want an id", got.header.Get("X-Request-Id"))
			}
		})
	}
}

func checkSafe(t *testing.T, got answer) {
	t.Helper()
	for name, want := range safeHeaders {
		if v := got.header.Get(name); v != want {
			t.Errorf("%s = %q; want %q", name, v, want)
		}
	}
}

func TestStaticFilesMayBeKeptForEver(t *testing.T) {
	s := openSite(t)
	got := s.send(t, scenario{path: static.URL("css/app.css")})
	checkSafe(t, got)
	if got.status != 200 || !strings.Contains(got.header.Get("Cache-Control"), "immutable") {
		t.Errorf("GET css/app.css = %d, Cache-Control %q; want 200, immutable", got.status, got.header.Get("Cache-Control"))
	}
}

func TestHTTPSIsToldToStay(t *testing.T) {
	s := openSite(t, func(c *web.Config) { c.PublicURL = "https://flows.example.com" })
	got := s.send(t, scenario{path: "/sign-in", header: map[string]string{"Host": "flows.example.com"}})
	if v := got.header.Get("Strict-Transport-Security"); got.status != 200 || v != "max-age=63072000" {
		t.Errorf("GET /sign-in = %d, Strict-Transport-Security %q; want 200, max-age=63072000", got.status, v)
	}
}

package web

import "net/http"

// policy lets a page load what this server serves and nothing else; nothing inline.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'; report-uri /csp-report"

// headerLines are names in canonical form with their values, which answers share: nobody changes one in place.
var headerLines = [...]struct {
	name  string
	value []string
}{
	{"Content-Security-Policy", []string{policy}},
	{"X-Content-Type-Options", []string{"nosniff"}},
	{"Referrer-Policy", []string{"same-origin"}},
	{"Cross-Origin-Opener-Policy", []string{"same-origin"}},
	{"Cross-Origin-Resource-Policy", []string{"same-origin"}},
	{"Permissions-Policy", []string{"camera=(), microphone=(), geolocation=()"}},
	{"X-Frame-Options", []string{"DENY"}},
	{"X-Xss-Protection", []string{"0"}},
	{"Cache-Control", []string{"no-store"}}, // files under /static/ say otherwise themselves
	{"Vary", []string{"Sec-Fetch-Site, Origin, HX-Request"}},
}

// withHeaders sets what browsers must know on every answer, errors too.
func withHeaders(secure bool, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		for i := range headerLines {
			h[headerLines[i].name] = headerLines[i].value
		}
		if secure {
			h.Set("Strict-Transport-Security", "max-age=63072000")
		}
		next.ServeHTTP(w, r)
	})
}

package web

import "net/http"

// policy lets a page load what this server serves and nothing else; nothing inline.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'; report-uri /csp-report"

var headerLines = [][2]string{
	{"Content-Security-Policy", policy},
	{"X-Content-Type-Options", "nosniff"},
	{"Referrer-Policy", "same-origin"},
	{"Cross-Origin-Opener-Policy", "same-origin"},
	{"Cross-Origin-Resource-Policy", "same-origin"},
	{"Permissions-Policy", "camera=(), microphone=(), geolocation=()"},
	{"X-Frame-Options", "DENY"},
	{"X-XSS-Protection", "0"},
	{"Cache-Control", "no-store"}, // files under /static/ say otherwise themselves
	{"Vary", "Sec-Fetch-Site, Origin, HX-Request"},
}

// withHeaders sets what browsers must know on every answer, errors too.
func withHeaders(secure bool, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		for _, line := range headerLines {
			h.Set(line[0], line[1])
		}
		if secure {
			h.Set("Strict-Transport-Security", "max-age=63072000")
		}
		next.ServeHTTP(w, r)
	})
}

package session_test

import (
	"net/url"
	"strings"
	"testing"

	"switchyard/web/session"
)

func TestReturnPathStaysOnThisServer(t *testing.T) {
	for next, want := range map[string]string{
		"/":                                "/",
		"/responses/12":                    "/responses/12",
		"/responses?flow=booking&text=a+b": "/responses?flow=booking&text=a+b",
		"/flows/booking/rules#screen-PAY":  "/flows/booking/rules",
		"":                                 "/",
		"responses":                        "/",
		"//evil.example":                   "/",
		"///evil.example":                  "/",
		"/\\evil.example":                  "/",
		"\\\\evil.example":                 "/",
		"/%5Cevil.example":                 "/",
		"/%2Fevil.example":                 "/",
		"/%09/evil.example":                "/",
		"/\t/evil.example":                 "/",
		"/\r\nSet-Cookie: a=b":             "/",
		"https://evil.example/":            "/",
		"https:evil.example":               "/",
		"javascript:alert(1)":              "/",
		"/a/../b":                          "/",
		"/a//b":                            "/",
		"/a/":                              "/",
		"/%zz":                             "/",
		"http://[::1":                      "/",
		"/" + strings.Repeat("a", 3000):    "/",
	} {
		if got := session.ReturnPath(next); got != want {
			t.Errorf("ReturnPath(%q) = %q; want %q", next, got, want)
		}
	}
}

func FuzzReturnPath(f *testing.F) {
	for _, seed := range []string{"/a?b=c", "//evil.example", "/\\evil", "/%2f%2fevil", "https://evil.example"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, next string) {
		got := session.ReturnPath(next)
		base, _ := url.Parse("https://here.example/sign-in")
		u, err := base.Parse(got)
		if err != nil || u.Host != "here.example" || u.Scheme != "https" || !strings.HasPrefix(got, "/") || strings.HasPrefix(got, "//") ||
			strings.ContainsAny(got, "\\\r\n\t") {
			t.Errorf("ReturnPath(%q) = %q leads to %v, %v", next, got, u, err)
		}
	})
}

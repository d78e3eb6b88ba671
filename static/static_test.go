package static_test

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"

	"switchyard/static"
)

func get(t *testing.T, method, path, encoding string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(method, path, nil)
	r.Header.Set("Accept-Encoding", encoding)
	w := httptest.NewRecorder()
	static.Handler().ServeHTTP(w, r)
	return w.Result()
}

func TestURLCarriesAHashOfTheContent(t *testing.T) {
	url := static.URL("css/app.css")
	if !regexp.MustCompile(`^/static/css/app\.[0-9a-f]{12}\.css$`).MatchString(url) {
		t.Errorf(`URL("css/app.css") = %q; want /static/css/app.<12 hex digits>.css`, url)
	}
	if static.URL("css/app.css") != url {
		t.Error("URL gives two addresses for one file")
	}
}

func TestURLOfAnUnknownFilePanics(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error(`URL("css/none.css") did not panic`)
		}
	}()
	static.URL("css/none.css")
}

func TestFilesAreServedWithTypeAndKeptForAYear(t *testing.T) {
	for name, kind := range map[string]string{
		"css/app.css":                    "text/css; charset=utf-8",
		"js/app.js":                      "text/javascript; charset=utf-8",
		"js/form.js":                     "text/javascript; charset=utf-8",
		"js/table.js":                    "text/javascript; charset=utf-8",
		"js/theme.js":                    "text/javascript; charset=utf-8",
		"img/favicon.svg":                "image/svg+xml",
		"vendor/htmx/htmx.min.js":        "text/javascript; charset=utf-8",
		"vendor/htmx-ext-sse/sse.min.js": "text/javascript; charset=utf-8",
	} {
		res := get(t, "GET", static.URL(name), "")
		body, _ := io.ReadAll(res.Body)
		want, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if res.StatusCode != 200 || string(body) != string(want) {
			t.Errorf("GET %s = %d, %d bytes; want 200, the %d bytes of the file", name, res.StatusCode, len(body), len(want))
		}
		if got := res.Header.Get("Content-Type"); got != kind {
			t.Errorf("GET %s: Content-Type %q; want %q", name, got, kind)
		}
		if got := res.Header.Get("Cache-Control"); got != "public, max-age=31536000, immutable" {
			t.Errorf("GET %s: Cache-Control %q", name, got)
		}
		if got := res.Header.Get("X-Content-Type-Options"); got != "nosniff" {
			t.Errorf("GET %s: X-Content-Type-Options %q; want nosniff", name, got)
		}
	}
}

func TestAnswersAreCompressedOnlyForThoseWhoAsk(t *testing.T) {
	const name = "vendor/htmx/htmx.min.js"
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	for accept, packed := range map[string]bool{"gzip, br": true, "br, gzip;q=0.5": true, "": false, "br": false, "gzip;q=0": false} {
		res := get(t, "GET", static.URL(name), accept)
		if got := res.Header.Get("Content-Encoding") == "gzip"; got != packed {
			t.Errorf("Accept-Encoding %q: compressed = %v; want %v", accept, got, packed)
		}
		body := io.Reader(res.Body)
		if packed {
			if body, err = gzip.NewReader(res.Body); err != nil {
				t.Fatal(err)
			}
		}
		if got, _ := io.ReadAll(body); string(got) != string(want) {
			t.Errorf("Accept-Encoding %q: body differs from the file", accept)
		}
	}
}

func TestEverythingElseIsNotFound(t *testing.T) {
	for _, path := range []string{
		"/static/", "/static/css/", "/static/css/app.css", "/static/css/app.000000000000.css", "/static/static.go",
		"/static/vendor/vendor.lock", "/static/../go.mod", "/static/%2e%2e/go.mod", "/other/css/app.css",
		strings.TrimPrefix(static.URL("css/app.css"), "/static"),
	} {
		res := get(t, "GET", path, "")
		if res.StatusCode != 404 {
			t.Errorf("GET %s = %d; want 404", path, res.StatusCode)
		}
		if cc := res.Header.Get("Cache-Control"); strings.Contains(cc, "immutable") {
			t.Errorf("GET %s: a 404 says Cache-Control %q", path, cc)
		}
	}
}

func TestOnlyReadingIsAllowed(t *testing.T) {
	if res := get(t, "POST", static.URL("css/app.css"), ""); res.StatusCode != 405 || res.Header.Get("Allow") != "GET, HEAD" {
		t.Errorf("POST = %d, Allow %q; want 405, GET, HEAD", res.StatusCode, res.Header.Get("Allow"))
	}
	res := get(t, "HEAD", static.URL("css/app.css"), "")
	if body, _ := io.ReadAll(res.Body); res.StatusCode != 200 || len(body) != 0 {
		t.Errorf("HEAD = %d with %d bytes; want 200 with none", res.StatusCode, len(body))
	}
}

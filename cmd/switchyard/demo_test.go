package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// A shared buffer is written by the command and read by the test.
type shared struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *shared) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *shared) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// A demonstration is a demo that runs until end, which returns its exit code.
type demonstration struct {
	url, password, said string
	end                 func() int
}

// startDemo runs the demo command and waits until it prints its address.
func startDemo(t *testing.T, vars map[string]string, args ...string) demonstration {
	t.Helper()
	ctx, interrupt := context.WithCancel(t.Context())
	var out, errOut shared
	env := environment{func(name string) (string, bool) { v, ok := vars[name]; return v, ok }, strings.NewReader(""), &out, &errOut}
	ended := make(chan int, 1)
	began := time.Now()
	go func() { ended <- run(ctx, env, append([]string{"demo", "--responses", "60"}, args...)) }()
	for !strings.Contains(out.String(), "Ctrl+C") {
		select {
		case code := <-ended:
			t.Fatalf("demo %q ended with %d: %s", args, code, errOut.String())
		case <-time.After(10 * time.Millisecond):
		}
		if time.Since(began) > time.Minute {
			t.Fatalf("demo %q says after a minute %s %s", args, out.String(), errOut.String())
		}
	}
	t.Logf("the demo said its address after %v", time.Since(began).Round(time.Millisecond))
	said := out.String()
	d := demonstration{said: said, url: regexp.MustCompile(`http://\S+`).FindString(said)}
	if m := regexp.MustCompile(`admin@example\.com +(\S+)`).FindStringSubmatch(said); m != nil {
		d.password = m[1]
	}
	d.end = func() int {
		interrupt()
		select {
		case code := <-ended:
			if code != done || strings.Contains(errOut.String(), "simulated customer") {
				t.Errorf("demo ended with %d: %s", code, errOut.String())
			}
			return code
		case <-time.After(30 * time.Second):
			t.Fatal("the demo goes on 30 s after the interrupt")
			return failed
		}
	}
	return d
}

// get is a page as the signed-in browser sees it.
func get(t *testing.T, c *http.Client, address string) (int, string) {
	t.Helper()
	resp, err := c.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(text)
}

// signIn is a browser in which the administrator has signed in.
func signIn(t *testing.T, d demonstration) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	form := url.Values{"email": {"admin@example.com"}, "password": {d.password}}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, d.url+"/sign-in", strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Origin", d.url)
	browser := &http.Client{Jar: jar}
	resp, err := browser.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusOK || resp.Request.URL.Path == "/sign-in" {
		t.Fatalf("sign in = %d at %s; want a page behind it", resp.StatusCode, resp.Request.URL.Path)
	}
	return browser
}

func TestDemoServesItsPagesAndLeavesNothing(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	elsewhere := t.TempDir()
	vars := map[string]string{"SWITCHYARD_DATABASE": "sqlite:" + elsewhere + "/real.db", "SWITCHYARD_LISTEN": "203.0.113.1:1", "SWITCHYARD_MASTER_KEY": "no"}
	d := startDemo(t, vars, "--listen", "127.0.0.1:0")
	browser := signIn(t, d)
	for path, want := range map[string]string{
		"/": "Demo data", "/responses": "appointment", "/alerts": "Report a claim", "/flows/appointment": "PUBLISHED", "/unmatched": "May belong to",
	} {
		if status, text := get(t, browser, d.url+path); status != http.StatusOK || !strings.Contains(text, want) {
			t.Errorf("%s = %d; want 200 and %q in it\n%.2000s", path, status, want, text)
		}
	}
	d.end()
	if left, err := filepath.Glob(filepath.Join(os.TempDir(), "*")); err != nil || len(left) > 0 {
		t.Errorf("the demo left %v, %v; want nothing", left, err)
	}
	if left, err := filepath.Glob(filepath.Join(elsewhere, "*")); err != nil || len(left) > 0 {
		t.Errorf("the demo made %v where the environment pointed, %v; want nothing", left, err)
	}
}

func TestDemoKeepsAFolderAndTakesNoneThatHoldsSomething(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "kept")
	startDemo(t, nil, "--keep", folder, "--listen", "127.0.0.1:0").end()
	vars := map[string]string{"SWITCHYARD_DATABASE": "sqlite:" + folder + "/switchyard.db"}
	step{"", []string{"flow", "list"}, done, "appointment", ""}.check(t, vars)
	step{"", []string{"demo", "--keep", folder}, failed, "", "is not empty"}.check(t, nil)
}

func TestDemoTakesTheNextFreePort(t *testing.T) {
	first := startDemo(t, nil)
	second := startDemo(t, nil)
	if first.url == second.url || !strings.HasPrefix(second.url, "http://127.0.0.1:80") {
		t.Errorf("two demos are at %s and %s; want two ports from 8080 on", first.url, second.url)
	}
	taken := strings.TrimPrefix(first.url, "http://")
	step{"", []string{"demo", "--listen", taken}, failed, "", "choose another address with --listen"}.check(t, nil)
	second.end()
	first.end()
}

func TestDemoIsUsedRightly(t *testing.T) {
	for _, s := range []step{
		{"", []string{"demo", "now"}, misused, "", "flags only"},
		{"", []string{"demo", "--responses", "-5"}, misused, "", "--responses"},
		{"", []string{"demo", "--listen", "nonsense"}, failed, "", "host:port"},
		{"", []string{"demo", "--listen", "0.0.0.0:0"}, failed, "", "SWITCHYARD_ALLOW_HTTP"},
	} {
		s.check(t, nil)
	}
}

func TestPlayPlaysAgainstADemo(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "demo")
	d := startDemo(t, nil, "--keep", folder, "--listen", "127.0.0.1:0")
	defer d.end()
	vars := map[string]string{"SWITCHYARD_DATABASE": "sqlite:" + folder + "/switchyard.db"}
	key := filepath.Join(t.TempDir(), "public.pem")
	if err := os.WriteFile(key, []byte(call(t, vars, "", "key", "new").out), 0o600); err != nil {
		t.Fatal(err)
	}
	address := d.url + "/flow-endpoint/appointment"
	for _, s := range []step{
		{"", []string{"play"}, misused, "", "name a script"},
		{"", []string{"play", "testdata/play.json"}, misused, "", "--url"},
		{"", []string{"play", "testdata/play.json", "--url", address, "--app-secret"}, misused, "", "write the app secret on standard input"},
		{"", []string{"play", "testdata/none.json", "--url", address}, failed, "", "none.json"},
		{"wrong-secret\n", []string{"play", "testdata/play.json", "--url", address, "--key", key, "--app-secret", "--test"}, failed, "", "432"},
		{"", []string{"play", "testdata/play.json", "--url", address, "--key", key, "--test"}, failed, "", "432"},
	} {
		if got := s.check(t, nil); slices.ContainsFunc([]string{got.out, got.errOut}, func(text string) bool { return strings.Contains(text, "wrong-secret") }) {
			t.Errorf("switchyard %q prints a secret", s.args)
		}
	}
}

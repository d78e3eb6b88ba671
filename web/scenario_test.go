package web_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"switchyard/models"
	"switchyard/models/modelstest"
	"switchyard/web"
)

// A site is the whole program over a database of its own, with a person of each role.
type site struct {
	*web.App
	server  *httptest.Server
	log     *syncBuffer
	secret  string                  // of the app; "" is "app-secret"
	clients map[string]*http.Client // by role; "" is nobody
}

// roles are the people of a site, by name and role.
var roles = []models.Role{models.Viewer, models.Support, models.Operator, models.Admin}

// testKey seals what is stored; on PostgreSQL a file in the working folder would, otherwise.
const testKey = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="

const password = "correct horse battery"

// email is the address of the person of that role.
func email(role string) string { return role + "@example.com" }

// openSite starts the program without a port of its own; change may alter the configuration.
func openSite(t testing.TB, change ...func(*web.Config)) *site {
	t.Helper()
	s := &site{log: &syncBuffer{}, clients: map[string]*http.Client{}}
	cfg := testConfig(t, s.log)
	for _, c := range change {
		c(&cfg)
	}
	var err error
	if s.App, err = web.New(cfg); err != nil {
		t.Fatalf("web.New = %v", err)
	}
	s.App.Start()
	s.server = httptest.NewServer(s.Handler())
	t.Cleanup(func() {
		s.server.Close()
		if err := s.Close(); err != nil {
			t.Errorf("Close() = %v", err)
		}
	})
	return s
}

// testConfig is a configuration with a database of its own, cheap password hashes and no port for metrics.
func testConfig(t testing.TB, log io.Writer) web.Config {
	t.Helper()
	cfg, err := web.ConfigFromEnv(lookup(map[string]string{
		"SWITCHYARD_DATABASE":        modelstest.URL(t),
		"SWITCHYARD_MASTER_KEY":      testKey,
		"SWITCHYARD_METRICS_LISTEN":  "",
		"SWITCHYARD_META_APP_SECRET": "app-secret",
		"SWITCHYARD_FILES":           t.TempDir(),
		"SWITCHYARD_EXPORTS":         t.TempDir(),
	}))
	if err != nil {
		t.Fatal(err)
	}
	cfg.Log, cfg.Passwords = log, models.Passwords{Memory: 64, Iterations: 1}
	cfg.WhatsApp.Host = "127.0.0.1:1" // nobody: files of the samples lie nowhere
	return cfg
}

// addUsers makes a person of each role.
func (s *site) addUsers(t testing.TB) *site {
	t.Helper()
	for _, r := range roles {
		u := models.User{Email: email(string(r)), Name: "Person " + string(r), Role: r}
		if _, err := s.DB().CreateUser(t.Context(), u, password, models.By{Name: "test"}); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// client is a browser of that person: it keeps cookies, signs in when first asked for, follows no redirect.
func (s *site) client(t testing.TB, role string) *http.Client {
	t.Helper()
	if c := s.clients[role]; c != nil {
		return c
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	c := *s.server.Client()
	c.Jar = jar
	c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	s.clients[role] = &c
	if role != "" {
		got := s.send(t, scenario{as: role, method: "POST", path: "/sign-in", form: url.Values{"email": {email(role)}, "password": {password}}})
		if got.status != http.StatusSeeOther {
			t.Fatalf("sign in as %s = %d %s", role, got.status, got.body)
		}
	}
	return &c
}

// A scenario is one request and what must come of it.
type scenario struct {
	name             string
	as               string // role; "" is nobody
	method           string // GET when empty
	path             string
	form             url.Values        // of a POST
	body             string            // instead of form
	header           map[string]string // "-" leaves out what a browser sends; "Host" is the name it calls
	status           int
	to               string            // Location
	want             map[string]string // headers
	contains, absent []string
}

// An answer is what came back.
type answer struct {
	status int
	header http.Header
	body   string
}

// run plays scenarios one after the other, as a person would.
func (s *site) run(t *testing.T, all []scenario) {
	t.Helper()
	for _, sc := range all {
		t.Run(sc.name, func(t *testing.T) { s.send(t, sc).check(t, sc) })
	}
}

func (s *site) send(t testing.TB, sc scenario) answer {
	t.Helper()
	if sc.method == "" {
		sc.method = http.MethodGet
	}
	body := sc.body
	if sc.form != nil {
		body = sc.form.Encode()
	}
	req, err := http.NewRequestWithContext(t.Context(), sc.method, s.server.URL+sc.path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if sc.method == http.MethodPost {
		req.Header.Set("Sec-Fetch-Site", "same-origin")
		req.Header.Set("Origin", s.server.URL)
	}
	if sc.form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for name, value := range sc.header {
		switch {
		case name == "Host":
			req.Host = value
		case value == "-":
			req.Header.Del(name)
		default:
			req.Header.Set(name, value)
		}
	}
	resp, err := s.client(t, sc.as).Do(req)
	if err != nil {
		t.Fatalf("%s %s: %v", sc.method, sc.path, err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatalf("%s %s: %v", sc.method, sc.path, err)
	}
	return answer{resp.StatusCode, resp.Header, string(text)}
}

func (a answer) check(t *testing.T, sc scenario) {
	t.Helper()
	call := strings.TrimSpace(sc.method + " " + sc.path)
	if a.status != sc.status {
		t.Errorf("%s as %q = %d; want %d\n%s", call, sc.as, a.status, sc.status, a.body)
	}
	if got := a.header.Get("Location"); got != sc.to {
		t.Errorf("%s as %q leads to %q; want %q", call, sc.as, got, sc.to)
	}
	for name, want := range sc.want {
		if got := a.header.Get(name); got != want {
			t.Errorf("%s: %s = %q; want %q", call, name, got, want)
		}
	}
	for _, part := range sc.contains {
		if !strings.Contains(a.body, part) {
			t.Errorf("%s: no %q in\n%s", call, part, a.body)
		}
	}
	for _, part := range sc.absent {
		if strings.Contains(a.body, part) {
			t.Errorf("%s: %q in\n%s", call, part, a.body)
		}
	}
}

// A syncBuffer collects the log of many goroutines.
type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

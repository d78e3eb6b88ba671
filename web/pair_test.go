package web_test

import (
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"switchyard/models/modelstest"
	"switchyard/web"
)

// A pair is two servers on one PostgreSQL database, in front of them one that sends every request to the other one
// than the request before. What is asked of the pair itself goes through the front.
type pair struct {
	*site
	a, b *site
	cfg  web.Config // of b
}

func openPair(t *testing.T, url string) *pair {
	t.Helper()
	p := &pair{}
	here := func(c *web.Config) { c.Database = web.Database(url); p.cfg = *c }
	p.a, p.b = openSite(t, here), openSite(t, here)
	p.site = &site{App: p.a.App, log: p.a.log, clients: map[string]*http.Client{}}
	var n atomic.Int64
	p.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.of(n.Add(1)).Handler().ServeHTTP(w, r)
	}))
	t.Cleanup(p.server.Close)
	return p
}

func (p *pair) of(n int64) *site {
	if n%2 == 1 {
		return p.a
	}
	return p.b
}

// same gives all three the browser of one person: cookies do not ask for the port.
func (p *pair) same(t *testing.T, role string) {
	t.Helper()
	c := p.a.client(t, role)
	p.b.clients[role], p.clients[role] = c, c
}

// cutListeners ends the connections on which servers hear of each other.
func (p *pair) cutListeners(t *testing.T) {
	t.Helper()
	var cut int
	err := modelstest.SQL(t, string(p.cfg.Database)).QueryRow(`SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
		WHERE datname = current_database() AND query ILIKE 'LISTEN %'`).Scan(&cut)
	if err != nil || cut < 1 {
		t.Fatalf("connections cut: %d, %v; want those that listen", cut, err)
	}
}

func TestOnPostgresTwoServersShareSessions(t *testing.T) {
	p := openPair(t, modelstest.PostgresURL(t))
	p.addUsers(t)
	p.same(t, "viewer")
	for _, s := range []*site{p.a, p.b} {
		s.send(t, scenario{as: "viewer", path: "/profile"}).check(t, scenario{path: "/profile", status: 200, contains: []string{"Person viewer"}})
	}
	p.b.send(t, scenario{as: "viewer", method: "POST", path: "/sign-out"}).check(t, scenario{path: "/sign-out", status: 303, to: "/sign-in"})
	out := scenario{path: "/profile", status: 303, to: "/sign-in?next=%2Fprofile"}
	p.a.send(t, scenario{as: "viewer", path: "/profile"}).check(t, out)
	p.b.send(t, scenario{as: "viewer", path: "/profile"}).check(t, out)
}

func TestOnPostgresTwoServersThrottleAsOne(t *testing.T) {
	p := openPair(t, modelstest.PostgresURL(t))
	p.addUsers(t)
	refused := func(s *site, role string) int {
		for n := 1; n < 30; n++ {
			got := s.send(t, scenario{method: "POST", path: "/sign-in", body: "email=" + email(role) + "&password=wrong-horse-battery",
				header: map[string]string{"Content-Type": "application/x-www-form-urlencoded"}})
			if got.status == http.StatusTooManyRequests {
				return n
			}
		}
		return 0
	}
	if one, both := refused(p.a, "viewer"), refused(p.site, "support"); one != both || one == 0 {
		t.Errorf("refused at attempt %d by one server, %d by both in turn; want the same", one, both)
	}
}

func TestOnPostgresWebhooksSentInTurnTwiceEndAsOnce(t *testing.T) {
	names := webhooks(t)
	_, once := samples(t, names)
	p := openPair(t, modelstest.PostgresURL(t))
	p.addSamples(t)
	p.deliverAll(t, names)
	p.a.deliverAll(t, names)
	p.b.deliverAll(t, names)
	want := state(t, once)
	if got := state(t, p.cfg); got != want && modelstest.Postgres() {
		t.Errorf("delivered in turn and twice:\n%s\nwant, as delivered once:\n%s", difference(got, want), difference(want, got))
	}
	p.addUsers(t)
	p.same(t, "support")
	for _, path := range []string{"/", "/responses", "/unmatched", "/alerts", "/flows/appointment"} {
		a, b := p.a.send(t, scenario{as: "support", path: path}), p.b.send(t, scenario{as: "support", path: path})
		if a.status != 200 || steady(a.body) != steady(b.body) {
			t.Errorf("GET %s = %d and %d; want the same page of both\n%s", path, a.status, b.status, difference(steady(a.body), steady(b.body)))
		}
	}
	var id string
	for _, row := range query(t, p.cfg, `SELECT id FROM alerts WHERE status = 'active'`) {
		id = row[:len(row)-1]
	}
	p.a.send(t, scenario{as: "support", method: "POST", path: "/alerts/" + id + "/acknowledge"}).check(t, scenario{path: "acknowledge", status: 303, to: "/alerts/" + id})
	p.b.send(t, scenario{as: "support", path: "/alerts?state=acknowledged"}).check(t, scenario{path: "/alerts", status: 200, contains: []string{"/alerts/" + id, "Person support"}})
}

func TestOnPostgresMarksOfTwoServersAreCountedOnce(t *testing.T) {
	p := openPair(t, modelstest.PostgresURL(t))
	pub := p.addSamples(t)
	p.a.ready(t, pub)
	p.b.ready(t, pub)
	opened := func() int64 {
		marks, err := p.DB().Marks(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return int64(marks["ping:claim"].Count)
	}
	for range 20 {
		p.exchange(t, pub, "claim", fixture(t, "endpoint", "ping.json"))
	}
	eventually(t, "20 pings counted", func() bool { return opened() >= 20 })
	if n := opened(); n != 20 {
		t.Errorf("pings counted = %d; want 20", n)
	}
}

package web

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"
	"github.com/labstack/gommon/bytes"

	"switchyard/models"
	"switchyard/models/modelstest"
)

func TestRouteThatNamesNobodyDoesNotRegister(t *testing.T) {
	defer func() {
		if p, _ := recover().(string); !strings.Contains(p, "GET /open") {
			t.Errorf("registering without a guard: panic %q; want one that names the route", p)
		}
	}()
	group{app: &App{}, echo: echo.New(), within: 1}.GET("/open", healthz)
}

// opened is the whole program over a database of its own.
func opened(t *testing.T) *App {
	t.Helper()
	a, err := New(Config{Listen: "127.0.0.1:0", Database: Database(modelstest.URL(t)), MasterKey: Secret(base64.StdEncoding.EncodeToString(make([]byte, 32))),
		Log: &strings.Builder{}, Passwords: models.Passwords{Memory: 64, Iterations: 1}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	return a
}

func TestEveryRouteStatesRoleLimitAndTime(t *testing.T) {
	a := opened(t)
	allowed := map[string]bool{"anyone": true, "signed": true, "viewer": true, "support": true, "operator": true, "admin": true}
	for _, r := range a.Routes() {
		limit, err := bytes.Parse(r.Body)
		if !allowed[r.Who] || err != nil || limit <= 0 || limit > 25<<20 || r.Within <= 0 {
			t.Errorf("%s %s: for %q, body %q (%v), within %v; want a role, a limit and a time", r.Method, r.Path, r.Who, r.Body, err, r.Within)
		}
	}
}

func TestEveryRouteOfTheRouterIsInTheTable(t *testing.T) {
	a := opened(t)
	table := map[string]bool{}
	for _, r := range a.Routes() {
		if table[r.Method+" "+r.Path] {
			t.Errorf("%s %s is registered twice", r.Method, r.Path)
		}
		table[r.Method+" "+r.Path] = true
	}
	e := echo.New()
	a.table = nil
	a.routes(e)
	for _, r := range e.Routes() {
		if !table[r.Method+" "+r.Path] {
			t.Errorf("%s %s was registered past the table", r.Method, r.Path)
		}
	}
	if len(e.Routes()) != len(table) {
		t.Errorf("router has %d routes, table %d; want as many", len(e.Routes()), len(table))
	}
}

package demo_test

import (
	"context"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"net/http/httptest"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"switchyard/models"
	"switchyard/models/alert"
	"switchyard/models/modelstest"
	"switchyard/web"
	"switchyard/web/demo"
	"switchyard/web/play"
)

// server serves what Fill made, as the demo does.
func server(t *testing.T, o demo.Options) (*web.App, string) {
	t.Helper()
	cfg, err := web.ConfigFromEnv(func(name string) (string, bool) {
		v, ok := map[string]string{"SWITCHYARD_DATABASE": o.Database, "SWITCHYARD_MASTER_KEY": base64.StdEncoding.EncodeToString(o.MasterKey), "SWITCHYARD_METRICS_LISTEN": ""}[name]
		return v, ok
	})
	if err != nil {
		t.Fatal(err)
	}
	cfg.Passwords = o.Passwords
	cfg.Log = t.Output()
	app, err := web.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	app.Start()
	s := httptest.NewServer(app.Handler())
	t.Cleanup(func() {
		s.Close()
		if err := app.Close(); err != nil {
			t.Errorf("Close = %v", err)
		}
	})
	return app, s.URL
}

func publicKey(t *testing.T, text string) *rsa.PublicKey {
	t.Helper()
	block, _ := pem.Decode([]byte(text))
	key, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	return key.(*rsa.PublicKey)
}

func TestTheSimulatedCustomerVisitsAnswersAndRaisesAlerts(t *testing.T) {
	o, filled := fill(t, modelstest.URL(t), 40)
	app, url := server(t, o)
	db, public := app.DB(), publicKey(t, o.Key.PublicPEM)
	before := models.Time{Time: time.Now()}
	ctx, leave := context.WithCancel(t.Context())
	customer := demo.Customer{
		Seed: 5, Webhook: url + "/webhooks/meta",
		Phone: func(slug string) demo.Phone {
			return &play.Player{URL: url + "/flow-endpoint/" + slug, PublicKey: public, AppSecret: filled.AppSecret}
		},
		Arrive: demo.Span{Least: 5 * time.Millisecond, Most: 30 * time.Millisecond}, Think: demo.Span{Most: 5 * time.Millisecond},
		Trouble: demo.Span{Least: 20 * time.Millisecond, Most: 40 * time.Millisecond},
		Failed:  func(err error) { t.Errorf("the simulated customer was told: %v", err) },
	}
	var gone sync.WaitGroup
	gone.Go(func() { customer.Run(ctx) })
	waitUntil(t, "a finished visit, its response, and an alert that came and went", func() bool { return lived(t, db, before) })
	leave()
	gone.Wait()
}

// lived tells whether since then a visit was finished, its response came, and an alert was resolved.
func lived(t *testing.T, db *models.DB, since models.Time) bool {
	f, err := db.Flow(t.Context(), "appointment")
	if err != nil {
		t.Fatal(err)
	}
	page, err := db.Responses(t.Context(), models.ResponseFilter{FlowID: f.ID, From: since.Time})
	if err != nil {
		t.Fatal(err)
	}
	finished := false
	for _, r := range page.Rows {
		v, err := db.Visit(t.Context(), r.VisitID)
		finished = finished || err == nil && v.Outcome == models.VisitFinished && v.Steps >= 4
	}
	resolved, _, err := db.Alerts(t.Context(), models.AlertFilter{Status: alert.Resolved, From: since.Add(-time.Second)})
	if err != nil {
		t.Fatal(err)
	}
	return finished && len(resolved) > 0
}

func waitUntil(t *testing.T, what string, done func() bool) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); !done(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("after 30 s there is not yet %s", what)
		}
	}
}

func TestFillWritesNothingOutsideItsFolder(t *testing.T) {
	t.Chdir(t.TempDir())
	fill(t, modelstest.SQLiteURL(t), 40)
	if there, err := filepath.Glob("*"); err != nil || len(there) > 0 {
		t.Errorf("the working folder holds %v, %v; want nothing", there, err)
	}
}

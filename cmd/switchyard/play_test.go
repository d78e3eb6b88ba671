package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"switchyard/models"
	"switchyard/web"
)

// TestTheExamplesOfPlayAreRightAboutTheDemo plays them once and as load, and one that expects something else.
func TestTheExamplesOfPlayAreRightAboutTheDemo(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "demo")
	d := startDemo(t, nil, "--keep", folder, "--listen", "127.0.0.1:0")
	defer d.end()
	vars := map[string]string{"SWITCHYARD_DATABASE": "sqlite:" + folder + "/switchyard.db"}
	key, secret := filepath.Join(t.TempDir(), "public.pem"), appSecretOf(t, vars)
	if err := os.WriteFile(key, []byte(call(t, vars, "", "key", "new").out), 0o600); err != nil {
		t.Fatal(err)
	}
	flags := []string{"--url", d.url, "--key", key, "--app-secret", "--test"}
	play := append([]string{"play", "../../web/play/examples"}, flags...)
	for end := time.Now().Add(5 * time.Second); call(t, nil, secret, play...).code != done && time.Now().Before(end); {
		time.Sleep(50 * time.Millisecond) // until the demo has heard of the key
	}
	step{secret, play, done, "claim.json", ""}.check(t, nil)
	got := step{secret, append(play, "--rate", "60", "--for", "1s"), done, "wrong     0", ""}.check(t, nil)
	if !strings.Contains(got.out, "p99") || !strings.Contains(got.out, "requests  60 in") {
		t.Errorf("load wrote\n%s\nwant 60 requests and their latencies", got.out)
	}
	step{secret, append([]string{"play", "testdata/play-wrong.json"}, flags...), failed, "", `expected "SUMMARY"`}.check(t, nil)
}

// appSecretOf is the app secret that a database holds, as a line of standard input.
func appSecretOf(t *testing.T, vars map[string]string) string {
	t.Helper()
	cfg, err := web.ConfigFromEnv(func(name string) (string, bool) { v, ok := vars[name]; return v, ok })
	if err != nil {
		t.Fatal(err)
	}
	db, err := web.OpenBeside(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	secret, err := db.Setting(t.Context(), models.AppSecret)
	if err != nil {
		t.Fatal(err)
	}
	return secret + "\n"
}

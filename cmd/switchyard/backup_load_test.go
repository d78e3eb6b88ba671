package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"switchyard/handlers/whatsapp/wire"
	"switchyard/models/modelstest"
)

// An acknowledging is a load on one process: what it took, and how long that took.
type acknowledging struct {
	mu      sync.Mutex
	next    int
	bodies  []string // SHA-256, hex
	longest time.Duration
}

func (a *acknowledging) send(ctx context.Context, p *process) {
	for ctx.Err() == nil {
		a.mu.Lock()
		body := itemBody(a.next)
		a.next++
		a.mu.Unlock()
		header := http.Header{wire.SignatureHeader: {wire.Sign(clusterSecret, body)}, "Content-Type": {"application/json"}}
		began := time.Now()
		status, _ := ask(ctx, http.MethodPost, p.url("/webhooks/meta"), body, header)
		a.mu.Lock()
		if status == http.StatusOK {
			sum := sha256.Sum256(body)
			a.bodies = append(a.bodies, hex.EncodeToString(sum[:]))
			a.longest = max(a.longest, time.Since(began))
		}
		a.mu.Unlock()
	}
}

// taken are those that were acknowledged until now.
func (a *acknowledging) taken() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(a.bodies)
}

// TestBackupsUnderLoadHoldAllThatWasAcknowledgedBefore is B12: each backup is restored elsewhere, checked and served.
func TestBackupsUnderLoadHoldAllThatWasAcknowledgedBefore(t *testing.T) {
	data, copies := t.TempDir(), t.TempDir()
	vars := map[string]string{"SWITCHYARD_DATABASE": "sqlite:" + filepath.Join(data, "switchyard.db"), "SWITCHYARD_METRICS_LISTEN": "",
		"SWITCHYARD_META_APP_SECRET": clusterSecret}
	p := newProcess(t, "server", vars)
	p.start(t)
	ctx, end := context.WithCancel(t.Context())
	var all sync.WaitGroup
	a := &acknowledging{}
	for range 4 {
		all.Go(func() { a.send(ctx, p) })
	}
	var before [][]string
	for i := range verify(3, 20) {
		p.soon(t, "acknowledges", func() bool { return len(a.taken()) >= 150*(i+1) })
		before = append(before, a.taken())
		step{"", []string{"backup", filepath.Join(copies, fmt.Sprintf("%d.db", i))}, done, "sha256", ""}.check(t, vars)
	}
	step{"", []string{"check"}, done, "ok       Integrity", ""}.check(t, vars)
	end()
	all.Wait()
	p.stop(t)
	t.Logf("%d acknowledged; the longest took %v", len(a.taken()), a.longest)
	key, err := os.ReadFile(filepath.Join(data, "master.key"))
	if err != nil {
		t.Fatal(err)
	}
	for i, bodies := range before {
		serveRestored(t, vars, filepath.Join(copies, fmt.Sprintf("%d.db", i)), key, bodies)
	}
}

// serveRestored restores a backup into a new folder and looks for bodies in it.
func serveRestored(t *testing.T, vars map[string]string, file string, key []byte, bodies []string) {
	t.Helper()
	folder, here := t.TempDir(), map[string]string{}
	for k, v := range vars {
		here[k] = v
	}
	here["SWITCHYARD_DATABASE"] = "sqlite:" + filepath.Join(folder, "switchyard.db")
	step{"", []string{"restore", file}, failed, "", "master.key is missing"}.check(t, here)
	if err := os.WriteFile(filepath.Join(folder, "master.key"), key, 0o600); err != nil {
		t.Fatal(err)
	}
	step{"", []string{"restore", file}, done, "switchyard.db is the backup now", ""}.check(t, here)
	if got := (step{"", []string{"check"}, done, "ok       Integrity", ""}).check(t, here); strings.Contains(got.out, "BROKEN") {
		t.Errorf("check of %s:\n%s", file, got.out)
	}
	there := map[string]bool{}
	rows, err := modelstest.SQL(t, here["SWITCHYARD_DATABASE"]).Query("SELECT lower(hex(sha256)) FROM deliveries")
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		var sum string
		if err := rows.Scan(&sum); err != nil {
			t.Fatal(err)
		}
		there[sum] = true
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	lost := slices.DeleteFunc(slices.Clone(bodies), func(sum string) bool { return there[sum] })
	if len(lost) > 0 {
		t.Errorf("%s lacks %d of %d bodies that were acknowledged before it began", file, len(lost), len(bodies))
	}
	p := newProcess(t, "restored", here)
	p.start(t)
	p.stop(t)
	if !strings.Contains(p.log.String(), `"backup":"`) {
		t.Errorf("the first line of the log tells no age of the last backup\n%s", p.tail())
	}
}

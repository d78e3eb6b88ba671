package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"switchyard/models"
	"switchyard/models/modelstest"
	"switchyard/web"
)

func TestCopyGoesOnAfterItsProcessWasKilled(t *testing.T) {
	from := "sqlite:" + filepath.Join(t.TempDir(), "switchyard.db")
	if _, _, err := fillDemo(t.Context(), web.Config{Database: web.Database(from), Files: web.Secret(t.TempDir())}, 300, "demo.internal:8080"); err != nil {
		t.Fatal(err)
	}
	for engine, to := range modelstest.Stores(t) {
		killCopy(t, from, to)
		beside := call(t, map[string]string{"SWITCHYARD_DATABASE": to, "SWITCHYARD_METRICS_LISTEN": ""}, "", "user", "list")
		if beside.code != failed || !strings.Contains(beside.errOut, "run switchyard copy again") {
			t.Errorf("%s: user list on half a copy = %d %q; want it refused", engine, beside.code, beside.errOut)
		}
		got := call(t, map[string]string{copyTo: to}, "", "copy", "--from", from)
		for _, part := range []string{"responses", " were there from before.", "SWITCHYARD_DATABASE=" + strings.SplitAfter(to, ":")[0], filepath.Join(filepath.Dir(from[len("sqlite:"):]), "master.key")} {
			if got.code != done || !strings.Contains(got.out, part) {
				t.Errorf("%s: copy after kill -9 = %d, err %q, out:\n%s\nwant 0 and %q", engine, got.code, got.errOut, got.out, part)
			}
		}
		again := call(t, nil, "", "copy", "--to", to, "--from", from)
		if again.code != failed || !strings.Contains(again.errOut, "is not empty") || again.out != "" {
			t.Errorf("%s: copy into what is filled = %d %q %q; want 1 and a sentence", engine, again.code, again.out, again.errOut)
		}
	}
}

// killCopy starts a copy as a process and kills it when something has arrived.
func killCopy(t *testing.T, from, to string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "copy")
	cmd.Env = append(os.Environ(), "SWITCHYARD_TEST_AS_PROGRAM=1", copyFrom+"="+from, copyTo+"="+to)
	var log bytes.Buffer
	cmd.Stderr = &log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	p := modelstest.SQL(t, to)
	arrived := 0
	for end := time.Now().Add(30 * time.Second); arrived == 0 && time.Now().Before(end); time.Sleep(2 * time.Millisecond) {
		_ = p.QueryRow("SELECT coalesce(sum(rows), 0) FROM copying").Scan(&arrived) // there is no such table at first
	}
	cmd.Process.Kill()
	cmd.Wait()
	if status, ok := cmd.ProcessState.Sys().(syscall.WaitStatus); !ok || !status.Signaled() || arrived == 0 {
		t.Fatalf("copy ended with %v after %d rows; want it killed in the middle\n%s", cmd.ProcessState, arrived, &log)
	}
}

func TestCopyIsRefusedBesideAServer(t *testing.T) {
	cmd, _, vars := program(t)
	got := call(t, nil, "", "copy", "--from", vars["SWITCHYARD_DATABASE"], "--to", "sqlite:"+filepath.Join(t.TempDir(), "new.db"))
	if got.code != failed || !strings.Contains(got.errOut, "a server or another copy runs on") || strings.Count(got.errOut, "\n") != 1 {
		t.Errorf("copy beside a server = %d %q; want 1 and one sentence", got.code, got.errOut)
	}
	cmd.Process.Signal(syscall.SIGTERM)
	cmd.Wait()
}

func TestCopyThatIsAskedForWronglyIsCode2AndRepeatsNoPassword(t *testing.T) {
	for _, args := range [][]string{
		{"copy"}, {"copy", "--from", "sqlite:a.db"}, {"copy", "--to", "sqlite:a.db"}, {"copy", "a.db", "b.db"},
		{"copy", "--from", "postgress://ada:hunter22@db/x", "--to", "sqlite:b.db"}, {"copy", "--from", "sqlite:a.db", "--to", "mysql://ada:hunter22@db/x"},
	} {
		got := call(t, nil, "", args...)
		if got.code != misused || got.out != "" || strings.Count(got.errOut, "\n") != 1 || strings.Contains(got.errOut, "hunter22") {
			t.Errorf("switchyard %q = %d, out %q, err %q; want 2 and one sentence without the password", args, got.code, got.out, got.errOut)
		}
	}
	unreachable := call(t, nil, "", "copy", "--from", "postgres://ada:hunter22@127.0.0.1:1/x", "--to", "sqlite:"+filepath.Join(t.TempDir(), "b.db"))
	if unreachable.code != failed || strings.Contains(unreachable.errOut, "hunter22") || !strings.Contains(unreachable.errOut, "127.0.0.1:1") {
		t.Errorf("copy from nowhere = %d %q; want 1 and a sentence with the host and no password", unreachable.code, unreachable.errOut)
	}
}

func TestMeterWritesOverOneLinePerTableOfATerminal(t *testing.T) {
	reports := []models.CopyProgress{{Table: "flows", Rows: 1, Total: 2}, {Table: "flows", Rows: 2, Total: 2}, {Table: "keys", Rows: 1, Total: 1}, {Table: "keys", Rows: 1, Total: 1, Comparing: true}}
	for _, tt := range []struct {
		terminal bool
		since    time.Duration // of the line before
		want     string
	}{
		{true, 0, "\rCopying flows: 1 of 2 rows (50 %)\x1b[K\rCopying flows: 2 of 2 rows (100 %)\x1b[K\n\rCopying keys: 1 of 1 rows (100 %)\x1b[K\n\rComparing keys: 1 of 1 rows (100 %)\x1b[K\n"},
		{false, 0, ""},
		{false, time.Minute, "Copying flows: 1 of 2 rows (50 %)\n"},
	} {
		var b bytes.Buffer
		m := &meter{w: &b, terminal: tt.terminal, shown: time.Now().Add(-tt.since)}
		for _, p := range reports {
			m.show(p)
		}
		m.end()
		if b.String() != tt.want {
			t.Errorf("meter (terminal: %t, %v after a line) wrote %q; want %q", tt.terminal, tt.since, b.String(), tt.want)
		}
	}
}

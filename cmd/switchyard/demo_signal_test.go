package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestADemoInterruptedTwiceLeavesNothing goes on interrupting until the process has ended.
func TestADemoInterruptedTwiceLeavesNothing(t *testing.T) {
	temp := t.TempDir()
	var out shared
	demo := exec.Command(os.Args[0], "demo", "--responses", "60", "--listen", "127.0.0.1:0")
	demo.Env = append(os.Environ(), "SWITCHYARD_TEST_AS_PROGRAM=1", "TMPDIR="+temp)
	demo.Stdout, demo.Stderr = &out, &out
	if err := demo.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- demo.Wait() }()
	for began := time.Now(); !strings.Contains(out.String(), "Ctrl+C"); time.Sleep(10 * time.Millisecond) {
		if time.Since(began) > time.Minute {
			demo.Process.Kill()
			t.Fatalf("the demo says after a minute %s", out.String())
		}
	}
	for range 10_000 {
		demo.Process.Signal(syscall.SIGINT)
		select {
		case <-ended:
			if left, err := filepath.Glob(filepath.Join(temp, "*")); err != nil || len(left) > 0 {
				t.Errorf("the demo left %v, %v; want nothing", left, err)
			}
			return
		case <-time.After(time.Millisecond):
		}
	}
	demo.Process.Kill()
	t.Fatal("the demo goes on after many interrupts")
}

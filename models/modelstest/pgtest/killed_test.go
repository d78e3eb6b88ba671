package pgtest_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"switchyard/models/modelstest/pgtest"
)

// victim is the environment variable that makes this program one that is killed: it says where its server is and waits.
const victim = "PGTEST_VICTIM"

func TestMain(m *testing.M) {
	how := os.Getenv(victim)
	if how == "" {
		os.Exit(m.Run())
	}
	s, err := pgtest.Shared()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	if how == "frozen" {
		s.Freeze()
	}
	fmt.Println(s.Dir)
	io.Copy(io.Discard, os.Stdin)
}

func TestKilledProcessLeavesNoServerAndNoFolder(t *testing.T) {
	for _, how := range []string{"running", "frozen"} {
		t.Run(how, func(t *testing.T) {
			cmd := exec.CommandContext(t.Context(), os.Args[0])
			cmd.Env = append(os.Environ(), victim+"="+how)
			cmd.Stderr = os.Stderr
			in, err := cmd.StdinPipe()
			must(t, "StdinPipe()", err)
			defer in.Close()
			out, err := cmd.StdoutPipe()
			must(t, "StdoutPipe()", err)
			must(t, "start of the victim", cmd.Start())
			line, err := bufio.NewReader(out).ReadString('\n')
			must(t, "reading the folder from the victim", err)
			dir := strings.TrimSpace(line)
			pid := postmaster(t, dir)

			must(t, "kill -9", cmd.Process.Kill())
			cmd.Wait()
			awaitGone(t, dir, pid)
		})
	}
}

func awaitGone(t *testing.T, dir string, pid int) {
	t.Helper()
	end := time.Now().Add(20 * time.Second)
	for {
		err := trace(dir, pid)
		if err == nil {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("20 s after kill -9: %v", err)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// postmaster is the process of the server in dir.
func postmaster(t *testing.T, dir string) int {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "data", "postmaster.pid"))
	must(t, "reading postmaster.pid", err)
	first, _, _ := strings.Cut(string(text), "\n")
	pid, err := strconv.Atoi(first)
	must(t, "process id in postmaster.pid", err)
	must(t, "signal 0 to the server", syscall.Kill(pid, 0))
	return pid
}

// trace says what is left of a server.
func trace(dir string, pid int) error {
	if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("Stat(%s) = %v; want that it does not exist", dir, err)
	}
	if err := syscall.Kill(pid, 0); !errors.Is(err, syscall.ESRCH) {
		return fmt.Errorf("signal 0 to the server's process %d = %v; want no such process", pid, err)
	}
	return nil
}

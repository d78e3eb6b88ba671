package pgtest

import (
	"bufio"
	_ "embed" // for supervisor.sh
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"syscall"
)

//go:embed supervisor.sh
var script string

// A supervisor is the shell that runs a server. It goes away, and the server with it, when its input is closed: by end,
// or by the system when this process is no more.
type supervisor struct {
	dir string

	mu      sync.Mutex // one order at a time
	cmd     *exec.Cmd
	orders  io.WriteCloser
	answers *bufio.Reader
}

// supervise starts one, which makes a folder and a cluster in it, as an ordinary user.
func supervise(bin string) (*supervisor, error) {
	account, err := ordinary()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command("/bin/sh", "-c", script, "pgtest", bin)
	cmd.Dir = "/" // which everybody may enter
	cmd.Env = slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "PG") })
	// A group of its own: the terminal's Ctrl-C is for the tests, whose end is then noticed.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Credential: account}
	up := &supervisor{cmd: cmd}
	if up.orders, err = cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	up.answers = bufio.NewReader(out)
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start PostgreSQL: %w", err)
	}
	if err := up.created(); err != nil {
		up.end()
		return nil, fmt.Errorf("create a PostgreSQL cluster: %w", err)
	}
	return up, nil
}

func (up *supervisor) created() error {
	line, err := up.answers.ReadString('\n')
	if err != nil {
		return err
	}
	if up.dir = strings.TrimSuffix(line, "\n"); up.dir == "" {
		return errors.New("no folder for temporary files that its user may write to and that has a short name: set TMPDIR to one")
	}
	return up.answer()
}

// order sends one and waits until it is done.
func (up *supervisor) order(format string, args ...any) error {
	up.mu.Lock()
	defer up.mu.Unlock()
	order := fmt.Sprintf(format, args...)
	if _, err := fmt.Fprintln(up.orders, order); err != nil {
		return fmt.Errorf("%s PostgreSQL: %w", order, err)
	}
	if err := up.answer(); err != nil {
		return fmt.Errorf("%s PostgreSQL: %w", order, err)
	}
	return nil
}

// answer reads up to the line that says how it went; what comes before is the error.
func (up *supervisor) answer() error {
	var said strings.Builder
	for {
		line, err := up.answers.ReadString('\n')
		switch {
		case err != nil:
			return fmt.Errorf("its supervisor is gone: %w", err)
		case line == "ok\n":
			return nil
		case line == "failed\n":
			return errors.New(strings.TrimSpace(said.String()))
		}
		said.WriteString(line)
	}
}

// end returns when the server is stopped and its folder gone.
func (up *supervisor) end() error {
	up.mu.Lock()
	defer up.mu.Unlock()
	return errors.Join(up.orders.Close(), up.cmd.Wait())
}

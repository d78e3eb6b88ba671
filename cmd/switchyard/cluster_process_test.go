package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// A process is one that runs serve, on an address that stays the same over its lives.
type process struct {
	name, address string
	env           []string
	log           shared

	mu      sync.Mutex
	cmd     *exec.Cmd
	ended   chan error
	killed  []time.Time
	slowest time.Duration // start
}

func newProcess(t *testing.T, name string, vars map[string]string) *process {
	t.Helper()
	p := &process{name: name, address: privatePort(t)}
	p.env = append(os.Environ(), "SWITCHYARD_TEST_AS_PROGRAM=1", "SWITCHYARD_LISTEN="+p.address)
	for k, v := range vars {
		p.env = append(p.env, k+"="+v)
	}
	t.Cleanup(func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		if p.cmd != nil {
			p.cmd.Process.Kill()
			<-p.ended
		}
	})
	return p
}

func (p *process) url(path string) string { return "http://" + p.address + path }

func (p *process) get(t *testing.T, path string) (status int) {
	t.Helper()
	status, _ = ask(t.Context(), http.MethodGet, p.url(path), nil, nil)
	return status
}

// start begins a life and waits until it answers.
func (p *process) start(t *testing.T) {
	t.Helper()
	cmd, ended, began := exec.Command(os.Args[0], "serve"), make(chan error, 1), time.Now()
	cmd.Env, cmd.Stdout, cmd.Stderr = p.env, &p.log, &p.log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { ended <- cmd.Wait() }()
	p.mu.Lock()
	p.cmd, p.ended = cmd, ended
	p.mu.Unlock()
	p.soon(t, "answers", func() bool { return p.get(t, "/healthz") == http.StatusOK })
	p.slowest = max(p.slowest, time.Since(began))
}

// kill ends a life as a power cut does.
func (p *process) kill(t *testing.T) {
	t.Helper()
	p.mu.Lock()
	cmd, ended := p.cmd, p.ended
	p.cmd = nil
	p.mu.Unlock()
	select {
	case err := <-ended:
		t.Fatalf("%s ended by itself: %v\n%s", p.name, err, p.tail())
	default:
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	<-ended
	p.mu.Lock()
	p.killed = append(p.killed, time.Now())
	p.mu.Unlock()
}

// stop ends a life in good order.
func (p *process) stop(t *testing.T) {
	t.Helper()
	p.mu.Lock()
	cmd, ended := p.cmd, p.ended
	p.cmd = nil
	p.mu.Unlock()
	cmd.Process.Signal(syscall.SIGTERM)
	select {
	case err := <-ended:
		if err != nil {
			t.Errorf("%s after SIGTERM = %v; want exit 0\n%s", p.name, err, p.tail())
		}
	case <-time.After(time.Minute):
		cmd.Process.Kill()
		<-ended
		t.Errorf("%s goes on a minute after SIGTERM\n%s", p.name, p.tail())
	}
}

func (p *process) signal(s os.Signal) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.cmd.Process.Signal(s)
}

// killedAfter tells whether the process was killed within so long after that moment.
func (p *process) killedAfter(moment time.Time, within time.Duration) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, k := range p.killed {
		if k.After(moment) && k.Sub(moment) < within {
			return true
		}
	}
	return false
}

// says is what the process' rules say at the opening of the flow "talk".
func (p *process) says(ctx context.Context) string {
	_, answer := ask(ctx, http.MethodPost, p.url("/flow-endpoint/talk"), []byte(`{"version":"3.0","action":"INIT","flow_token":"unused"}`), nil)
	var got struct{ Data struct{ Text string } }
	if json.Unmarshal(answer, &got) != nil {
		return ""
	}
	return got.Data.Text
}

func (p *process) soon(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for began := time.Now(); !ok(); time.Sleep(10 * time.Millisecond) {
		if time.Since(began) > 30*time.Second {
			t.Fatalf("%s: not after 30 s: %s\n%s", p.name, what, p.tail())
		}
	}
}

// tail is the end of what the process said, without its access lines.
func (p *process) tail() string {
	var told []string
	for line := range strings.Lines(p.log.String()) {
		if !strings.Contains(line, "msg=request") && !strings.Contains(line, `"msg":"request"`) {
			told = append(told, line)
		}
	}
	return fmt.Sprintf("%s\n", strings.Join(told[max(0, len(told)-40):], ""))
}

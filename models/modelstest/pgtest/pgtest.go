// Package pgtest runs a PostgreSQL server for tests.
package pgtest

import (
	"fmt"
	"math/rand/v2"
	"net"
	"sync"
	"sync/atomic"
	"testing"
)

// User logs in over TCP only with Password, unlike everybody else, who needs none. It owns nothing and may connect to
// every database.
const (
	User     = "secret"
	Password = "vPq7rTzW2mXk"
)

// A Server is a running PostgreSQL server with the superuser postgres. It forgets everything when it ends: nothing
// waits for the disk, but a commit has the guarantees of synchronous_commit=on when only the server dies.
type Server struct {
	Dir  string // holds its socket, its data and its log; removed when it ends
	Port int    // on 127.0.0.1, the same after a restart

	supervisor *supervisor
	made       atomic.Int64 // databases, for names that differ
}

// Start starts a server that is the test's own. It ends with the test.
func Start(t testing.TB) *Server {
	t.Helper()
	s, err := start()
	if err != nil {
		t.Fatalf("pgtest.Start() = %v", err)
	}
	t.Cleanup(func() {
		if err := s.supervisor.end(); err != nil {
			t.Errorf("the server in %s ended with %v", s.Dir, err)
		}
	})
	return s
}

// Shared is the one server of this process, started when it is first asked for. It ends when the process does, even
// when that is killed.
func Shared() (*Server, error) { return shared() }

var shared = sync.OnceValues(start)

func start() (*Server, error) {
	bin, err := programs()
	if err != nil {
		return nil, err
	}
	up, err := supervise(bin)
	if err != nil {
		return nil, err
	}
	s := &Server{Dir: up.dir, supervisor: up}
	if err := s.listen(); err != nil {
		up.end()
		return nil, err
	}
	return s, nil
}

// listen starts the server on a port that is free. Somebody else may take it in between: then another.
func (s *Server) listen() (err error) {
	for range 5 {
		if s.Port, err = freePort(); err != nil {
			return err
		}
		if err = s.supervisor.order("start %d", s.Port); err == nil {
			return s.Exec(fmt.Sprintf("CREATE ROLE %s LOGIN PASSWORD '%s'", User, Password))
		}
	}
	return err
}

// freePort finds one below those that the system hands out to clients: one of them could sit on it during a restart.
func freePort() (port int, err error) {
	for range 100 {
		port = 20000 + rand.IntN(12000)
		l, failed := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if failed == nil {
			return port, l.Close()
		}
		err = failed
	}
	return 0, fmt.Errorf("find a free port: %w", err)
}

// signals are what the modes of a restart are called outside of pg_ctl.
var signals = map[string]string{"fast": "INT", "immediate": "QUIT"}

// Restart does what pg_ctl restart does in a mode: fast, which ends sessions in good order, or immediate, which is a
// crash. When it returns, the server answers, and what was committed before is there.
func (s *Server) Restart(mode string) error {
	signal, known := signals[mode]
	if !known {
		return fmt.Errorf("restart in mode %q: it is fast or immediate", mode)
	}
	return s.supervisor.order("restart %s", signal)
}

// Freeze stops all processes of the server where they are: it still takes connections but answers nothing until Thaw.
// It panics when it cannot.
func (s *Server) Freeze() { s.must("freeze") }

// Thaw lets a frozen server go on. It does nothing to one that is not frozen.
func (s *Server) Thaw() { s.must("thaw") }

func (s *Server) must(order string) {
	if err := s.supervisor.order("%s", order); err != nil {
		panic(fmt.Sprintf("pgtest: %v", err))
	}
}

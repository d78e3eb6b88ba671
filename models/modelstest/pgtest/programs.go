package pgtest

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"regexp"
	"strconv"
	"syscall"
)

// oldest is the first version that Switchyard supports.
const oldest = 14

var errNone = fmt.Errorf("no PostgreSQL server of version %d or later in /usr/lib/postgresql or PATH: run apt-get install postgresql", oldest)

// Available says why no server can be started here, and what to do about it; nil when one can.
func Available() error {
	_, none := programs()
	_, nobody := ordinary()
	return errors.Join(none, nobody)
}

// programs is the folder of the server's programs: Debian's newest, else that of the postgres in PATH.
func programs() (string, error) {
	if bin := newest("/usr/lib/postgresql"); bin != "" {
		return bin, nil
	}
	server, err := exec.LookPath("postgres")
	if err != nil {
		return "", errNone
	}
	if server, err = filepath.EvalSymlinks(server); err != nil {
		return "", errNone
	}
	out, err := exec.Command(server, "--version").Output()
	if bin := filepath.Dir(server); err == nil && major(string(out)) >= oldest && complete(bin) {
		return bin, nil
	}
	return "", errNone
}

// newest is the folder of programs of the highest version below root that we support and that has a server: the
// clients alone come in the same folder.
func newest(root string) (best string) {
	dirs, _ := filepath.Glob(filepath.Join(root, "*", "bin"))
	version := oldest - 1
	for _, bin := range dirs {
		if v := major(filepath.Base(filepath.Dir(bin))); v > version && complete(bin) {
			best, version = bin, v
		}
	}
	return best
}

func complete(bin string) bool {
	for _, name := range []string{"initdb", "postgres"} {
		if _, err := os.Stat(filepath.Join(bin, name)); err != nil {
			return false
		}
	}
	return true
}

var number = regexp.MustCompile(`\d+`)

// major is the first number in a text, as in "postgres (PostgreSQL) 15.4"; 0 without.
func major(version string) int {
	n, _ := strconv.Atoi(number.FindString(version))
	return n
}

// ordinary is whom the server runs as: it refuses root. It is nil when we are not root.
func ordinary() (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err := strconv.ParseUint(u.Uid, 10, 32)
		if err != nil {
			return nil, err
		}
		gid, err := strconv.ParseUint(u.Gid, 10, 32)
		if err != nil {
			return nil, err
		}
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
	}
	return nil, errors.New("PostgreSQL does not run as root, and there is no user postgres or nobody to run it as: run the tests as an ordinary user")
}

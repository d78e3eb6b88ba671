package models

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

// errInUse is behind the sentence of inUse.
var errInUse = errors.New("in use")

func inUse(name string) error {
	return &sentence{fmt.Sprintf("a server or another copy runs on %s already; stop it first", name), errInUse}
}

// LockFile holds an SQLite file for one server, copy or restore, by a file beside it. Closing what it returns gives the lock
// back. The lock is the operating system's: a crash frees it. Its errors are sentences for the person at the terminal.
func LockFile(file string) (*os.File, error) {
	f, err := os.OpenFile(file+".lock", os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("the database %s cannot be locked: %w", file, err)
	}
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if err == nil {
		return f, nil
	}
	f.Close()
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return nil, inUse(file)
	}
	return nil, fmt.Errorf("the database %s cannot be locked: %w", file, err)
}

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
	return &sentence{fmt.Sprintf("a server or another copy runs on %s; stop it first", name), errInUse}
}

// lockFile holds a database file as a server does, by the same file beside it, so that neither runs beside the other.
// The lock is the operating system's: a crash frees it.
func lockFile(file string) (*os.File, error) {
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

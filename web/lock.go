package web

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// unlock gives the file back, when there is one.
func (a *App) unlock() error {
	if a.lock == nil {
		return nil
	}
	return a.lock.Close()
}

// lockDatabase holds the database file for one server: a second one would decode the same deliveries. The lock is
// the operating system's, so that a crash frees it.
func lockDatabase(path string) (*os.File, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("make the folder of the database: %w", err)
	}
	f, err := os.OpenFile(path+".lock", os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock the database: %w", err)
	}
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if err == nil {
		return f, nil
	}
	f.Close()
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return nil, fmt.Errorf("another switchyard serves %s already, or copies it: stop it first", path)
	}
	return nil, fmt.Errorf("lock the database: %w", err)
}

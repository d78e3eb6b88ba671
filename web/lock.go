package web

import (
	"fmt"
	"os"
	"path/filepath"

	"switchyard/models"
)

// lockDatabase holds the database file for one server: a second one would decode the same deliveries.
func lockDatabase(path string) (*os.File, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("make the folder of the database: %w", err)
	}
	return models.LockFile(path)
}

// unlock gives the file back, when there is one.
func (a *App) unlock() error {
	if a.lock == nil {
		return nil
	}
	return a.lock.Close()
}

package models

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// fileOf is the absolute path that a database URL names.
func fileOf(url string) (string, error) {
	path, ok := strings.CutPrefix(url, "sqlite:")
	if !ok || path == "" {
		return "", errors.New("the database must be written as sqlite:PATH, for example sqlite:data/switchyard.db")
	}
	file, err := filepath.Abs(path)
	if err != nil {
		return "", fmt.Errorf("the database %s cannot be found: %w", path, err)
	}
	return file, nil
}

// makeFile makes folder and file for their owner alone; SQLite gives its side files the mode of the file.
// Only a program that migrates makes a database: elsewhere a wrong path must not become an empty one.
func makeFile(file string, make bool) error {
	switch found, err := os.Stat(file); {
	case err == nil && found.IsDir():
		return fmt.Errorf("the database %s is a folder; name a file in it in SWITCHYARD_DATABASE", file)
	case err == nil || !errors.Is(err, fs.ErrNotExist):
		return err
	}
	if !make {
		return noDatabase(file)
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return fmt.Errorf("the folder of the database cannot be made: %w", err)
	}
	f, err := os.OpenFile(file, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return fmt.Errorf("the database cannot be made: %w", err)
	}
	return f.Close()
}

// A noDatabase is the error about a file that is missing or empty, where none is made.
type noDatabase string

func (file noDatabase) Error() string {
	return fmt.Sprintf("there is no database at %s; start the server once to make it, or set SWITCHYARD_DATABASE", string(file))
}

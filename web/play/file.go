package play

import (
	"errors"
	"os"
	"path/filepath"
)

// A file is a script, or the body of a webhook.
type file struct {
	name string
	text []byte
}

// readFiles reads a file, or the files of a folder in the order of their names.
func readFiles(path string) ([]file, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	paths := []string{path}
	if info.IsDir() {
		paths = paths[:0]
		entries, err := os.ReadDir(path)
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			if e.Type().IsRegular() {
				paths = append(paths, filepath.Join(path, e.Name()))
			}
		}
	}
	var files []file
	for _, p := range paths {
		text, err := os.ReadFile(p)
		if err != nil {
			return nil, err
		}
		files = append(files, file{filepath.Base(p), text})
	}
	if len(files) == 0 {
		return nil, errors.New("the folder holds no files")
	}
	return files, nil
}

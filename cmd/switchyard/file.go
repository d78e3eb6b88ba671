package main

import (
	"fmt"
	"io"
	"os"
)

// readFile reads a file of at most limit bytes; "-" is standard input.
func readFile(env environment, name string, limit int64) ([]byte, error) {
	r := env.stdin
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		r = f
	}
	text, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	if int64(len(text)) > limit {
		return nil, fmt.Errorf("%s is larger than %d MiB", name, limit>>20)
	}
	return text, nil
}

// writeFile writes a whole file; "-" is standard output.
func writeFile(env environment, name string, text []byte) error {
	if name == "-" {
		_, err := env.stdout.Write(text)
		return err
	}
	return os.WriteFile(name, text, 0o644)
}

package main

import (
	"context"
	"errors"
	"io"
	"strings"

	"switchyard/models"
	"switchyard/web"
)

// withDB opens the database of this configuration beside a server that may run, and never migrates it.
func withDB(ctx context.Context, env environment, do func(*models.DB) error) error {
	cfg, err := web.ConfigFromEnv(env.lookup)
	if err != nil {
		return err
	}
	db, err := web.OpenBeside(ctx, cfg)
	if err != nil {
		return err
	}
	return errors.Join(do(db), db.Close())
}

// readLine reads a password or another secret from standard input: the next line, which may be the last. It takes no
// byte more, so that two secrets may stand on two lines.
func readLine(env environment, what string) (string, error) {
	var line []byte
	for one := make([]byte, 1); len(line) < 64<<10; {
		n, err := env.stdin.Read(one)
		if n == 1 && one[0] != '\n' {
			line = append(line, one[0])
			continue
		}
		if n == 1 || errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return "", err
		}
	}
	text := strings.TrimSuffix(string(line), "\r")
	if text == "" {
		return "", use("write the %s on standard input", what)
	}
	return text, nil
}

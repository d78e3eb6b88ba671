package main

import (
	"bufio"
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

// readLine reads a password or another secret from standard input: the first line, which may be the last.
func readLine(env environment, what string) (string, error) {
	line, err := bufio.NewReader(io.LimitReader(env.stdin, 64<<10)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", err
	}
	if line = strings.TrimRight(line, "\r\n"); line == "" {
		return "", use("write the %s on standard input", what)
	}
	return line, nil
}

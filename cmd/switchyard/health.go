package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"time"

	"switchyard/web"
)

// health asks the server of this configuration whether it is alive, for the health check of an image.
func health(ctx context.Context, env environment, args []string) int {
	if _, err := parse(flags("health", "", "Asks the server of this configuration whether it is alive: exit 0 or 1."), args, 0); err != nil {
		return exit(env, err)
	}
	cfg, err := web.ConfigFromEnv(env.lookup)
	if err != nil {
		return exit(env, err)
	}
	return exit(env, alive(ctx, cfg))
}

func alive(ctx context.Context, cfg web.Config) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	scheme, transport := "http://", &http.Transport{DisableKeepAlives: true}
	if cfg.TLSHost != "" {
		// We ask this very machine by an address that the certificate does not name.
		scheme, transport.TLSClientConfig = "https://", &tls.Config{ServerName: cfg.TLSHost, InsecureSkipVerify: true}
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, scheme+web.Local(cfg.Listen)+"/healthz", nil)
	if err != nil {
		return err
	}
	resp, err := (&http.Client{Transport: transport}).Do(req)
	if err != nil {
		return errors.New("the server does not answer on " + cfg.Listen)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("the server on %s answers %d", cfg.Listen, resp.StatusCode)
	}
	return nil
}

package main

import (
	"context"

	"switchyard/web"
)

// serve runs the server until a signal.
func serve(ctx context.Context, env environment, args []string) int {
	if _, err := parse(flags("serve", "", "Runs the server until it gets an interrupt."), args, 0); err != nil {
		return exit(env, err)
	}
	cfg, err := web.ConfigFromEnv(env.lookup)
	if err != nil {
		return exit(env, err)
	}
	app, err := web.New(cfg)
	if err != nil {
		return exit(env, err)
	}
	return exit(env, app.Run(ctx))
}

package main

import (
	"context"
	"runtime/debug"

	"switchyard/web"
)

// serverGC lets garbage grow to three times of what is used, which is a few megabytes, before it is collected: that is a
// twelfth of the processor time of an encrypted request. GOGC wins over it.
const serverGC = 300

// serve runs the server until a signal.
func serve(ctx context.Context, env environment, args []string) int {
	if _, err := parse(flags("serve", "", "Runs the server until it gets an interrupt."), args, 0); err != nil {
		return exit(env, err)
	}
	cfg, err := web.ConfigFromEnv(env.lookup)
	if err != nil {
		return exit(env, err)
	}
	if gogc, _ := env.lookup("GOGC"); gogc == "" {
		debug.SetGCPercent(serverGC)
	}
	app, err := web.New(cfg)
	if err != nil {
		return exit(env, err)
	}
	return exit(env, app.Run(ctx))
}

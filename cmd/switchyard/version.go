package main

import (
	"context"
	"flag"
	"fmt"
	"runtime"

	"switchyard/web"
)

// version prints the program's version and Go's.
func version(_ context.Context, env environment, args []string) int {
	if _, err := parse(flag.NewFlagSet("version", flag.ContinueOnError), args, 0); err != nil {
		return exit(env, err)
	}
	fmt.Fprintf(env.stdout, "switchyard %s (%s)\n", web.Version(), runtime.Version())
	return done
}

package main

import (
	"context"
	"fmt"
	"runtime"

	"switchyard/web"
)

// version prints the program's version and Go's.
func version(_ context.Context, env environment, args []string) int {
	if _, err := parse(flags("version", "", "Prints the program's version and Go's."), args, 0); err != nil {
		return exit(env, err)
	}
	fmt.Fprintf(env.stdout, "switchyard %s (%s)\n", web.Version(), runtime.Version())
	return done
}

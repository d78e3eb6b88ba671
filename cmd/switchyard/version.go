package main

import (
	"context"
	"flag"
	"fmt"
	"runtime"
	"runtime/debug"
)

// release is the version; the build of an image sets it.
var release = ""

// version prints the program's version and Go's.
func version(_ context.Context, env environment, args []string) int {
	if _, err := parse(flag.NewFlagSet("version", flag.ContinueOnError), args, 0); err != nil {
		return exit(env, err)
	}
	fmt.Fprintf(env.stdout, "switchyard %s (%s)\n", versionOf(), runtime.Version())
	return done
}

// versionOf is what the build was told, else the commit that Go noted, else "devel".
func versionOf() string {
	if release != "" {
		return release
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "devel"
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			return "devel " + s.Value[:12]
		}
	}
	return "devel"
}

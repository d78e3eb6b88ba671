package main

import (
	"context"
	"fmt"
	"runtime"
	"strings"

	"switchyard/web"
	"switchyard/web/keys"
)

// version prints the program's version, Go's, and which library does RSA here.
func version(_ context.Context, env environment, args []string) int {
	if _, err := parse(flags("version", "", "Prints the program's version, Go's, and which library does RSA on this machine."), args, 0); err != nil {
		return exit(env, err)
	}
	fmt.Fprintf(env.stdout, "switchyard %s (%s)\n", web.Version(), runtime.Version())
	setting, _ := env.lookup("SWITCHYARD_CRYPTO")
	library, err := keys.Choose(strings.TrimSpace(setting))
	fmt.Fprintf(env.stdout, "RSA by %s\n", library)
	if err != nil {
		fmt.Fprintf(env.stdout, "libcrypto cannot be used: %s\n", err)
	}
	return done
}

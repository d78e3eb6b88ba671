// Command switchyard hosts WhatsApp's webhook and Flow endpoint, and the pages around them.
package main

import (
	"context"
	"io"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // time zones on machines that have none
)

// An environment is what a command may touch of the world; tests give their own.
type environment struct {
	lookup         func(string) (string, bool) // as os.LookupEnv
	stdin          io.Reader
	stdout, stderr io.Writer
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	os.Exit(run(ctx, environment{os.LookupEnv, os.Stdin, os.Stdout, os.Stderr}, os.Args[1:]))
}

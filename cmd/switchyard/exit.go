package main

import (
	"errors"
	"fmt"
	"strings"
)

// Exit codes.
const (
	done    = 0
	failed  = 1 // it could not
	misused = 2 // wrong use
)

// errUse marks an error as wrong use of a command: exit code 2.
var errUse = errors.New("wrong use")

// errTold is a failure of which standard error has been told already.
var errTold = errors.New("told already")

func use(format string, a ...any) error {
	return fmt.Errorf("%w: "+format, append([]any{errUse}, a...)...)
}

// exit says what went wrong in one sentence on standard error and returns the exit code.
func exit(env environment, err error) int {
	if h, ok := errors.AsType[*helpAsked](err); ok {
		h.fs.SetOutput(env.stdout)
		h.fs.Usage()
		return done
	}
	switch {
	case err == nil:
		return done
	case errors.Is(err, errTold):
		return failed
	case errors.Is(err, errUse):
		return misuse(env, "%s", strings.TrimPrefix(err.Error(), errUse.Error()+": "))
	}
	fmt.Fprintf(env.stderr, "switchyard: %s\n", plain(err))
	return failed
}

func misuse(env environment, format string, a ...any) int {
	fmt.Fprintf(env.stderr, "switchyard: %s\n", fmt.Sprintf(format, a...))
	return misused
}

package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
)

// Exit codes.
const (
	done     = 0
	failed   = 1 // it could not
	misused  = 2 // wrong use
	helpHint = "switchyard help lists the commands."
)

// A command is one word after the program's name. run returns the exit code, having said why on standard error when
// that is not 0.
type command struct {
	name, summary string
	run           func(ctx context.Context, env environment, args []string) int
}

// commands are all, in the order of the help.
func commands() []command {
	return []command{
		{"serve", "run the server (the default)", serve},
		{"user", "add, list, role, disable, password: who may sign in", user},
		{"health", "ask the server of this configuration whether it is alive", health},
		{"version", "print the version", version},
	}
}

// run finds the command; without one it serves.
func run(ctx context.Context, env environment, args []string) int {
	if len(args) == 0 {
		return serve(ctx, env, nil)
	}
	switch args[0] {
	case "help", "-h", "-help", "--help":
		usage(env.stdout)
		return done
	}
	for _, c := range commands() {
		if c.name == args[0] {
			return c.run(ctx, env, args[1:])
		}
	}
	return misuse(env, "there is no command %q; %s", args[0], helpHint)
}

func usage(w io.Writer) {
	fmt.Fprint(w, "Switchyard routes WhatsApp Flows and keeps what customers answer.\n\nUse: switchyard COMMAND\n\n")
	for _, c := range commands() {
		fmt.Fprintf(w, "  %-8s %s\n", c.name, c.summary)
	}
	fmt.Fprint(w, "\nThe configuration comes from the environment (SWITCHYARD_…); README.md has the table.\n")
}

// A group is a command whose first argument chooses among others, such as user add.
func group(ctx context.Context, env environment, name string, args []string, verbs []command) int {
	names := make([]string, len(verbs))
	for i, v := range verbs {
		names[i] = v.name
		if len(args) > 0 && args[0] == v.name {
			return v.run(ctx, env, args[1:])
		}
	}
	return misuse(env, "write switchyard %s and one of %s", name, strings.Join(names, ", "))
}

// parse reads flags that may stand before or after the arguments, of which there must be want. What is wrong is an
// errUse.
func parse(fs *flag.FlagSet, args []string, want int) (rest []string, err error) {
	fs.SetOutput(io.Discard)
	for {
		if err := fs.Parse(args); err != nil {
			return nil, use("%s: %v", fs.Name(), err)
		}
		left := fs.Args()
		if len(left) == 0 {
			break
		}
		if endOfFlags(args, left) {
			rest = append(rest, left...)
			break
		}
		rest, args = append(rest, left[0]), left[1:]
	}
	if len(rest) != want {
		return nil, use("%s takes %s, not %d", fs.Name(), count(want), len(rest))
	}
	return rest, nil
}

// endOfFlags tells whether -- stood before what is left: then all of it is arguments.
func endOfFlags(args, left []string) bool {
	before := len(args) - len(left) - 1
	return before >= 0 && args[before] == "--"
}

func count(n int) string {
	switch n {
	case 0:
		return "flags only"
	case 1:
		return "one argument"
	}
	return fmt.Sprintf("%d arguments", n)
}

// errUse marks an error as wrong use of a command: exit code 2.
var errUse = errors.New("wrong use")

func use(format string, a ...any) error {
	return fmt.Errorf("%w: "+format, append([]any{errUse}, a...)...)
}

// exit says what went wrong in one sentence on standard error and returns the exit code.
func exit(env environment, err error) int {
	switch {
	case err == nil:
		return done
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

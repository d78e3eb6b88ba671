package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
)

// A command is one word after the program's name: it runs, or it is a group whose verbs do. run returns the exit code,
// having said why on standard error when that is not 0.
type command struct {
	name, summary string
	run           func(ctx context.Context, env environment, args []string) int
	verbs         []command
}

// commands are all, in the order of the help.
func commands() []command {
	return []command{
		{name: "serve", summary: "run the server (the default)", run: serve},
		{name: "demo", summary: "run a server with sample data and a simulated customer; needs no setting", run: demonstrate},
		{name: "user", summary: "who may sign in", verbs: userVerbs},
		{name: "key", summary: "RSA key pairs of the endpoint", verbs: keyVerbs},
		{name: "flow", summary: "the flows that are served here", verbs: flowVerbs},
		{name: "list", summary: "tables of options that rules read", verbs: listVerbs},
		{name: "rules", summary: "the rules of a flow as a file", verbs: rulesVerbs},
		{name: "export", summary: "responses, alerts and deliveries to standard output", verbs: exportVerbs},
		{name: "replay", summary: "have deliveries decoded again", run: replay},
		{name: "erase", summary: "erase one customer, for good", run: erasePerson},
		{name: "copy", summary: "move everything into a new database, SQLite or PostgreSQL", run: copyDatabase},
		{name: "backup", summary: "copy the database, beside the server", run: backup},
		{name: "restore", summary: "put a backup in the database's place", run: restore},
		{name: "check", summary: "look for damage and what is missing in the database", run: checkDatabase},
		{name: "play", summary: "play WhatsApp against a server", run: playScript},
		{name: "health", summary: "ask the server of this configuration whether it is alive", run: health},
		{name: "version", summary: "print the version", run: version},
	}
}

// run finds the command; without one it serves.
func run(ctx context.Context, env environment, args []string) int {
	if len(args) == 0 {
		return serve(ctx, env, nil)
	}
	if asksForHelp(args[0]) {
		usage(env.stdout)
		return done
	}
	c, ok := find(commands(), args[0])
	switch {
	case !ok:
		fmt.Fprintf(env.stderr, "switchyard: there is no command %q\n\n", args[0])
		usage(env.stderr)
		return misused
	case c.run != nil:
		return c.run(ctx, env, args[1:])
	}
	return c.verb(ctx, env, args[1:])
}

// verb runs the verb of a group, such as add of user.
func (c command) verb(ctx context.Context, env environment, args []string) int {
	if len(args) > 0 && asksForHelp(args[0]) {
		fmt.Fprintf(env.stdout, "Use: switchyard %s VERB\n\n", c.name)
		table(env.stdout, c.verbs)
		fmt.Fprintf(env.stdout, "\nswitchyard %s VERB -h tells its flags.\n", c.name)
		return done
	}
	if len(args) > 0 {
		if v, ok := find(c.verbs, args[0]); ok {
			return v.run(ctx, env, args[1:])
		}
	}
	names := make([]string, len(c.verbs))
	for i, v := range c.verbs {
		names[i] = v.name
	}
	return misuse(env, "write switchyard %s and one of %s", c.name, strings.Join(names, ", "))
}

func find(all []command, name string) (command, bool) {
	i := slices.IndexFunc(all, func(c command) bool { return c.name == name })
	if i < 0 {
		return command{}, false
	}
	return all[i], true
}

func asksForHelp(arg string) bool {
	return slices.Contains([]string{"help", "-h", "-help", "--help"}, arg)
}

func usage(w io.Writer) {
	fmt.Fprint(w, "Switchyard routes WhatsApp Flows and keeps what customers answer.\n\nUse: switchyard COMMAND\n\n")
	table(w, commands())
	fmt.Fprint(w, "\nswitchyard COMMAND -h tells more. The configuration comes from the environment (SWITCHYARD_…); README.md has the table.\n")
}

func table(w io.Writer, all []command) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, c := range all {
		fmt.Fprintf(t, "  %s\t%s\n", c.name, c.summary)
	}
	t.Flush() // to a terminal or a pipe whose end is ours to hear of elsewhere
}

package main

import (
	"context"
	"errors"
	"fmt"
	"text/tabwriter"

	"switchyard/models"
	"switchyard/models/flowjson"
)

// byFlowCommand stands in the audit log for what is changed here.
var byFlowCommand = models.By{Name: "switchyard flow"}

// maxFlowJSON bounds a Flow JSON, in bytes.
const maxFlowJSON = 10 << 20

var flowVerbs = []command{
	{name: "add", summary: "add a flow, with its Flow JSON", run: flowAdd},
	{name: "list", summary: "list all flows", run: flowList},
	{name: "token", summary: "make a flow_token for one message with a flow", run: flowToken},
}

func flowAdd(ctx context.Context, env environment, args []string) int {
	fs := flags("flow add", "--slug S [--name N] [--meta-id ID] [--mode encrypted|plain] [--json FILE] [--secret]",
		"Adds a flow. A Flow JSON with problems is kept, and they are told.")
	var f models.Flow
	fs.StringVar(&f.Slug, "slug", "", "the `name` in the address of its endpoint, such as appointment")
	fs.StringVar(&f.Name, "name", "", "the `name` that people read")
	fs.StringVar(&f.MetaID, "meta-id", "", "Meta's `id` of the flow")
	mode := fs.String("mode", string(models.Encrypted), "`how` its endpoint speaks: encrypted or plain")
	file := fs.String("json", "", "`file` with the Flow JSON; - is standard input")
	withSecret := fs.Bool("secret", false, "read the secret of a plain flow from standard input")
	return exit(env, func() error {
		if _, err := parse(fs, args, 0); err != nil {
			return err
		}
		f.Mode = models.Mode(*mode)
		switch {
		case f.Slug == "":
			return use("flow add needs --slug")
		case *withSecret && f.Mode != models.Plain:
			return use("only a flow with --mode plain has a --secret; an encrypted one is guarded by its key")
		case *withSecret && *file == "-":
			return use("standard input can give the secret or the Flow JSON, not both")
		}
		raw, problems, err := readFlowJSON(env, *file)
		if err != nil {
			return err
		}
		secret := ""
		if *withSecret {
			if secret, err = readLine(env, "secret"); err != nil {
				return err
			}
		}
		return withDB(ctx, env, func(db *models.DB) error {
			if err := addFlow(ctx, env, db, f, raw, secret); err != nil {
				return err
			}
			tellFlowProblems(env, problems)
			return nil
		})
	}())
}

// readFlowJSON refuses only what is no Flow JSON at all.
func readFlowJSON(env environment, file string) (raw []byte, problems []flowjson.Problem, err error) {
	if file == "" {
		return nil, nil, nil
	}
	if raw, err = readFile(env, file, maxFlowJSON); err != nil {
		return nil, nil, err
	}
	parsed, problems := flowjson.Parse(raw)
	if parsed == nil && len(problems) > 0 {
		return nil, nil, fmt.Errorf("%s is not a Flow JSON: %s", file, problems[0].Message)
	}
	if parsed == nil {
		return nil, nil, fmt.Errorf("%s is not a Flow JSON", file)
	}
	return raw, problems, nil
}

func addFlow(ctx context.Context, env environment, db *models.DB, f models.Flow, raw []byte, secret string) error {
	f, err := db.CreateWholeFlow(ctx, f, raw, secret, byFlowCommand)
	if err != nil {
		return ofFlag(err)
	}
	fmt.Fprintf(env.stdout, "%s is added; its endpoint is /flow-endpoint/%s\n", f.Slug, f.Slug)
	found, err := db.Attribute(ctx)
	if found > 0 {
		fmt.Fprintf(env.stdout, "%d responses that had no flow are its\n", found)
	}
	return err
}

// ofFlag names the flag of what flow add was given and is not accepted.
func ofFlag(err error) error {
	flags := map[string]string{"slug": "slug", "name": "name", "meta_id": "meta-id", "mode": "mode", "secret": "secret", "flow_json": "json"}
	bad, ok := errors.AsType[*models.Invalid](err)
	if !ok || flags[bad.Field] == "" {
		return err
	}
	return fmt.Errorf("--%s: %s", flags[bad.Field], bad.Message)
}

func tellFlowProblems(env environment, problems []flowjson.Problem) {
	for _, p := range problems {
		fmt.Fprintf(env.stderr, "%s: %s: %s\n", p.Severity, place(p.Path), p.Message)
	}
	if len(problems) > 0 {
		fmt.Fprintln(env.stderr, "The Flow JSON is kept as it is.")
	}
}

// place is a JSON pointer for people.
func place(path string) string {
	if path == "" {
		return "the document"
	}
	return path
}

func flowList(ctx context.Context, env environment, args []string) int {
	fs := flags("flow list", "", "Lists the flows: slug, Meta's id, mode, status, Flow JSON, rules, name.")
	return exit(env, func() error {
		if _, err := parse(fs, args, 0); err != nil {
			return err
		}
		return withDB(ctx, env, func(db *models.DB) error {
			flows, err := db.Flows(ctx)
			if err != nil {
				return err
			}
			w := tabwriter.NewWriter(env.stdout, 0, 0, 2, ' ', 0)
			for _, f := range flows {
				fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", f.Slug, orDash(f.MetaID), f.Mode, orDash(f.Status),
					numbered("JSON", f.JSONVersion), numbered("rules", f.PublishedRules), f.Name)
			}
			return w.Flush()
		})
	}())
}

// numbered is "JSON 2", or "no JSON" for 0.
func numbered(what string, version int) string {
	if version == 0 {
		return "no " + what
	}
	return fmt.Sprintf("%s %d", what, version)
}

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

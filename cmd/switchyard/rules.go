package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"

	"switchyard/models"
	"switchyard/models/rules"
)

// byRulesCommand stands in the audit log for what is changed here.
var byRulesCommand = models.By{Name: "switchyard rules"}

// maxDocument bounds a rule document, in bytes.
const maxDocument = 4 << 20

const flowFlag = "the flow's `slug` or Meta's id"

var rulesVerbs = []command{
	{name: "check", summary: "tell what is wrong with a rule document", run: rulesCheck},
	{name: "import", summary: "make a rule document the draft, or publish it", run: rulesImport},
	{name: "export", summary: "write the published rules, or the draft", run: rulesExport},
}

func rulesCheck(ctx context.Context, env environment, args []string) int {
	fs := flags("rules check", "--flow SLUG FILE", "Tells every problem of a rule document, with severity and place. Exit 1 when one is an error. - is standard input.")
	slug := fs.String("flow", "", flowFlag)
	return exit(env, withFlow(ctx, env, fs, args, 1, slug, func(db *models.DB, f models.Flow, files []string) error {
		text, err := readFile(env, files[0], maxDocument)
		if err != nil {
			return err
		}
		_, problems, err := compile(ctx, db, f, text)
		if err != nil {
			return err
		}
		tell(env.stdout, problems)
		if rules.HasErrors(problems) {
			return errors.New("these rules cannot run")
		}
		return nil
	}))
}

func rulesImport(ctx context.Context, env environment, args []string) int {
	fs := flags("rules import", "--flow SLUG [--publish [--note TEXT]] FILE", "Makes a rule document the flow's draft, in place of the one there is. - is standard input.")
	slug := fs.String("flow", "", flowFlag)
	publish := fs.Bool("publish", false, "publish it at once, unless it has errors")
	note := fs.String("note", "", "what the version's `note` says")
	return exit(env, withFlow(ctx, env, fs, args, 1, slug, func(db *models.DB, f models.Flow, files []string) error {
		text, err := readFile(env, files[0], maxDocument)
		if err != nil {
			return err
		}
		doc, problems, err := compile(ctx, db, f, text)
		if err != nil {
			return err
		}
		if doc == nil {
			tell(env.stderr, problems)
			return errors.New("this document cannot be read, so the draft is as it was")
		}
		draft, err := replaceDraft(ctx, db, f, doc)
		if err != nil {
			return err
		}
		tell(env.stderr, problems)
		if *publish {
			return publishDraft(ctx, env, db, f, draft, *note)
		}
		fmt.Fprintf(env.stdout, "the draft of %s is version %d\n", f.Slug, draft.Version)
		return nil
	}))
}

func rulesExport(ctx context.Context, env environment, args []string) int {
	fs := flags("rules export", "--flow SLUG [--draft] [FILE]", "Writes the published rules to a file, or to standard output.")
	slug := fs.String("flow", "", flowFlag)
	draft := fs.Bool("draft", false, "the draft instead of what is published")
	return exit(env, withFlow(ctx, env, fs, args, 0, slug, func(db *models.DB, f models.Flow, files []string) error {
		read, what := db.PublishedRules, "published rules"
		if *draft {
			read, what = db.DraftRules, "draft"
		}
		set, err := read(ctx, f.ID)
		if errors.Is(err, models.ErrNotFound) || *draft && err == nil && set.Version == 0 {
			return fmt.Errorf("%s has no %s", f.Slug, what)
		}
		if err != nil {
			return err
		}
		return writeFile(env, append(files, "-")[0], set.Document)
	}))
}

// withFlow parses flags and at least so many file names (at most one), and finds the flow.
func withFlow(ctx context.Context, env environment, fs *flag.FlagSet, args []string, files int, slug *string,
	do func(*models.DB, models.Flow, []string) error) error {
	rest, err := parseBetween(fs, args, files, 1)
	if err != nil {
		return err
	}
	if *slug == "" {
		return use("%s needs --flow", fs.Name())
	}
	return withDB(ctx, env, func(db *models.DB) error {
		f, err := db.Flow(ctx, *slug)
		if errors.Is(err, models.ErrNotFound) {
			return fmt.Errorf("there is no flow %s", *slug)
		}
		if err != nil {
			return err
		}
		return do(db, f, rest)
	})
}

// tell writes each problem with severity and place; the message names screen and rule.
func tell(w io.Writer, problems []rules.Problem) {
	for _, p := range problems {
		fmt.Fprintf(w, "%s: %s: %s\n", p.Severity, place(p.Path), p.Message)
	}
}

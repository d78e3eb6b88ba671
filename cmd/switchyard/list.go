package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"text/tabwriter"

	"switchyard/models"
	"switchyard/models/rules"
)

// byListCommand stands in the audit log for what is changed here.
var byListCommand = models.By{Name: "switchyard list"}

// maxListCSV bounds a list's file, in bytes.
const maxListCSV = 5 << 20

var listVerbs = []command{
	{name: "import", summary: "make or replace a list by a CSV file", run: listImport},
	{name: "export", summary: "write a list as a CSV file", run: listExport},
	{name: "list", summary: "list all lists", run: listList},
}

func listImport(ctx context.Context, env environment, args []string) int {
	fs := flags("list import", "NAME FILE.csv", "Makes or replaces a list. The first line names the columns: id,title, then any others. - is standard input.")
	return exit(env, func() error {
		rest, err := parse(fs, args, 2)
		if err != nil {
			return err
		}
		text, err := readFile(env, rest[1], maxListCSV)
		if err != nil {
			return err
		}
		l, err := rules.ReadList(rest[0], bytes.NewReader(text))
		if err != nil {
			return err
		}
		return withDB(ctx, env, func(db *models.DB) error {
			if err := db.SaveList(ctx, l, byListCommand); err != nil {
				return err
			}
			fmt.Fprintf(env.stdout, "%s has %d rows\n", l.Name, len(l.Rows))
			return nil
		})
	}())
}

func listExport(ctx context.Context, env environment, args []string) int {
	fs := flags("list export", "NAME FILE.csv", "Writes a list as list import reads it. - is standard output.")
	return exit(env, func() error {
		rest, err := parse(fs, args, 2)
		if err != nil {
			return err
		}
		return withDB(ctx, env, func(db *models.DB) error {
			l, err := db.List(ctx, rest[0])
			if errors.Is(err, models.ErrNotFound) {
				return fmt.Errorf("there is no list %s", rest[0])
			}
			if err != nil {
				return err
			}
			var b bytes.Buffer
			if err := rules.WriteList(&b, l.List); err != nil {
				return err
			}
			return writeFile(env, rest[1], b.Bytes())
		})
	}())
}

func listList(ctx context.Context, env environment, args []string) int {
	fs := flags("list list", "", "Lists the lists: name, rows, last change, by whom.")
	return exit(env, func() error {
		if _, err := parse(fs, args, 0); err != nil {
			return err
		}
		return withDB(ctx, env, func(db *models.DB) error {
			lists, err := db.Lists(ctx)
			if err != nil {
				return err
			}
			w := tabwriter.NewWriter(env.stdout, 0, 0, 2, ' ', 0)
			for _, l := range lists {
				fmt.Fprintf(w, "%s\t%d rows\t%s\t%s\n", l.Name, l.Size, instant(l.UpdatedAt), l.Author)
			}
			return w.Flush()
		})
	}())
}

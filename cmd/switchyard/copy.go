package main

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"

	"switchyard/models"
)

// Where --from and --to come from when they are not said: a password in a flag is seen by whoever lists processes.
const (
	copyFrom = "SWITCHYARD_COPY_FROM"
	copyTo   = "SWITCHYARD_COPY_TO"
)

// copyDatabase copies everything into an empty database.
func copyDatabase(ctx context.Context, env environment, args []string) int {
	fs := flags("copy", "--from DATABASE --to DATABASE", "Copies everything from one database into a new, empty one and compares both. A database is sqlite:FILE or\n"+
		"postgres://USER:PASSWORD@HOST/DATABASE. Stop the servers of both first. When the copy is interrupted, the same\n"+
		"command goes on where it stopped; until it has ended, no server starts on the new database. The old one stays as it is.\n\n"+
		"A password in a flag can be seen by others on this machine: set "+copyFrom+" and "+copyTo+"\nin the environment instead.")
	var o models.CopyOptions
	fs.StringVar(&o.From, "from", "", "the `database` that is read; "+copyFrom+" when not said")
	fs.StringVar(&o.To, "to", "", "the empty `database` that is filled; "+copyTo+" when not said")
	return exit(env, func() error {
		if _, err := parse(fs, args, 0); err != nil {
			return err
		}
		if err := copyEnds(env, &o); err != nil {
			return err
		}
		began, meter := time.Now(), newMeter(env.stderr)
		o.Progress = meter.show
		report, err := models.Copy(ctx, o)
		meter.end()
		if err != nil {
			return err
		}
		return tellCopy(env.stdout, o, report, time.Since(began))
	}())
}

// copyEnds finds both databases. What somebody wrote is not repeated: it may hold a password.
func copyEnds(env environment, o *models.CopyOptions) error {
	for _, end := range []struct {
		url        *string
		flag, name string
	}{{&o.From, "--from", copyFrom}, {&o.To, "--to", copyTo}} {
		if *end.url == "" {
			*end.url, _ = env.lookup(end.name)
		}
		if *end.url == "" {
			return use("copy needs %s, as sqlite:FILE or postgres://USER:PASSWORD@HOST/DATABASE, or %s", end.flag, end.name)
		}
		if !models.IsDatabaseURL(*end.url) {
			return use("%s must be sqlite:FILE or postgres://USER:PASSWORD@HOST/DATABASE", end.flag)
		}
	}
	return nil
}

// tellCopy says what is in the new database and what to do next.
func tellCopy(w io.Writer, o models.CopyOptions, r models.CopyReport, took time.Duration) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "TABLE\tROWS\tCHECKSUM, THE SAME ON BOTH SIDES")
	for _, table := range r.Tables {
		sum := table.Sum
		if table.Rows == 0 {
			sum = "–"
		}
		fmt.Fprintf(t, "%s\t%d\t%.16s\n", table.Name, table.Rows, sum)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	now := r.Rows() - r.Before
	fmt.Fprintf(w, "\nCopied %d rows of %d tables in %.1f s (%.0f rows/s, compared included)", now, len(r.Tables), took.Seconds(), float64(now)/took.Seconds())
	if r.Resumed {
		fmt.Fprintf(w, "; %d were there from before", r.Before)
	}
	fmt.Fprintf(w, ".\nFrom: %s\nTo:   %s\n", r.From, r.To)
	for _, table := range r.Tables {
		if table.Mended > 0 {
			fmt.Fprintf(w, "\n%d texts of the table %s were not valid UTF-8, which PostgreSQL does not take: their bad bytes are U+FFFD now.\n", table.Mended, table.Name)
		}
	}
	_, err := fmt.Fprintf(w, "\nNext, start the server with\n  SWITCHYARD_DATABASE=%s\nand with the same master key, without which no secret opens: SWITCHYARD_MASTER_KEY as before,\n"+
		"or the key file %s copied to %s.\nAttached files are not copied: let SWITCHYARD_FILES name the folder or bucket where they lie now.\nThe old database is as it was; keep it until the new one has proved itself.\n", setting(o.To), r.FromKey, r.ToKey)
	return err
}

// setting is how the new database is named in the environment; a password is not printed.
func setting(url string) string {
	if path, ok := strings.CutPrefix(url, "sqlite:"); ok {
		if whole, err := filepath.Abs(path); err == nil {
			return "sqlite:" + whole
		}
		return url
	}
	return "postgres://… (as in --to)"
}

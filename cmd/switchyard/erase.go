package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"switchyard/models"
	"switchyard/web"
)

// byEraseCommand stands in the audit log and on the receipt.
var byEraseCommand = models.By{Name: "switchyard erase"}

// erasePerson reads the number from standard input: an argument would stand in the list of processes and in the shell's
// history.
func erasePerson(ctx context.Context, env environment, args []string) int {
	fs := flags("erase", "[--yes] [--keep-files]", "Erases one customer, for good: whoever goes by the phone number (with its country code) or business-scoped id on the first line of standard input.\n"+
		"It says first what there is and asks; the answer is the second line. Backups hold the person until you drop them: keep none longer than 35 days.")
	yes := fs.Bool("yes", false, "do not ask")
	keep := fs.Bool("keep-files", false, "leave files that exports by the clock wrote as they are")
	return exit(env, func() error {
		if _, err := parse(fs, args, 0); err != nil {
			return err
		}
		number, err := readLine(env, "phone number or id")
		if err != nil {
			return err
		}
		return withDB(ctx, env, func(db *models.DB) error { return erase(ctx, env, db, number, *yes, *keep) })
	}())
}

func erase(ctx context.Context, env environment, db *models.DB, number string, yes, keep bool) error {
	who, err := db.PersonByNumber(ctx, number)
	if bad, ok := errors.AsType[*models.Invalid](err); ok {
		return errors.New(bad.Message)
	}
	if err != nil {
		return err
	}
	cfg, err := web.ConfigFromEnv(env.lookup)
	if err != nil {
		return err
	}
	names, err := cfg.ExportFiles()
	if err != nil {
		return err
	}
	files, err := db.PersonFiles(ctx, who, names)
	if err != nil {
		return err
	}
	counts, err := db.CountPerson(ctx, who)
	if err != nil {
		return err
	}
	if len(counts) == 0 {
		fmt.Fprintln(env.stdout, "no contact goes by this; deliveries that name it are searched all the same")
	}
	for _, c := range counts {
		fmt.Fprintf(env.stdout, "%-10s %d\n", c.Kind, c.N)
	}
	for _, f := range files {
		fmt.Fprintf(env.stdout, "may be in  %s\n", f.Name)
	}
	if !yes {
		fmt.Fprint(env.stderr, "Erase this person for good? Write yes: ")
		if answer, err := readLine(env, "word yes, or say --yes"); err != nil || answer != "yes" {
			return errors.New("nobody is erased; say --yes, or answer yes")
		}
	}
	who.KeepFiles = keep
	id, err := db.Erase(ctx, who, byEraseCommand)
	if err != nil {
		return err
	}
	if err := web.FinishErasures(ctx, cfg, db); err != nil {
		return err
	}
	return receipt(ctx, env, db, id)
}

func receipt(ctx context.Context, env environment, db *models.DB, id int64) error {
	e, err := db.Erasure(ctx, id)
	if err != nil {
		return err
	}
	fmt.Fprintf(env.stdout, "erased; receipt %d:\n", e.ID)
	for _, kind := range slices.DeleteFunc(slices.Clone(models.ErasureKinds), func(k string) bool { return e.Removed[k] == 0 }) {
		fmt.Fprintf(env.stdout, "%-10s %d\n", kind, e.Removed[kind])
	}
	return nil
}

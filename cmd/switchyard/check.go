package main

import (
	"context"
	"fmt"

	"switchyard/models"
	"switchyard/web"
)

// checkDatabase looks at everything in the database, beside the server.
func checkDatabase(ctx context.Context, env environment, args []string) int {
	fs := flags("check", "", "Looks for damage in the database and for what is missing, attached files among it, while the server may run: a line per check, and exit code 1\n"+
		"when one says BROKEN. It reads everything once, which takes a while when there is much. It prints no personal data.")
	return exit(env, func() error {
		if _, err := parse(fs, args, 0); err != nil {
			return err
		}
		return withDB(ctx, env, func(db *models.DB) error {
			tell := func(f models.Finding) { fmt.Fprintf(env.stdout, "%-8s %s: %s\n", f.Verdict, f.Check, f.Text) }
			broken, err := db.Check(ctx, tell)
			if err != nil {
				return err
			}
			cfg, err := web.ConfigFromEnv(env.lookup)
			if err != nil {
				return err
			}
			files, err := web.CheckFiles(ctx, cfg, db)
			if err != nil {
				return err
			}
			tell(files)
			if files.Verdict == models.Broken {
				broken++
			}
			if broken == 0 {
				return nil
			}
			return fmt.Errorf("%s; restore a backup (switchyard restore FILE), and keep this database for whoever looks into it", brokenSaid(broken))
		})
	}())
}

func brokenSaid(n int) string {
	if n == 1 {
		return "one check says BROKEN"
	}
	return fmt.Sprintf("%d checks say BROKEN", n)
}

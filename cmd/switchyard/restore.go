package main

import (
	"context"
	"errors"
	"fmt"

	"switchyard/models"
	"switchyard/web"
)

// restore puts a backup in the place of the database.
func restore(ctx context.Context, env environment, args []string) int {
	fs := flags("restore", "FILE", "Puts a backup in the place of the SQLite database that SWITCHYARD_DATABASE names. Stop the server first. The backup is\n"+
		"checked whole, with the master key that the server would use, and stays where it is. The database of before is kept as\n"+
		"NAME.before-TIME.db.")
	return exit(env, func() error {
		rest, err := parse(fs, args, 1)
		if err != nil {
			return err
		}
		cfg, err := web.ConfigFromEnv(env.lookup)
		if err != nil {
			return err
		}
		r, err := web.Restore(ctx, cfg, rest[0])
		if errors.Is(err, models.ErrOwnTools) {
			return errors.New("PostgreSQL has tools of its own for this: pg_restore --no-owner --exit-on-error -d DATABASE FILE into an empty database, then switchyard check; README.md tells more")
		}
		if err != nil {
			return err
		}
		return tellRestored(env, r)
	}())
}

func tellRestored(env environment, r models.Restored) error {
	fmt.Fprintf(env.stdout, "%s is the backup now: %.1f MiB, schema version %d, newest delivery %s\nsha256 %s\n", r.File, mebibytes(r.Bytes), r.Schema, instant(r.Newest), r.SHA256)
	tellAudit(env, r.AuditRows, r.AuditHead)
	if r.Before != "" {
		fmt.Fprintf(env.stdout, "The database of before is %s. What arrived after the backup is in that one only, and WhatsApp does not send again\n"+
			"what was acknowledged. It holds personal data: remove it when nobody needs it.\n", r.Before)
	}
	_, err := fmt.Fprintln(env.stdout, "Users, passwords and sessions are as they were at the time of the backup. Attached files lie\n"+
		"beside the database in "+filesPlace(env)+" and were left as they are. Next: start the server, then run switchyard check.")
	return err
}

package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"switchyard/models"
	"switchyard/web"
)

// backup copies the database while the server runs.
func backup(ctx context.Context, env environment, args []string) int {
	fs := flags("backup", "FILE", "Copies the SQLite database into a new file, or into a new file switchyard-TIME.db when FILE is a folder, while the\n"+
		"server runs. The copy is checked before it gets its name. It holds all that was acknowledged before the command began.\n"+
		"It does not hold the master key: keep that in another place. It does not hold what customers attached either: copy the\n"+
		"folder or bucket that SWITCHYARD_FILES names, sealed as it is, after it.")
	return exit(env, func() error {
		rest, err := parse(fs, args, 1)
		if err != nil {
			return err
		}
		return withDB(ctx, env, func(db *models.DB) error {
			began := time.Now()
			b, err := db.Backup(ctx, rest[0])
			if errors.Is(err, models.ErrOwnTools) {
				return errors.New("PostgreSQL has tools of its own for this: pg_dump -Fc -d DATABASE -f FILE, for large ones pg_basebackup; README.md tells more")
			}
			if b.File != "" {
				fmt.Fprintf(env.stdout, "%s\n%.1f MiB in %.1f s, %.1f s of them for the check\nsha256 %s\n", b.File, mebibytes(b.Bytes),
					time.Since(began).Seconds(), (time.Since(began) - b.Copied).Seconds(), b.SHA256)
				tellAudit(env, b.AuditRows, b.AuditHead)
				fmt.Fprintln(env.stdout, "Attached files are not in it: copy "+filesPlace(env)+" too, after this.")
				fmt.Fprintln(env.stdout, "The master key is not in it. Without that key its sealed values stay closed, and it cannot be restored.")
			}
			return err
		})
	}())
}

// filesPlace is where attached files lie, without credentials.
func filesPlace(env environment) string {
	cfg, err := web.ConfigFromEnv(env.lookup)
	if err != nil {
		return "SWITCHYARD_FILES"
	}
	return cfg.FilesPlace()
}

func mebibytes(bytes int64) float64 { return float64(bytes) / (1 << 20) }

// tellAudit says where the audit log ends: kept elsewhere, it shows later whether rows were cut off.
func tellAudit(env environment, rows int64, head string) {
	if rows > 0 {
		fmt.Fprintf(env.stdout, "audit log: %d rows, the last one's MAC is %s\n", rows, head)
	}
}

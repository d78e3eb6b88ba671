package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"switchyard/models"
)

// backup copies the database while the server runs.
func backup(ctx context.Context, env environment, args []string) int {
	fs := flags("backup", "FILE", "Copies the SQLite database into a new file, or into a new file switchyard-TIME.db when FILE is a folder, while the\n"+
		"server runs. The copy is checked before it gets its name. It holds all that was acknowledged before the command began.\n"+
		"It does not hold the master key: keep that in another place.")
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
				fmt.Fprintln(env.stdout, "The master key is not in it. Without that key its sealed values stay closed, and it cannot be restored.")
			}
			return err
		})
	}())
}

func mebibytes(bytes int64) float64 { return float64(bytes) / (1 << 20) }

// tellAudit says where the audit log ends: kept elsewhere, it shows later whether rows were cut off.
func tellAudit(env environment, rows int64, head string) {
	if rows > 0 {
		fmt.Fprintf(env.stdout, "audit log: %d rows, the last one's MAC is %s\n", rows, head)
	}
}

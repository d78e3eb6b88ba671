package models

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
)

// makeAgain makes indexes and triggers of all rows at once, the costly ones first. Each of them is tried, also after one
// that failed.
func (db *DB) makeAgain(ctx context.Context, missing []setObject, from int64) error {
	costly := func(o setObject) bool { return o.Name == "responses_search" || o.Name == "answers_text" }
	slices.SortStableFunc(missing, func(a, b setObject) int { return compareBool(costly(b), costly(a)) })
	connections, begin, end := 1, sqliteAgain, sqliteAgainEnd
	if db.Shared() {
		connections, begin, end = 2, postgresAgain, postgresAgainEnd
	}
	todo := make(chan setObject, len(missing))
	var triggers []string
	for _, o := range missing {
		if o.Kind == "trigger" {
			triggers = append(triggers, o.Text)
		} else {
			todo <- o
		}
	}
	close(todo)
	errs := make([]error, connections+1)
	var done sync.WaitGroup
	for i := range connections {
		done.Go(func() {
			errs[i] = onConnection(ctx, db.writer(), begin, end, func(c *sql.Conn) (err error) {
				for o := range todo {
					err = errors.Join(err, execAll(ctx, c, o.Text))
				}
				return err
			})
		})
	}
	done.Wait()
	errs[connections] = onConnection(ctx, db.writer(), begin, end, func(c *sql.Conn) error {
		if len(triggers) > 0 {
			if err := inOne(ctx, c, append(fulltextOf(from), triggers...)); err != nil {
				return err
			}
		}
		if db.Shared() {
			return execAll(ctx, c, `VACUUM (ANALYZE) responses`, `VACUUM (ANALYZE) answers`)
		}
		return execAll(ctx, c, `ANALYZE`)
	})
	return errors.Join(errs...)
}

// What a connection is set to while it makes them, and after that. An index of a million rows takes longer than a
// statement may.
const (
	sqliteAgain      = `PRAGMA cache_size = -256000; PRAGMA threads = 2`
	sqliteAgainEnd   = `PRAGMA cache_size = -16000; PRAGMA threads = 0`
	postgresAgain    = `SET statement_timeout = 0; SET maintenance_work_mem = '256MB'`
	postgresAgainEnd = `RESET maintenance_work_mem` + postgresWriter
)

func onConnection(ctx context.Context, p *sql.DB, begin, end string, do func(*sql.Conn) error) error {
	c, err := p.Conn(ctx)
	if err != nil {
		return err
	}
	defer c.Close()
	if err := execAll(ctx, c, strings.Split(begin, "; ")...); err != nil {
		return err
	}
	return errors.Join(do(c), execAll(context.WithoutCancel(ctx), c, strings.Split(end, "; ")...))
}

// inOne runs statements in one transaction.
func inOne(ctx context.Context, c *sql.Conn, texts []string) error {
	tx, err := c.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // after a commit it does nothing
	if err := execAll(ctx, tx, texts...); err != nil {
		return err
	}
	return tx.Commit()
}

// execAll runs statements one after the other, each also after one that failed; what failed is named.
func execAll(ctx context.Context, c interface {
	ExecContext(ctx context.Context, text string, args ...any) (sql.Result, error)
}, texts ...string) (err error) {
	for _, text := range texts {
		if _, execErr := c.ExecContext(ctx, text); execErr != nil {
			err = errors.Join(err, fmt.Errorf("%.60s: %w", text, execErr))
		}
	}
	return err
}

// fulltextOf puts the responses above an id into SQLite's index of search texts: in large pieces, of which it makes one.
func fulltextOf(from int64) []string {
	return []string{
		`INSERT INTO responses_search (responses_search, rank) VALUES ('hashsize', 67108864)`,
		fmt.Sprintf(`INSERT INTO responses_search (rowid, search) SELECT id, search FROM responses WHERE id > %d ORDER BY id`, from),
		`INSERT INTO responses_search (responses_search, rank) VALUES ('hashsize', 1048576)`,
		`INSERT INTO responses_search (responses_search) VALUES ('optimize')`,
	}
}

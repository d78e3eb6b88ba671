package models

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/mattn/go-sqlite3"
)

const (
	// backupStep is how many pages are copied before ctx is asked.
	backupStep = 256
	// backupSync is after how many steps the copy is made durable: written out all at once, at the end, it would hold up
	// those who wait for the disk to acknowledge deliveries.
	backupSync = 4
	// dsnCopy is for a file that nobody else uses and that is thrown away when it does not become whole.
	dsnCopy = "?_journal_mode=OFF&_synchronous=OFF"
	// dsnCheck is not mode=ro: SQLite checks no CHECK constraint of a file that it cannot write.
	dsnCheck = "?_query_only=1&_busy_timeout=5000&_cache_size=-16000"
)

// copyPages copies what is committed now. Its one snapshot holds nobody up, but the log cannot be emptied past it.
func (e *sqliteEngine) copyPages(ctx context.Context, part *os.File) (err error) {
	from, err := e.keeper.Conn(ctx)
	if err != nil {
		return err
	}
	defer from.Close()
	to, err := (&sqlite3.SQLiteDriver{}).Open(fileDSN(part.Name(), dsnCopy))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, to.Close()) }()
	end, err := snapshot(ctx, from)
	if err != nil {
		return err
	}
	defer end()
	return from.Raw(func(c any) error { return stepPages(ctx, to.(*sqlite3.SQLiteConn), c.(*sqlite3.SQLiteConn), part) })
}

// snapshot begins a read transaction: without it a copy would begin again with each commit of another process. Its end
// moves the log that grew meanwhile into the file here, where nobody waits for it, before the writer has to.
func snapshot(ctx context.Context, c *sql.Conn) (end func(), err error) {
	if _, err := c.ExecContext(ctx, "BEGIN"); err != nil {
		return nil, err
	}
	var tables int
	err = c.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_master").Scan(&tables)
	after := context.WithoutCancel(ctx)
	end = func() {
		_, _ = c.ExecContext(after, "ROLLBACK") // nothing was written
		_, _ = c.ExecContext(after, "PRAGMA wal_checkpoint(PASSIVE)")
	}
	if err != nil {
		end()
		return nil, err
	}
	return end, nil
}

func stepPages(ctx context.Context, to, from *sqlite3.SQLiteConn, part *os.File) (err error) {
	b, err := to.Backup("main", from, "main")
	if err != nil {
		return err
	}
	defer func() {
		if ended := b.Finish(); err == nil { // it repeats what Step said
			err = ended
		}
	}()
	for n := 1; ; n++ {
		if done, err := b.Step(backupStep); err != nil || done {
			return err
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if n%backupSync == 0 {
			if err := part.Sync(); err != nil {
				return err
			}
		}
	}
}

// examineCopy checks a file that nobody writes, and tells the end of its audit log.
func examineCopy(ctx context.Context, file string) (rows int64, head string, err error) {
	p := open(file, dsnCheck, 1, nil)
	defer p.Close()
	for _, check := range []func(context.Context, *sql.DB) (string, error){integrity, foreignKeys} {
		if wrong, err := check(ctx, p); err != nil {
			return 0, "", err
		} else if wrong != "" {
			return 0, "", fmt.Errorf("the database is damaged (%s); run switchyard check, and keep earlier backups", wrong)
		}
	}
	var mac []byte
	err = p.QueryRowContext(ctx, "SELECT id, mac FROM audit ORDER BY id DESC LIMIT 1").Scan(&rows, &mac)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return rows, hex.EncodeToString(mac), err
}

// withoutLog makes a file that has no write-ahead log one that needs none, by the two bytes of its header that say so: it
// can be read without files beside it, also where nothing can be written. A server changes that back.
func withoutLog(f *os.File) error {
	header := make([]byte, 20)
	if _, err := f.ReadAt(header, 0); err != nil || !bytes.HasPrefix(header, []byte("SQLite format 3\x00")) {
		return nil // whoever opens it says what it is
	}
	_, err := f.WriteAt([]byte{1, 1}, 18)
	return err
}

// mostTold is how many things that are wrong are told at most.
const mostTold = 3

// integrity says what is wrong with the file, "" when nothing is.
func integrity(ctx context.Context, p *sql.DB) (wrong string, err error) {
	return integrityOf(ctx, p, "PRAGMA integrity_check(10)")
}

func integrityOf(ctx context.Context, p *sql.DB, pragma string) (wrong string, err error) {
	rows, err := p.QueryContext(ctx, pragma)
	found, err := collect(rows, err, func(s *string, row scanner) error { return row.Scan(s) })
	if err != nil || len(found) == 1 && found[0] == "ok" {
		return "", err
	}
	return told(found), nil
}

func foreignKeys(ctx context.Context, p *sql.DB) (wrong string, err error) {
	rows, err := p.QueryContext(ctx, `SELECT DISTINCT "table", "parent" FROM pragma_foreign_key_check`)
	found, err := collect(rows, err, func(s *string, row scanner) error {
		var table, parent string
		err := row.Scan(&table, &parent)
		*s = fmt.Sprintf("rows of %s point to rows of %s that are missing", table, parent)
		return err
	})
	return told(found), err
}

// told are the first of several, on one line.
func told(found []string) string {
	more := ""
	if n := len(found); n > mostTold {
		found, more = found[:mostTold], ", and more"
	}
	return strings.ReplaceAll(strings.Join(found, "; "), "\n", "; ") + more
}

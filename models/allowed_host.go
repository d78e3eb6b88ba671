package models

import (
	"context"
	"fmt"
	"strings"

	"gorm.io/gorm"
)

// An AllowedHost is a place that requests of ours may go to although it is in a private network or speaks plain http.
type AllowedHost struct {
	ID        int64
	Host      string // host:port in the one way that entries are compared
	Note      string // why
	Author    string // who allowed it
	CreatedAt Time
}

// maxAllowedHosts bounds the list, which is read for every request that we start.
const maxAllowedHosts = 200

func (h *AllowedHost) scan(row scanner) error {
	return row.Scan(&h.ID, &h.Host, &h.Note, &h.Author, &h.CreatedAt)
}

// AllowedHosts returns all by host.
func (db *DB) AllowedHosts(ctx context.Context) ([]AllowedHost, error) {
	rows, err := db.reader().QueryContext(ctx, `SELECT id, host, note, author, created_at FROM allowed_hosts ORDER BY host`)
	return collect(rows, err, (*AllowedHost).scan)
}

// AllowHost adds a place, host:port in the one way that entries are compared. Invalid: host or note.
func (db *DB) AllowHost(ctx context.Context, host, note string, by By) error {
	note = strings.TrimSpace(note)
	switch {
	case host == "" || tooLong(host, 300):
		return &Invalid{"host", "Write host and port, such as n8n.internal:5678."}
	case tooLong(note, 200):
		return &Invalid{"note", "Say why in at most 200 characters on one line."}
	}
	return db.tx(ctx, func(tx *gorm.DB) error {
		var all, same int64
		err := inTx(tx).QueryRowContext(ctx, `SELECT count(*), count(CASE WHEN host = ? THEN 1 END) FROM allowed_hosts`, host).Scan(&all, &same)
		switch {
		case err != nil:
			return err
		case same > 0:
			return &Invalid{"host", "This host is allowed already."}
		case all >= maxAllowedHosts:
			return &Invalid{"host", fmt.Sprintf("%d hosts are allowed already. Take one away first.", maxAllowedHosts)}
		}
		err = tx.Exec(`INSERT INTO allowed_hosts (host, note, author, created_at) VALUES (?, ?, ?, ?)`, host, note, asUTF8(by.Name), db.now()).Error
		if err != nil {
			return err
		}
		return db.changed(tx, by, "host.allow", "host "+host, map[string]any{"note": note})
	})
}

// DisallowHost takes a place away: the next request there is refused. ErrNotFound: it is gone.
func (db *DB) DisallowHost(ctx context.Context, id int64, by By) error {
	return db.tx(ctx, func(tx *gorm.DB) error {
		var host string
		if err := tx.Raw(`DELETE FROM allowed_hosts WHERE id = ? RETURNING host`, id).Scan(&host).Error; err != nil {
			return err
		}
		if host == "" {
			return ErrNotFound
		}
		return db.changed(tx, by, "host.disallow", "host "+host, nil)
	})
}

package models

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"time"

	"gorm.io/gorm"
)

// A where is a condition in the making; its texts are ours, what people say goes into args.
type where struct {
	parts []string
	args  []any
}

func (w *where) and(part string, args ...any) {
	w.parts = append(w.parts, part)
	w.args = append(w.args, args...)
}

// between is half-open; a zero end is open.
func (w *where) between(column string, from, to time.Time) {
	if !from.IsZero() {
		w.and(column+` >= ?`, at(from))
	}
	if !to.IsZero() {
		w.and(column+` < ?`, at(to))
	}
}

// in asks for one of some values, of which there is at least one.
func (w *where) in(column string, values []int64) {
	w.and(column+` IN (`+placeholders(len(values))+`)`, each(values, func(v int64) any { return v })...)
}

func (w *where) sql() string {
	if len(w.parts) == 0 {
		return ""
	}
	return `WHERE ` + strings.Join(w.parts, ` AND `)
}

// beforeID is the id to page from: 0 is the newest.
func beforeID(id int64) int64 {
	if id <= 0 {
		return math.MaxInt64
	}
	return id
}

// placeholders is "?, ?, ?" for n values.
func placeholders(n int) string { return strings.TrimSuffix(strings.Repeat("?, ", n), ", ") }

// A querier is a pool or a transaction.
type querier interface {
	QueryContext(context.Context, string, ...any) (*sql.Rows, error)
	QueryRowContext(context.Context, string, ...any) *sql.Row
}

// inTx is the transaction below GORM's.
func inTx(tx *gorm.DB) querier { return tx.Statement.ConnPool }

// A jsonInto scans JSON text into what it points to.
type jsonInto struct{ v any }

// Scan implements sql.Scanner.
func (j *jsonInto) Scan(v any) error {
	switch v := v.(type) {
	case string:
		return json.Unmarshal([]byte(v), j.v)
	case []byte:
		return json.Unmarshal(v, j.v)
	}
	return fmt.Errorf("models: JSON cannot be read from %T", v)
}

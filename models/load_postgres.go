package models

import (
	"context"
	"database/sql"
	"iter"

	"github.com/jackc/pgx/v5"
)

// load copies rows in. What a crash of the server would take with it is made again anyway.
func (e *postgresEngine) load(ctx context.Context, writer *sql.DB, l *loading) error {
	conn, err := writer.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	return conn.Raw(func(c any) error {
		return pgx.BeginFunc(ctx, c.(*postgresConn).Conn.Conn(), func(tx pgx.Tx) error {
			if _, err := tx.Exec(ctx, `SET LOCAL synchronous_commit = off`); err != nil {
				return err
			}
			responses := copyRows(ctx, tx, "responses", loadedResponse, func(yield func([]any) bool) {
				for r := range l.rows {
					if !yield(r) {
						return
					}
				}
			})
			if responses != nil {
				return responses
			}
			return copyRows(ctx, tx, "answers", loadedAnswer, l.answerRows)
		})
	})
}

// answerRows yields the values of each answer; they hold until the next.
func (l *loading) answerRows(yield func([]any) bool) {
	row := make([]any, len(loadedAnswer))
	for r, answers := range l.rows {
		copy(row, r[:sharedValues])
		for len(answers) > 0 {
			answers = answers[copy(row[sharedValues:], answers):]
			if !yield(row) {
				return
			}
		}
	}
}

func copyRows(ctx context.Context, tx pgx.Tx, table string, columns []string, rows iter.Seq[[]any]) error {
	next, stop := iter.Pull(rows)
	defer stop()
	_, err := tx.CopyFrom(ctx, pgx.Identifier{table}, columns, pgx.CopyFromFunc(func() ([]any, error) {
		row, ok := next()
		if !ok {
			return nil, nil
		}
		for i, v := range row {
			if text, ok := v.(string); ok {
				if kept := storable(text); kept != text {
					row[i] = kept
				}
			}
		}
		return row, nil
	}))
	return err
}

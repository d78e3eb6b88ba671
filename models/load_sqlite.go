package models

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/mattn/go-sqlite3"
)

// load writes by statements that are prepared once, on the connection itself. No context ends them: that would cost a
// goroutine each.
func (e *sqliteEngine) load(ctx context.Context, writer *sql.DB, l *loading) error {
	conn, err := writer.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	return conn.Raw(func(c any) error {
		w := loadWriter{c: c.(*sqlite3.SQLiteConn), answers: map[int]driver.Stmt{}}
		err := w.exec(`BEGIN IMMEDIATE`)
		if err != nil {
			return err
		}
		if err = errors.Join(w.write(l), w.close()); err == nil {
			err = w.exec(`COMMIT`)
		}
		if err != nil {
			err = errors.Join(err, w.exec(`ROLLBACK`))
		}
		return err
	})
}

// answersAtOnce is how many answers one statement writes.
const answersAtOnce = 40

// A loadWriter writes responses on a connection.
type loadWriter struct {
	c        *sqlite3.SQLiteConn
	response driver.Stmt
	answers  map[int]driver.Stmt // by how many they write
	row      []driver.NamedValue // reused
}

func (w *loadWriter) exec(text string) error {
	_, err := w.c.Exec(text, nil)
	return err
}

func (w *loadWriter) write(l *loading) (err error) {
	w.response, err = w.c.Prepare(`INSERT INTO responses (` + strings.Join(loadedResponse, ", ") + `) VALUES (` + placeholders(len(loadedResponse)) + `)`)
	if err != nil {
		return err
	}
	width := len(loadedAnswer) - sharedValues
	for r, answers := range l.rows {
		if err := w.run(w.response, r, nil); err != nil {
			return err
		}
		for some := range slices.Chunk(answers, answersAtOnce*width) {
			s, err := w.answersOf(len(some) / width)
			if err != nil {
				return err
			}
			if err := w.run(s, r[:sharedValues], some); err != nil {
				return err
			}
		}
	}
	return nil
}

// answersOf writes n answers, whose response's values come first and once.
func (w *loadWriter) answersOf(n int) (driver.Stmt, error) {
	if s := w.answers[n]; s != nil {
		return s, nil
	}
	rows := make([]string, n)
	for i := range rows {
		rows[i] = "(?1, ?2, ?3"
		for j := range len(loadedAnswer) - sharedValues {
			rows[i] += fmt.Sprintf(", ?%d", sharedValues+1+i*(len(loadedAnswer)-sharedValues)+j)
		}
		rows[i] += ")"
	}
	s, err := w.c.Prepare(`INSERT INTO answers (` + strings.Join(loadedAnswer, ", ") + `) VALUES ` + strings.Join(rows, ", "))
	if err == nil {
		w.answers[n] = s
	}
	return s, err
}

func (w *loadWriter) run(s driver.Stmt, first, then []any) error {
	w.row = w.row[:0]
	for _, v := range first {
		w.row = append(w.row, driver.NamedValue{Ordinal: len(w.row) + 1, Value: v})
	}
	for _, v := range then {
		w.row = append(w.row, driver.NamedValue{Ordinal: len(w.row) + 1, Value: v})
	}
	_, err := s.(driver.StmtExecContext).ExecContext(context.Background(), w.row)
	return err
}

func (w *loadWriter) close() (err error) {
	for _, s := range w.answers {
		err = errors.Join(err, s.Close())
	}
	if w.response != nil {
		err = errors.Join(err, w.response.Close())
	}
	return err
}

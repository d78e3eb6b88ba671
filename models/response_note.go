package models

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"gorm.io/gorm"
)

// A Note is what somebody wrote on a response. A removed one keeps its place without its text.
type Note struct {
	ID         int64
	ResponseID int64
	UserID     int64
	Name       string
	At         Time
	Text       string
	RemovedAt  Time
	RemovedBy  string
}

const noteColumns = `id, response_id, user_id, name, at, text, removed_at, removed_by`

func (n *Note) scan(s scanner) error {
	return s.Scan(&n.ID, &n.ResponseID, &n.UserID, &n.Name, &n.At, &n.Text, &n.RemovedAt, &n.RemovedBy)
}

// AddNote writes a note on a response. People whom it names with @ are told: they find it under "Mentions". Invalid: the
// text; ErrNotFound: the response.
func (db *DB) AddNote(ctx context.Context, responseID int64, text string, by By) (n Note, mentioned []User, err error) {
	text = strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n"))
	switch {
	case text == "":
		return n, nil, &Invalid{"note", "Write the note first."}
	case utf8.RuneCountInString(text) > MaxNote || strings.ContainsRune(text, 0) || !utf8.ValidString(text):
		return n, nil, &Invalid{"note", fmt.Sprintf("A note has at most %d characters.", MaxNote)}
	}
	n = Note{ResponseID: responseID, UserID: by.UserID, Name: asUTF8(by.Name), At: db.now(), Text: text}
	err = db.tx(ctx, func(tx *gorm.DB) error {
		var received []Time
		if err := tx.Raw(`SELECT received_at FROM responses WHERE id = ?`, responseID).Scan(&received).Error; err != nil {
			return err
		}
		if len(received) == 0 {
			return ErrNotFound
		}
		err := inTx(tx).QueryRowContext(ctx, `INSERT INTO response_notes (response_id, user_id, name, at, text) VALUES (?, ?, ?, ?, ?) RETURNING id`,
			n.ResponseID, n.UserID, n.Name, n.At, n.Text).Scan(&n.ID)
		if err != nil {
			return err
		}
		var people []User
		if err := tx.Where("disabled_at = 0").Order("id").Find(&people).Error; err != nil {
			return err
		}
		mentioned = slices.DeleteFunc(Mentioned(text, people), func(u User) bool { return u.ID == by.UserID })
		for _, u := range mentioned {
			err := tx.Exec(`INSERT INTO mentions (user_id, note_id, response_id, received_at) VALUES (?, ?, ?, ?)`, u.ID, n.ID, n.ResponseID, received[0]).Error
			if err != nil {
				return err
			}
		}
		return db.audit(tx, by, "response.note", fmt.Sprintf("response %d", responseID), map[string]any{"note": n.ID, "mentions": len(mentioned)})
	})
	return n, mentioned, err
}

// Mentioned are the people whom a text names: @ and the whole name, or the part of the address before its @.
func Mentioned(text string, people []User) (named []User) {
	folded := strings.ToLower(text)
	for _, u := range people {
		local, _, _ := strings.Cut(u.Email, "@")
		if names(folded, strings.ToLower(u.Name)) || names(folded, local) {
			named = append(named, u)
		}
	}
	return named
}

// names tells whether a text has @name, with neither a word before nor after it.
func names(text, name string) bool {
	if name == "" {
		return false
	}
	word := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_' }
	for from := 0; ; {
		i := strings.Index(text[from:], "@"+name)
		if i < 0 {
			return false
		}
		before, _ := utf8.DecodeLastRuneInString(text[:from+i])
		from += i + 1 + len(name)
		if after, _ := utf8.DecodeRuneInString(text[from:]); !word(before) && !word(after) {
			return true
		}
	}
}

// RemoveNote takes back the text of a note of whoever asks; ErrNotFound of another person's.
func (db *DB) RemoveNote(ctx context.Context, responseID, id int64, by By) error {
	return db.tx(ctx, func(tx *gorm.DB) error {
		removed := tx.Exec(`UPDATE response_notes SET text = '', removed_at = ?, removed_by = ? WHERE id = ? AND response_id = ? AND user_id = ? AND removed_at = 0`,
			db.now(), asUTF8(by.Name), id, responseID, by.UserID)
		if removed.Error != nil {
			return removed.Error
		}
		if removed.RowsAffected == 0 {
			return ErrNotFound
		}
		if err := tx.Exec(`DELETE FROM mentions WHERE note_id = ?`, id).Error; err != nil {
			return err
		}
		return db.audit(tx, by, "response.note-remove", fmt.Sprintf("response %d", responseID), map[string]any{"note": id})
	})
}

// ResponseNotes are the notes of one response, oldest first, at most maxHistory.
func (db *DB) ResponseNotes(ctx context.Context, id int64) ([]Note, error) {
	rows, err := db.reader().QueryContext(ctx, `SELECT * FROM (SELECT `+noteColumns+` FROM response_notes WHERE response_id = ? ORDER BY id DESC LIMIT ?) AS newest ORDER BY id`, id, maxHistory)
	return collect(rows, err, (*Note).scan)
}

// fillNotes reads the notes of responses, without those that were removed.
func (db *DB) fillNotes(ctx context.Context, rs ...*Response) error {
	if len(rs) == 0 {
		return nil
	}
	at := make(map[int64]*Response, len(rs))
	for _, r := range rs {
		r.Notes, at[r.ID] = nil, r
	}
	var w where
	w.in(`response_id`, each(rs, func(r *Response) int64 { return r.ID }))
	rows, err := db.reader().QueryContext(ctx, `SELECT `+noteColumns+` FROM response_notes `+w.sql()+` AND removed_at = 0 ORDER BY id`, w.args...)
	_, err = collect(rows, err, func(n *Note, s scanner) error {
		err := n.scan(s)
		if r := at[n.ResponseID]; r != nil {
			r.Notes = append(r.Notes, *n)
		}
		return err
	})
	return err
}

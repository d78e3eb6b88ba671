package models

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"gorm.io/gorm"
)

// A Tag is a word that people put on responses.
type Tag struct {
	ID   int64
	Name string
}

const (
	maxTag  = 40   // characters
	maxTags = 1000 // of an installation
)

// Tags are all, by name.
func (db *DB) Tags(ctx context.Context) ([]Tag, error) {
	rows, err := db.reader().QueryContext(ctx, `SELECT id, name FROM tags ORDER BY folded`)
	return collect(rows, err, func(t *Tag, s scanner) error { return s.Scan(&t.ID, &t.Name) })
}

// tagName tidies a name: one space between words. Invalid: it is empty, too long, or holds a comma, which parts names in a
// form.
func tagName(s string) (string, error) {
	s = strings.Join(strings.Fields(s), " ")
	switch {
	case s == "":
		return "", &Invalid{"tag", "Enter a tag."}
	case tooLong(s, maxTag) || strings.Contains(s, ","):
		return "", &Invalid{"tag", fmt.Sprintf("A tag has at most %d characters and no comma.", maxTag)}
	}
	return s, nil
}

// tagIn finds a tag by its name, whatever its case and accents, or makes it.
func (db *DB) tagIn(ctx context.Context, tx *gorm.DB, name string) (t Tag, err error) {
	if name, err = tagName(name); err != nil {
		return t, err
	}
	err = inTx(tx).QueryRowContext(ctx, `SELECT id, name FROM tags WHERE folded = ?`, fold(name)).Scan(&t.ID, &t.Name)
	if !errors.Is(err, sql.ErrNoRows) {
		return t, err
	}
	var n int
	if err := inTx(tx).QueryRowContext(ctx, `SELECT count(*) FROM tags`).Scan(&n); err != nil {
		return t, err
	}
	if n >= maxTags {
		return t, &Invalid{"tag", fmt.Sprintf("There are %d tags already. Use one of them.", maxTags)}
	}
	t.Name = name
	err = inTx(tx).QueryRowContext(ctx, `INSERT INTO tags (name, folded, created_at) VALUES (?, ?, ?) RETURNING id`, name, fold(name), db.now()).Scan(&t.ID)
	return t, err
}

// fillTags reads the tags of responses.
func (db *DB) fillTags(ctx context.Context, rs ...*Response) error {
	if len(rs) == 0 {
		return nil
	}
	at := make(map[int64]*Response, len(rs))
	ids := make([]int64, len(rs))
	for i, r := range rs {
		r.Tags, at[r.ID], ids[i] = nil, r, r.ID
	}
	var w where
	w.in(`rt.response_id`, ids)
	rows, err := db.reader().QueryContext(ctx, `SELECT rt.response_id, t.id, t.name FROM response_tags rt JOIN tags t ON t.id = rt.tag_id `+w.sql()+` ORDER BY t.folded`, w.args...)
	_, err = collect(rows, err, func(_ *struct{}, s scanner) error {
		var id int64
		var t Tag
		if err := s.Scan(&id, &t.ID, &t.Name); err != nil {
			return err
		}
		at[id].Tags = append(at[id].Tags, t)
		return nil
	})
	return err
}

// addresses are where the elements of a slice lie.
func addresses[T any](all []T) []*T {
	out := make([]*T, len(all))
	for i := range all {
		out[i] = &all[i]
	}
	return out
}

package models

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"gorm.io/gorm"
)

// A ResponseView is a filter of the list of responses under a name.
type ResponseView struct {
	ID     int64
	UserID int64 // whose it is: who may change it
	Author string
	Name   string
	Query  string // of its address, without ?
	Shared bool   // everybody sees it
}

const (
	maxViews     = 50 // of one person
	maxViewName  = 60 // characters
	maxViewQuery = 4000
)

const viewColumns = `id, user_id, author, name, query, shared`

func (v *ResponseView) scan(s scanner) error {
	return s.Scan(&v.ID, &v.UserID, &v.Author, &v.Name, &v.Query, &v.Shared)
}

// ResponseViews are a person's own views and those that are shared, by name.
func (db *DB) ResponseViews(ctx context.Context, userID int64) ([]ResponseView, error) {
	rows, err := db.reader().QueryContext(ctx, `SELECT `+viewColumns+` FROM response_views WHERE user_id = ? OR shared ORDER BY lower(name), id`, userID)
	return collect(rows, err, (*ResponseView).scan)
}

// ResponseView returns one that the person may see, ErrNotFound for every other.
func (db *DB) ResponseView(ctx context.Context, id, userID int64) (v ResponseView, err error) {
	err = v.scan(db.reader().QueryRowContext(ctx, `SELECT `+viewColumns+` FROM response_views WHERE id = ? AND (user_id = ? OR shared)`, id, userID))
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrNotFound
	}
	return v, err
}

func (v *ResponseView) check() error {
	v.Name = strings.TrimSpace(v.Name)
	switch {
	case v.Name == "":
		return &Invalid{"name", "Enter a name."}
	case tooLong(v.Name, maxViewName):
		return &Invalid{"name", fmt.Sprintf("A name has at most %d characters, on one line.", maxViewName)}
	case len(v.Query) > maxViewQuery:
		return &Invalid{"name", "This filter is too long to be kept. Take fewer conditions."}
	}
	return nil
}

// AddResponseView keeps a filter for the person who asks. Invalid: name.
func (db *DB) AddResponseView(ctx context.Context, v ResponseView, by By) (ResponseView, error) {
	if err := v.check(); err != nil {
		return v, err
	}
	v.UserID, v.Author = by.UserID, asUTF8(by.Name)
	err := db.tx(ctx, func(tx *gorm.DB) error {
		var own, same int
		err := inTx(tx).QueryRowContext(ctx, `SELECT count(*), count(CASE WHEN name = ? THEN 1 END) FROM response_views WHERE user_id = ?`, v.Name, v.UserID).Scan(&own, &same)
		switch {
		case err != nil:
			return err
		case same > 0:
			return &Invalid{"name", "You have a view with this name already."}
		case own >= maxViews:
			return &Invalid{"name", fmt.Sprintf("You have %d views. Delete one first.", maxViews)}
		}
		err = inTx(tx).QueryRowContext(ctx, `INSERT INTO response_views (user_id, author, name, query, shared, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id`,
			v.UserID, v.Author, v.Name, v.Query, v.Shared, db.now(), db.now()).Scan(&v.ID)
		if err != nil || !v.Shared {
			return err
		}
		return db.changed(tx, by, "view.share", v.object(), nil)
	})
	return v, err
}

func (v ResponseView) object() string { return fmt.Sprintf("view %d", v.ID) }

// ChangeResponseView renames a view, shares it or not, and gives it another query unless that is "". Only whose it is may:
// ErrNotFound else.
func (db *DB) ChangeResponseView(ctx context.Context, v ResponseView, by By) error {
	if err := v.check(); err != nil {
		return err
	}
	return db.editView(ctx, v.ID, by, func(tx *gorm.DB, was ResponseView) error {
		if v.Query == "" {
			v.Query = was.Query
		}
		var same int
		err := inTx(tx).QueryRowContext(ctx, `SELECT count(*) FROM response_views WHERE user_id = ? AND name = ? AND id <> ?`, by.UserID, v.Name, v.ID).Scan(&same)
		if err != nil {
			return err
		}
		if same > 0 {
			return &Invalid{"name", "You have a view with this name already."}
		}
		err = tx.Exec(`UPDATE response_views SET name = ?, query = ?, shared = ?, updated_at = ? WHERE id = ?`, v.Name, v.Query, v.Shared, db.now(), v.ID).Error
		if err != nil || !v.Shared && !was.Shared {
			return err
		}
		return db.changed(tx, by, "view.change", v.object(), map[string]any{"shared": v.Shared})
	})
}

// DeleteResponseView deletes one of whoever asks; ErrNotFound else.
func (db *DB) DeleteResponseView(ctx context.Context, id int64, by By) error {
	return db.editView(ctx, id, by, func(tx *gorm.DB, was ResponseView) error {
		if err := tx.Exec(`DELETE FROM response_views WHERE id = ?`, id).Error; err != nil || !was.Shared {
			return err
		}
		return db.changed(tx, by, "view.delete", was.object(), nil)
	})
}

func (db *DB) editView(ctx context.Context, id int64, by By, edit func(*gorm.DB, ResponseView) error) error {
	return db.tx(ctx, func(tx *gorm.DB) error {
		var was ResponseView
		err := was.scan(inTx(tx).QueryRowContext(ctx, `SELECT `+viewColumns+` FROM response_views WHERE id = ? AND user_id = ?`, id, by.UserID))
		if errors.Is(err, sql.ErrNoRows) {
			return ErrNotFound
		}
		if err != nil {
			return err
		}
		return edit(tx, was)
	})
}

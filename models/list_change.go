package models

import (
	"context"
	"errors"
	"reflect"
	"strings"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"switchyard/models/rules"
)

// A ListAct is how a version of a list came about.
type ListAct string

// The acts.
const (
	ListEdited   ListAct = "edited"
	ListUploaded ListAct = "uploaded"
	ListRestored ListAct = "restored"
	ListRenamed  ListAct = "renamed"
	ListDeleted  ListAct = "deleted"
	ListAside    ListAct = "aside" // kept beside what somebody else saved first; rules never read it
)

// A ListEdit is how a list is changed.
type ListEdit struct {
	Seen int // the version that the caller saw; 0: that there is no such list
	Did  ListAct
	Note string // of one line; may be empty
}

// noteSize is how many characters a note has.
const noteSize = 500

// SaveList replaces or makes a list, whatever it was; Invalid says what is wrong (name, size, double id). A list that is
// equal to it stays as it is.
func (db *DB) SaveList(ctx context.Context, l rules.List, by By) error {
	if err := checkList(l); err != nil {
		return err
	}
	return db.tx(ctx, func(tx *gorm.DB) error {
		now, err := listIn(tx, l.Name)
		if err != nil || sameList(now, l) {
			return err
		}
		_, err = db.saveList(tx, l, ListEdit{Did: ListUploaded}, by)
		return err
	})
}

// ChangeList replaces or makes the list that the caller saw and returns its version. When somebody changed it since,
// what was to be saved is kept as a version beside it, which is returned with ErrConflict.
func (db *DB) ChangeList(ctx context.Context, l rules.List, e ListEdit, by By) (version int, err error) {
	e.Note = strings.TrimSpace(e.Note)
	if tooLong(e.Note, noteSize) {
		return 0, &Invalid{"note", "Use at most 500 characters on one line."}
	}
	if err := checkList(l); err != nil {
		return 0, err
	}
	aside := false
	err = db.tx(ctx, func(tx *gorm.DB) error {
		now, err := listIn(tx, l.Name)
		if err != nil {
			return err
		}
		version, aside = now.Version, now.Version != e.Seen
		if sameList(now, l) {
			aside = false
			return nil
		}
		made := e
		if aside {
			made.Did = ListAside
		}
		version, err = db.saveList(tx, l, made, by)
		return err
	})
	if err == nil && aside {
		err = ErrConflict
	}
	return version, err
}

// listIn is the list of that name; without one the zero row, whose version is 0.
func listIn(tx *gorm.DB, name string) (row listRow, err error) {
	err = tx.Where("name = ?", name).Take(&row).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		err = nil
	}
	return row, err
}

func sameList(row listRow, l rules.List) bool {
	return row.Version > 0 && rules.DiffList(row.list().List, l).Empty() && reflect.DeepEqual(columnNames(row.Columns.V), columnNames(l.Columns))
}

func columnNames(columns []rules.Column) []string {
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.Name
	}
	return names
}

// keepList adds a version and, unless it stands aside, makes it the list.
func (db *DB) keepList(tx *gorm.DB, l rules.List, e ListEdit, by By) (version int, err error) {
	last, err := lastListVersion(tx, l.Name)
	if err != nil {
		return 0, err
	}
	v := listVersionRow{Name: l.Name, Version: last + 1, Size: len(l.Rows), Did: e.Did, Note: e.Note, Author: by.Name, At: db.now()}
	v.Columns.V, v.Rows.V = l.Columns, l.Rows
	if err := tx.Create(&v).Error; err != nil {
		return 0, err
	}
	if e.Did != ListAside {
		row := listRow{Name: v.Name, Columns: v.Columns, Rows: v.Rows, Size: v.Size, Version: v.Version, Author: v.Author, UpdatedAt: v.At}
		if err := tx.Clauses(clause.OnConflict{UpdateAll: true}).Create(&row).Error; err != nil {
			return 0, err
		}
	}
	if err := pruneList(tx, l.Name); err != nil {
		return 0, err
	}
	return v.Version, nil
}

// saveList is keepList, told in the audit log.
func (db *DB) saveList(tx *gorm.DB, l rules.List, e ListEdit, by By) (version int, err error) {
	if version, err = db.keepList(tx, l, e, by); err != nil {
		return 0, err
	}
	return version, db.changed(tx, by, "list.save", "list "+l.Name, map[string]any{"rows": len(l.Rows), "version": version, "did": string(e.Did)})
}

// RenameList gives the list that the caller saw another name; its versions go with it. Invalid: name. ErrConflict: it was
// changed since.
func (db *DB) RenameList(ctx context.Context, name, to string, seen int, by By) error {
	to = strings.TrimSpace(to)
	if !listName.MatchString(to) {
		return &Invalid{"name", nameRule}
	}
	return db.tx(ctx, func(tx *gorm.DB) error {
		now, err := listIn(tx, name)
		switch {
		case err != nil:
			return err
		case now.Version == 0:
			return ErrNotFound
		case now.Version != seen:
			return ErrConflict
		case name == to:
			return nil
		}
		if taken, err := listIn(tx, to); err != nil || taken.Version > 0 {
			return errors.Join(err, &Invalid{"name", "Another list has this name already."})
		}
		last, err := lastListVersion(tx, to)
		if err != nil {
			return err
		}
		if err := tx.Exec("UPDATE list_versions SET name = ?, version = version + ? WHERE name = ?", to, last, name).Error; err != nil {
			return err
		}
		if err := tx.Delete(&listRow{Name: name}).Error; err != nil {
			return err
		}
		l := now.list().List
		l.Name = to
		if _, err := db.keepList(tx, l, ListEdit{Did: ListRenamed, Note: "It was called " + name + "."}, by); err != nil {
			return err
		}
		return db.changed(tx, by, "list.rename", "list "+name, map[string]any{"to": to})
	})
}

// DeleteList removes a list; its versions stay, so that it can be restored. Rules that read it find it missing.
func (db *DB) DeleteList(ctx context.Context, name string, by By) error {
	return db.tx(ctx, func(tx *gorm.DB) error {
		now, err := listIn(tx, name)
		if err != nil {
			return err
		}
		if now.Version == 0 {
			return ErrNotFound
		}
		if _, err := db.keepList(tx, now.list().List, ListEdit{Did: ListDeleted}, by); err != nil {
			return err
		}
		if err := tx.Delete(&listRow{Name: name}).Error; err != nil {
			return err
		}
		return db.changed(tx, by, "list.delete", "list "+name, nil)
	})
}

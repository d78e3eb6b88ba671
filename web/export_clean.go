package web

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"time"

	"switchyard/models"
	"switchyard/views"
)

// strayPart is how old what a crash left in the folder is before erasing removes it: no export that is written rests so long.
const strayPart = 10 * time.Minute

// scheduledFile is how files of exports by the clock are called; see scheduledName.
var scheduledFile = regexp.MustCompile(`-?s[0-9]+-[0-9]{4}-[0-9]{2}-[0-9]{2}-[0-9]{4}\.(csv|jsonl|xlsx)$`)

// outside is what erasing reaches beside the database.
func (c Config) outside(remove func(context.Context, models.File) error) models.Outside {
	return models.Outside{Remove: remove, Exports: c.ExportFiles, Clean: c.cleanExport}
}

// ExportFiles names the files that exports by the clock put into the folder.
func (c Config) ExportFiles() (names []string, err error) {
	entries, err := os.ReadDir(c.exports())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	for _, entry := range entries {
		if entry.Type().IsRegular() && scheduledFile.MatchString(entry.Name()) {
			names = append(names, entry.Name())
		}
	}
	return names, err
}

// cleanExport takes rows out of one of them: another file takes its place at once. A workbook that holds such a row, and a
// file that does not tell whose its rows are, is removed.
func (c Config) cleanExport(_ context.Context, name string, of func(models.ExportRow) bool) (models.Cleaned, error) {
	if err := c.removeParts(); err != nil {
		return models.Cleaned{}, err
	}
	file := filepath.Join(c.exports(), filepath.Base(name))
	rows, err := cleanFile(file, of)
	if errors.Is(err, fs.ErrNotExist) {
		return models.Cleaned{}, nil
	}
	if errors.Is(err, views.ErrNameless) || err == nil && rows > 0 && filepath.Ext(file) == ".xlsx" {
		return models.Cleaned{Removed: true}, os.Remove(file)
	}
	return models.Cleaned{Rows: rows}, err
}

func cleanFile(file string, of func(models.ExportRow) bool) (rows int64, err error) {
	if filepath.Ext(file) == ".xlsx" {
		if _, err := os.Stat(file); err != nil {
			return 0, err
		}
		return views.CountXLSX(file, of)
	}
	in, err := os.Open(file)
	if err != nil {
		return 0, err
	}
	defer in.Close()
	was, err := in.Stat()
	if err != nil {
		return 0, err
	}
	part, err := os.CreateTemp(filepath.Dir(file), partPrefix)
	if err != nil {
		return 0, err
	}
	defer os.Remove(part.Name()) // unless it took the file's place
	defer part.Close()
	clean := views.CleanCSV
	if filepath.Ext(file) == ".jsonl" {
		clean = views.CleanJSONL
	}
	if rows, err = clean(io.Writer(part), in, of); err != nil || rows == 0 {
		return 0, err
	}
	return rows, errors.Join(part.Chmod(was.Mode().Perm()), part.Sync(), part.Close(), os.Chtimes(part.Name(), was.ModTime(), was.ModTime()), os.Rename(part.Name(), file))
}

// removeParts removes what crashes left of exports.
func (c Config) removeParts() error {
	parts, err := filepath.Glob(filepath.Join(c.exports(), partPrefix+"*"))
	for _, part := range parts {
		if info, bad := os.Stat(part); bad == nil && time.Since(info.ModTime()) > strayPart {
			err = errors.Join(err, os.Remove(part))
		}
	}
	return err
}

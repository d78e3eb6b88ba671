package main

import (
	"errors"
	"strings"

	"switchyard/models"
)

var kinds = map[error]string{
	models.ErrLocked:      "another program is writing to the database; try again in a moment",
	models.ErrReadOnly:    "the database cannot be written: its file, folder or disk is read-only",
	models.ErrUnavailable: "the database does not answer; try again in a moment",
}

// plain is an error as a sentence for the person at the terminal.
func plain(err error) string {
	if bad, ok := errors.AsType[*models.Invalid](err); ok {
		return bad.Message
	}
	for kind, words := range kinds {
		if errors.Is(err, kind) && strings.Contains(err.Error(), kind.Error()) { // else it is a sentence that knows more
			return words
		}
	}
	text := strings.ReplaceAll(err.Error(), models.ErrNotFound.Error(), "there is none")
	return strings.ReplaceAll(text, models.ErrConflict.Error(), "somebody else changed it, or it exists already")
}

package main

import (
	"errors"
	"strings"

	"switchyard/models"
)

// plain is an error as a sentence for the person at the terminal.
func plain(err error) string {
	if bad, ok := errors.AsType[*models.Invalid](err); ok {
		return bad.Message
	}
	switch {
	case errors.Is(err, models.ErrLocked):
		return "another program is writing to the database; try again in a moment"
	case errors.Is(err, models.ErrReadOnly):
		return "the database cannot be written: its file, folder or disk is read-only"
	}
	text := strings.ReplaceAll(err.Error(), models.ErrNotFound.Error(), "there is none")
	return strings.ReplaceAll(text, models.ErrConflict.Error(), "somebody else changed it, or it exists already")
}

package admin

import (
	"context"
	"errors"

	"github.com/labstack/echo/v4"

	"switchyard/models"
	"switchyard/views"
	"switchyard/web/session"
)

// UndoRules takes the newest change of the draft back.
func (a *Admin) UndoRules(c echo.Context) error {
	return a.stepRules(c, a.DB.UndoDraft, "Undone", "There is nothing to undo.")
}

// RedoRules brings back what was undone last.
func (a *Admin) RedoRules(c echo.Context) error {
	return a.stepRules(c, a.DB.RedoDraft, "Redone", "There is nothing to redo.")
}

func (a *Admin) stepRules(c echo.Context, step func(context.Context, int64, int, models.By) (models.DraftEdit, error), word, nothing string) error {
	flow, err := a.DB.Flow(c.Request().Context(), c.Param("flow"))
	if err != nil {
		return err
	}
	e, err := step(c.Request().Context(), flow.ID, editOf(c), session.By(c))
	switch {
	case errors.Is(err, models.ErrConflict):
		return a.staleDraft(c, draftChanged)
	case errors.Is(err, models.ErrNotFound):
		return a.staleDraft(c, nothing)
	case err != nil:
		return err
	}
	if err := a.done(c, word+": "+views.EditSaid(e)); err != nil {
		return err
	}
	return redirect(c, views.RulesURL(flow.Slug))
}

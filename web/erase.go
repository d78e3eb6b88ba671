package web

import (
	"context"

	"switchyard/models"
)

// erase goes on with people who are being erased.
func (a *App) erase(ctx context.Context) error {
	for ctx.Err() == nil {
		more, err := a.db.ContinueErasures(ctx, a.cfg.outside(a.files.Remove))
		if err != nil || !more {
			return err
		}
	}
	return nil
}

// FinishErasures does what is left to do for people who are being erased, beside a server that may run.
func FinishErasures(ctx context.Context, cfg Config, db *models.DB) error {
	keeper, err := cfg.openFiles(db)
	for more := true; more && err == nil; {
		more, err = db.ContinueErasures(ctx, cfg.outside(keeper.Remove))
	}
	return err
}

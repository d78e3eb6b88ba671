package web

import (
	"context"

	"switchyard/models"
)

// Restore puts a backup in the place of the database of this configuration, on which no server may run.
func Restore(ctx context.Context, cfg Config, file string) (models.Restored, error) {
	key, err := cfg.masterKey()
	if err != nil {
		return models.Restored{}, err
	}
	return models.Restore(ctx, models.RestoreOptions{URL: string(cfg.Database), MasterKey: key, File: file, Now: cfg.now})
}

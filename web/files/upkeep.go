package files

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"switchyard/models"
)

const (
	// strayAge is how old an object must be that belongs to no file, before it is removed.
	strayAge = 24 * time.Hour
	// objectsAtOnce is how many are held against the database at a time.
	objectsAtOnce = 500
)

// Done counts what upkeep did.
type Done struct {
	Removed   int   // files whose time is over
	Forgotten int64 // keys of files that WhatsApp does not have any more
}

// Retire removes the files of which we heard longer ago than keep (0: none), a batch at a time, and erases keys that are
// of no use any more.
func (k *Keeper) Retire(ctx context.Context, keep time.Duration) (d Done, err error) {
	for keep > 0 {
		var old []models.File
		if old, err = k.DB.OldFiles(ctx, k.DB.Now().Add(-keep)); err != nil || len(old) == 0 {
			break
		}
		if err := k.removeAll(ctx, old, keep); err != nil {
			return d, err
		}
		d.Removed += len(old)
	}
	for err == nil {
		var n int64
		if n, err = k.DB.ForgetFiles(ctx); n == 0 {
			break
		}
		d.Forgotten += n
	}
	return d, err
}

// removeAll removes objects before it says so: after a stop in between the rows are found again.
func (k *Keeper) removeAll(ctx context.Context, old []models.File, keep time.Duration) error {
	for _, f := range old {
		if err := k.Remove(ctx, f); err != nil {
			return err
		}
	}
	return k.DB.FilesRemoved(ctx, old, fmt.Sprintf("Removed after %d days.", keep/(24*time.Hour)))
}

// Sweep removes objects that belong to no file and are older than a day, such as those of a database that was replaced by
// an older one. What another master key sealed may be another database's and stays.
func (k *Keeper) Sweep(ctx context.Context) (n int, err error) {
	err = k.eachStray(ctx, func(o Object) error {
		if mine, err := k.mine(ctx, o); err != nil || !mine {
			return err
		}
		n++
		return k.Store.Remove(ctx, o.Name)
	})
	return n, err
}

func (k *Keeper) mine(ctx context.Context, o Object) (bool, error) {
	if strings.Contains(o.Name, unfinished) {
		return true, nil
	}
	sealed, err := k.Store.Get(ctx, o.Name)
	if errors.Is(err, ErrMissing) {
		return false, nil
	}
	return k.DB.SealedFile(sealed), err
}

// eachStray gives the objects that belong to no file. By the wall clock: the store's times are not the database's.
func (k *Keeper) eachStray(ctx context.Context, do func(Object) error) error {
	var some []Object
	judge := func() error {
		names := make([]string, len(some))
		for i, o := range some {
			names[i] = owner(o.Name)
		}
		known, err := k.DB.KnownObjects(ctx, names)
		for i, o := range some {
			if err == nil && !known[names[i]] {
				err = do(o)
			}
		}
		some = some[:0]
		return err
	}
	for o, err := range k.Store.Each(ctx) {
		if err != nil {
			return fmt.Errorf("list the files in the store: %w", err)
		}
		if time.Since(o.At) < strayAge {
			continue
		}
		if some = append(some, o); len(some) == objectsAtOnce {
			if err := judge(); err != nil {
				return err
			}
		}
	}
	return judge()
}

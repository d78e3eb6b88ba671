package files

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"switchyard/models"
)

// Check looks for files that the store has lost, and for what belongs to no file.
func (k *Keeper) Check(ctx context.Context) (models.Finding, error) {
	f := models.Finding{Check: "Files", Verdict: models.Good}
	files, missing, err := k.missing(ctx)
	if err != nil {
		return f, err
	}
	strays := 0
	if err := k.eachStray(ctx, func(Object) error { strays++; return nil }); err != nil {
		return f, err
	}
	f.Text = fmt.Sprintf("%d stored, all in %s", files, k.Place)
	switch {
	case len(missing) > 0:
		f.Verdict = models.Broken
		f.Text = fmt.Sprintf("%d of %d are not in %s, the first is file %d", len(missing), files, k.Place, missing[0])
	case strays > 0:
		f.Verdict = models.Doubtful
		f.Text += fmt.Sprintf("; %d objects there belong to no file", strays)
	}
	return f, nil
}

// missing lists the files of which a part is not in the store. The database is read first: an object is written before
// its row says so.
func (k *Keeper) missing(ctx context.Context) (files int, ids []int64, err error) {
	gone := map[string]int64{} // by object and part
	for file, err := range k.DB.EachStoredFile(ctx) {
		if err != nil {
			return files, nil, err
		}
		files++
		for _, p := range partsOf(file) {
			gone[objectName(file.Object, p)] = file.ID
		}
	}
	for o, err := range k.Store.Each(ctx) {
		if err != nil {
			return files, nil, fmt.Errorf("list the files in %s: %w", k.Place, err)
		}
		delete(gone, o.Name)
	}
	owners := make([]string, 0, len(gone))
	for name := range gone {
		owners = append(owners, owner(name))
	}
	known, err := k.DB.KnownObjects(ctx, owners) // but for what was removed meanwhile
	maps.DeleteFunc(gone, func(name string, _ int64) bool { return !known[owner(name)] })
	return files, slices.Compact(slices.Sorted(maps.Values(gone))), err
}

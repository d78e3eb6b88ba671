package models

import "context"

// ResponsesBeside are the ids of the responses before and after one in the order of a filter's list; 0 = none. The one itself
// need not be in the list any more. ErrTooSlow: nothing helps to find them.
func (db *DB) ResponsesBeside(ctx context.Context, f ResponseFilter, r Response) (before, after int64, err error) {
	f.UpTo = 0
	s, err := db.responseSearch(ctx, f)
	if err != nil {
		return 0, 0, err
	}
	within, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	one := func(back bool) (int64, error) {
		rows, err := s.next(within, keyOf(r), back != f.Ascending, 1)
		if err != nil || len(rows) == 0 {
			return 0, err
		}
		return rows[0].ID, nil
	}
	if f.Sort.Key != "" {
		next, err := s.sorted(within)
		if err != nil {
			return 0, 0, tooSlow(within, err)
		}
		place, err := s.placeOf(within, r.ID)
		if err != nil {
			return 0, 0, tooSlow(within, err)
		}
		one = func(back bool) (int64, error) {
			places, err := next(place, back, 1)
			if err != nil || len(places) == 0 {
				return 0, err
			}
			return places[0].id, nil
		}
	}
	if before, err = one(true); err == nil {
		after, err = one(false)
	}
	return before, after, tooSlow(within, err)
}

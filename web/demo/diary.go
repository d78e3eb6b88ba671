package demo

import (
	"context"
	"slices"
	"time"
)

// An entry of the diary is what happens at a time.
type entry struct {
	at time.Time
	do func(context.Context) error
}

// plan writes what is to happen into the diary.
func (f *filling) plan(when time.Time, do func(context.Context) error) {
	f.diary = append(f.diary, entry{when, do})
}

// live goes through the diary in order, with the clock at each entry's time.
func (f *filling) live(ctx context.Context, _ *Filled) error {
	slices.SortStableFunc(f.diary, func(a, b entry) int { return a.at.Compare(b.at) })
	for _, e := range f.diary {
		f.clock.set(e.at)
		if err := e.do(ctx); err != nil {
			return err
		}
	}
	return nil
}

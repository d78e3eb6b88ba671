package rules

import "slices"

// A verdict is whether something can happen.
type verdict int8

const (
	never verdict = iota
	can
	undecided // it would take too long to know
)

const (
	// maxTries bounds the cases that one question goes through; what needs more is not told.
	maxTries = 3000
	// maxAllTries bounds them for one document.
	maxAllTries = 200_000
)

// A reasoner knows which truths the atoms of some conditions can have together. Atoms of different fields are
// independent of each other; those of one field are as one of the cases of that field says.
type reasoner struct {
	atoms  []possible // what each may be when nothing is known
	home   []int      // which field decides it
	fields []cases
	left   int // tries of the document
}

// The cases of a field are what its values make of its atoms: a row for all values that no atom tells apart.
type cases struct {
	atoms []int
	rows  [][]Truth
}

// reaches tells whether a case exists in which want is true and none of before is.
func (r *reasoner) reaches(want *claim, before []*claim) verdict {
	tries := min(maxTries, r.left)
	all := tries
	v := r.search(&tries, r.atoms, want, before)
	r.left -= all - tries
	return v
}

func (r *reasoner) search(tries *int, atoms []possible, want *claim, before []*claim) verdict {
	if *tries--; *tries < 0 {
		return undecided
	}
	wanted, next := want.under(atoms), -1
	if wanted&mayBeTrue == 0 {
		return never
	}
	if wanted != mayBeTrue {
		next = want.open(atoms)
	}
	for _, b := range before {
		switch p := b.under(atoms); {
		case p == mayBeTrue:
			return never
		case p&mayBeTrue != 0 && next < 0:
			next = b.open(atoms)
		}
	}
	if next < 0 {
		return can
	}
	field := r.fields[r.home[next]]
	for _, row := range field.rows {
		with := slices.Clone(atoms)
		for i, a := range field.atoms {
			with[a] = only(row[i])
		}
		if v := r.search(tries, with, want, before); v != never {
			return v
		}
	}
	return never
}

// cover finds few of before that keep want from being reached by themselves. They do together.
func (r *reasoner) cover(want *claim, before []*claim) []int {
	kept := make([]int, len(before))
	for i := range before {
		kept[i] = i
	}
	for i := len(kept) - 1; i >= 0; i-- {
		fewer := slices.Delete(slices.Clone(kept), i, i+1)
		if r.reaches(want, of(before, fewer)) == never {
			kept = fewer
		}
	}
	return kept
}

func of(all []*claim, which []int) (some []*claim) {
	for _, i := range which {
		some = append(some, all[i])
	}
	return some
}

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
	chosen []int  // of the case at hand, which row of each field; -1 where it does not matter
	blamed []bool // which of before ruled out some case
	left   int    // tries of the document
	real   bool   // only cases of which an example is known count
}

// The cases of a field are what its values make of its atoms: a row for all values that no atom tells apart.
type cases struct {
	name  string // of the field
	atoms []int
	rows  [][]Truth
	open  []possible // what each atom may be when nothing is known of the field
	says  []any      // an example for each row; nil where none is known
	worth []int      // of each example
}

// reaches tells whether a case exists in which want is true and none of before is; chosen is then that case.
func (r *reasoner) reaches(want *claim, before []*claim) verdict {
	tries := min(maxTries, r.left)
	all := tries
	for i := range r.chosen {
		r.chosen[i] = -1
	}
	r.blamed = slices.Grow(r.blamed[:0], len(before))[:len(before)]
	clear(r.blamed)
	v := r.search(&tries, want, before)
	r.left -= all - max(tries, 0)
	return v
}

func (r *reasoner) search(tries *int, want *claim, before []*claim) verdict {
	if *tries--; *tries < 0 {
		return undecided
	}
	wanted, next := want.under(r.atoms), -1
	if wanted&mayBeTrue == 0 {
		return never
	}
	if wanted != mayBeTrue {
		next = want.open(r.atoms)
	}
	for i, b := range before {
		switch p := b.under(r.atoms); {
		case p == mayBeTrue:
			r.blamed[i] = true
			return never
		case p&mayBeTrue != 0 && next < 0:
			next = b.open(r.atoms)
		}
	}
	if next < 0 {
		return can
	}
	return r.branch(r.home[next], tries, want, before)
}

// branch tries the cases of one field.
func (r *reasoner) branch(home int, tries *int, want *claim, before []*claim) verdict {
	field := &r.fields[home]
	found := never
	for n, row := range field.rows {
		if r.real && !field.real(n) {
			continue
		}
		for i, a := range field.atoms {
			r.atoms[a] = only(row[i])
		}
		r.chosen[home] = n
		if found = r.search(tries, want, before); found != never {
			break
		}
	}
	if found != can {
		r.chosen[home] = -1
	}
	for i, a := range field.atoms {
		r.atoms[a] = field.open[i]
	}
	return found
}

// real tells whether a row has an example that a customer's form sends.
func (f *cases) real(row int) bool { return f.says != nil && f.worth[row] > unsendable }

// cover finds few of before that keep want from being reached by themselves. They do together, and so do those that
// ruled out a case when it was last asked.
func (r *reasoner) cover(want *claim, before []*claim) []int {
	var kept []int
	for i, blamed := range r.blamed {
		if blamed {
			kept = append(kept, i)
		}
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

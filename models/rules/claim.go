package rules

// A possible is the set of truths that something may have, a bit for each.
type possible uint8

const (
	mayBeFalse   possible = 1 << False
	mayBeUnknown possible = 1 << Unknown
	mayBeTrue    possible = 1 << True
	mayBeAny              = mayBeFalse | mayBeUnknown | mayBeTrue
)

func only(t Truth) possible { return 1 << t }

// decided tells whether one truth is left.
func (p possible) decided() bool { return p&(p-1) == 0 }

// not swaps true and false.
func (p possible) not() possible {
	return p&mayBeUnknown | p&mayBeFalse<<True | p&mayBeTrue>>True
}

// A claim is a condition whose leaves are numbered atoms, so that it can be asked what it may be while only some atoms
// are known.
type claim struct {
	form  claimForm
	atom  int
	parts []*claim
}

type claimForm int8

const (
	isAtom claimForm = iota
	isNot
	isAll
	isAny
)

// under is what the claim may be when its atoms may be that. It may say more than there is, never less.
func (c *claim) under(atoms []possible) possible {
	switch c.form {
	case isAtom:
		return atoms[c.atom]
	case isNot:
		return c.parts[0].under(atoms).not()
	}
	least := mayBeTrue // of the parts, or of their opposites
	for _, p := range c.parts {
		may := p.under(atoms)
		if c.form == isAny {
			may = may.not()
		}
		if least = lesserOf[least&7][may&7]; least == mayBeFalse {
			break
		}
	}
	if c.form == isAny {
		return least.not()
	}
	return least
}

// lesserOf is lesser of all that two may be.
var lesserOf = func() (all [8][8]possible) {
	for a := range possible(8) {
		for b := range possible(8) {
			all[a][b] = lesser(a, b)
		}
	}
	return all
}()

// lesser is what the lesser of two may be.
func lesser(a, b possible) (p possible) {
	p = (a | b) & mayBeFalse
	if notFalse := mayBeUnknown | mayBeTrue; a&notFalse != 0 && b&notFalse != 0 {
		p |= (a | b) & mayBeUnknown
	}
	return p | a&b&mayBeTrue
}

// open finds an atom of the claim that is not decided; -1 when all are.
func (c *claim) open(atoms []possible) int {
	if c.form == isAtom {
		if atoms[c.atom].decided() {
			return -1
		}
		return c.atom
	}
	for _, p := range c.parts {
		if p.under(atoms).decided() {
			continue // its atoms change nothing
		}
		if atom := p.open(atoms); atom >= 0 {
			return atom
		}
	}
	return -1
}

package rules

import (
	"unicode"
	"unicode/utf8"
)

// fold is the smallest rune that differs from r by case only.
func fold(r rune) rune {
	if r < utf8.RuneSelf {
		if 'a' <= r && r <= 'z' {
			return r - 'a' + 'A'
		}
		return r
	}
	least := r
	for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
		least = min(least, f)
	}
	return least
}

// A needle is a text to be found whatever its case, prepared so that finding it is linear in the text
// searched and allocates nothing.
type needle struct {
	runes []rune
	jump  []int // by matched length: the longest proper prefix that is also its end
}

func newNeedle(s string) *needle {
	n := &needle{}
	for _, r := range s {
		n.runes = append(n.runes, fold(r))
	}
	n.jump = make([]int, len(n.runes)+1)
	for i, k := 1, 0; i < len(n.runes); i++ {
		for k > 0 && n.runes[i] != n.runes[k] {
			k = n.jump[k]
		}
		if n.runes[i] == n.runes[k] {
			k++
		}
		n.jump[i+1] = k
	}
	return n
}

func (n *needle) in(s string) bool {
	if len(n.runes) == 0 {
		return true
	}
	k := 0
	for _, r := range s {
		r = fold(r)
		for k > 0 && n.runes[k] != r {
			k = n.jump[k]
		}
		if n.runes[k] == r {
			if k++; k == len(n.runes) {
				return true
			}
		}
	}
	return false
}

func (n *needle) starts(s string) bool {
	i := 0
	for _, r := range s {
		if i == len(n.runes) {
			break
		}
		if fold(r) != n.runes[i] {
			return false
		}
		i++
	}
	return i == len(n.runes)
}

func (n *needle) ends(s string) bool {
	for i := len(n.runes) - 1; i >= 0; i-- {
		r, size := utf8.DecodeLastRuneInString(s)
		if size == 0 || fold(r) != n.runes[i] {
			return false
		}
		s = s[:len(s)-size]
	}
	return true
}

package graph

import (
	"cmp"
	"slices"
)

// sweeps is how often the columns are gone through; more does not help.
const sweeps = 24

// order sorts the columns from the top so that few lines cross: each vertex is drawn to the middle of those that it is
// tied to, from the left and from the right in turn, and the best that was seen is kept.
func (d *drawing) order() {
	for _, c := range d.columns {
		stack(c)
	}
	best, least := d.snapshot(), d.crossings()
	for n := 0; n < sweeps && least > 0; n++ {
		if n%2 == 0 {
			for _, c := range d.columns[1:] {
				sweep(c, func(v *vertex) []tie { return v.in })
			}
		} else {
			for _, c := range slices.Backward(d.columns[:len(d.columns)-1]) {
				sweep(c, func(v *vertex) []tie { return v.out })
			}
		}
		if c := d.crossings(); c < least {
			best, least = d.snapshot(), c
		}
	}
	d.columns = best
	for _, c := range d.columns {
		stack(c)
	}
}

// stack puts the vertices of a column below each other.
func stack(column []*vertex) {
	y := 0.0
	for i, v := range column {
		v.y, v.rank = y, i
		y += v.height + v.gap()
	}
}

func sweep(column []*vertex, ties func(*vertex) []tie) {
	for _, v := range column {
		v.wish = v.y
		if all := ties(v); len(all) > 0 {
			v.wish = 0
			for _, t := range all {
				v.wish += t.other.y + t.away - t.own
			}
			v.wish /= float64(len(all))
		}
	}
	slices.SortStableFunc(column, func(a, b *vertex) int { return cmp.Compare(a.wish, b.wish) })
	stack(column)
}

func (d *drawing) snapshot() [][]*vertex {
	out := make([][]*vertex, len(d.columns))
	for i, c := range d.columns {
		out[i] = slices.Clone(c)
	}
	return out
}

// crossings counts the lines that cross: in each gap, the pairs that leave in one order and arrive in the other.
func (d *drawing) crossings() int {
	total := 0
	for i, c := range d.columns[:len(d.columns)-1] {
		arrived := make([]int, len(d.columns[i+1])+1) // a Fenwick tree: how many arrived so far, by rank
		all := 0
		for _, v := range c {
			for _, t := range v.out {
				total += all - upTo(arrived, t.other.rank)
				add(arrived, t.other.rank)
				all++
			}
		}
	}
	return total
}

func add(tree []int, rank int) {
	for i := rank + 1; i < len(tree); i += i & -i {
		tree[i]++
	}
}

func upTo(tree []int, rank int) (n int) {
	for i := rank + 1; i > 0; i -= i & -i {
		n += tree[i]
	}
	return n
}

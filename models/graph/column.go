package graph

import "slices"

// setColumns gives each card the column behind all that lead to it (the longest path), last ones as late as they may.
func (d *drawing) setColumns() {
	d.sortCards()
	d.column = make([]int, len(d.cards))
	last := 0
	for _, i := range d.topo {
		for _, l := range d.forward(i) {
			d.column[l.To] = max(d.column[l.To], d.column[i]+1)
			last = max(last, d.column[l.To])
		}
	}
	for _, i := range slices.Backward(d.topo) {
		if !d.cards[i].Last {
			continue
		}
		d.column[i] = last
		for _, l := range d.forward(i) {
			d.column[i] = min(d.column[i], d.column[l.To]-1)
		}
	}
	d.columns = make([][]*vertex, last+1)
}

// forward are the links of a card that are not returns.
func (d *drawing) forward(i int) []line {
	var out []line
	for _, k := range d.from[i] {
		if !d.links[k].back {
			out = append(out, d.links[k])
		}
	}
	return out
}

// sortCards orders the cards that are reached so that each stands before those that it leads to.
func (d *drawing) sortCards() {
	seen := make([]bool, len(d.cards))
	var visit func(i int)
	visit = func(i int) {
		seen[i] = true
		for _, l := range slices.Backward(d.forward(i)) {
			if !seen[l.To] {
				visit(l.To)
			}
		}
		d.topo = append(d.topo, i)
	}
	visit(0)
	slices.Reverse(d.topo)
}

// A vertex takes room in a column: a card, or a place where the lines to a card pass.
type vertex struct {
	card     int // -1: lines pass
	height   float64
	y        float64
	rank     int // in its column
	wish     float64
	in, out  []tie
	to       int // of passing lines
	weight   int
	thin     bool
	position float64 // of the lines in it, from its top
}

// A tie joins vertices of neighbouring columns.
type tie struct {
	other     *vertex
	own, away float64 // where it is fixed, from the top of each
}

func (v *vertex) gap() float64 {
	if v.card < 0 {
		return gapLines
	}
	return gapCards
}

// makeVertices fills the columns with cards and with passing lines; all lines to one card pass a column in one place.
func (d *drawing) makeVertices() {
	d.at = make([]*vertex, len(d.cards))
	d.passing = make([][]*vertex, len(d.cards))
	for _, i := range d.topo {
		d.at[i] = &vertex{card: i, height: height(len(d.cards[i].Rows))}
		d.columns[d.column[i]] = append(d.columns[d.column[i]], d.at[i])
		d.passing[i] = make([]*vertex, len(d.columns))
	}
	for _, i := range d.topo {
		for _, l := range d.forward(i) {
			off := HeadHeight + RowHeight*(float64(l.row)+.5)
			knot(d.at[i], off, d.pass(l, d.column[i]+1))
		}
	}
}

// pass returns where a line goes in that column: its card, or the place where lines to it pass.
func (d *drawing) pass(l line, column int) *vertex {
	if column == d.column[l.To] {
		return d.at[l.To]
	}
	v := d.passing[l.To][column]
	if v == nil {
		v = &vertex{card: -1, to: l.To, height: 8, position: 4, thin: true}
		d.passing[l.To][column] = v
		d.columns[column] = append(d.columns[column], v)
		knot(v, v.position, d.pass(l, column+1))
	} else {
		d.pass(l, column+1)
	}
	v.weight += l.Weight
	v.thin = v.thin && l.Thin
	return v
}

func knot(a *vertex, off float64, b *vertex) {
	away := entry
	if b.card < 0 {
		away = b.position
	}
	a.out = append(a.out, tie{b, off, away})
	b.in = append(b.in, tie{a, away, off})
}

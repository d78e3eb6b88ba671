package graph

import (
	"cmp"
	"slices"
)

// A lane leads all returns to one card below what it passes: down right of each column that they come from, to the
// left, and up before the card.
type lane struct {
	to      int
	column  int   // of the card
	columns []int // that returns come from, the rightmost first
	weights []int // of the returns from each of them
	thin    []bool
}

func (l lane) right() int { return max(l.columns[0], l.column) }

// lanes are the lanes of all returns, short ones first: those lie nearest.
func (d *drawing) lanes() []lane {
	byCard := make([]*lane, len(d.cards))
	var all []*lane
	for _, l := range d.links {
		if !l.back {
			continue
		}
		if byCard[l.To] == nil {
			byCard[l.To] = &lane{to: l.To, column: d.column[l.To]}
			all = append(all, byCard[l.To])
		}
		byCard[l.To].join(l, d.column[l.from])
	}
	out := make([]lane, len(all))
	for i, l := range all {
		out[i] = *l
	}
	slices.SortStableFunc(out, func(a, b lane) int {
		return cmp.Or(cmp.Compare(a.right()-a.column, b.right()-b.column), cmp.Compare(a.column, b.column), cmp.Compare(a.to, b.to))
	})
	return out
}

func (l *lane) join(of line, column int) {
	i := 0
	for i < len(l.columns) && l.columns[i] > column {
		i++
	}
	if i == len(l.columns) || l.columns[i] != column {
		l.columns = slices.Insert(l.columns, i, column)
		l.weights = slices.Insert(l.weights, i, 0)
		l.thin = slices.Insert(l.thin, i, true)
	}
	l.weights[i] += of.Weight
	l.thin[i] = l.thin[i] && of.Thin
}

// below takes the room below all that the lane passes, and returns where it runs. floor is the bottom of each column.
func (l lane) below(floor []float64) float64 {
	passed := floor[min(l.column, l.columns[len(l.columns)-1]) : l.right()+1]
	y := slices.Max(passed) + laneStep
	for i := range passed {
		passed[i] = y
	}
	return y
}

// drawReturns draws the lines that lead back.
func (d *drawing) drawReturns() {
	floor := make([]float64, len(d.columns))
	for i, c := range d.columns {
		last := c[len(c)-1]
		floor[i] = last.y + last.height + corner
	}
	down, up := make([]int, len(d.columns)), make([]int, len(d.columns))
	for _, l := range d.lanes() {
		y := l.below(floor)
		xs := make([]float64, len(d.columns)) // where the lane goes down, by column
		for _, c := range l.columns {
			down[c]++
			xs[c] = d.right[c] + laneStep*float64(down[c])
		}
		up[l.column]++
		d.drawLane(l, xs, d.left[l.column]-tip-laneStep*float64(up[l.column]), y)
		d.out.Height = max(d.out.Height, y+padding)
	}
}

// drawLane draws the edges of a lane and what they have in common: it goes down at xs, left at y and up at upX.
func (d *drawing) drawLane(l lane, xs []float64, upX, y float64) {
	highest := make([]float64, len(d.columns))
	for _, k := range d.links {
		if !k.back || k.To != l.to {
			continue
		}
		box, c := d.out.Boxes[k.from], d.column[k.from]
		x, rowY := xs[c], box.RowY(k.row)
		if highest[c] == 0 || rowY < highest[c] {
			highest[c] = rowY
		}
		p := path{}.move(box.X+box.Width, rowY).across(x-corner).turn(x, rowY, x, rowY+corner)
		d.out.Edges = append(d.out.Edges, Edge{From: k.from, Row: k.row, To: k.To, Return: true, Weight: k.Weight, Thin: k.Thin, Path: string(p)})
	}
	box := d.out.Boxes[l.to]
	weight, thin := 0, true
	for i, c := range l.columns {
		weight, thin = weight+l.weights[i], thin && l.thin[i]
		x, left := xs[c], corner
		if i+1 == len(l.columns) && upX > x {
			left = -corner // to a card further right: what goes back there is odd, but is drawn
		}
		own := path{}.move(x, highest[c]+corner).down(y-corner).turn(x, y, x-left, y)
		d.out.Trunks = append(d.out.Trunks, Trunk{To: l.to, Return: true, Weight: l.weights[i], Thin: l.thin[i], Path: string(own)})
		p := path{}.move(x-left, y)
		if i+1 < len(l.columns) {
			p = p.across(xs[l.columns[i+1]] - corner)
		} else {
			top := box.Y + returns
			p = p.across(upX+left).turn(upX, y, upX, y-corner).down(top+corner).turn(upX, top, upX+corner, top).across(box.X - tip)
		}
		d.out.Trunks = append(d.out.Trunks, Trunk{To: l.to, Return: true, Weight: weight, Thin: thin, Path: string(p)})
	}
	d.out.Tips = append(d.out.Tips, Point{box.X, box.Y + returns})
}

package graph

import "math"

const (
	apartTitle = 40.0 // room for a title above the cards apart
	fewest     = 3    // cards apart in a row, however narrow the picture is
)

// putApart puts the cards that nothing leads to below the others, in rows.
func (d *drawing) putApart() {
	step := CardWidth + gapCards
	perRow := max(fewest, int(math.Floor((d.out.Width-2*padding+gapCards)/step)))
	x, y, tallest, n := padding, 0.0, 0.0, 0
	for i, c := range d.cards {
		if d.depth[i] >= 0 {
			continue
		}
		switch {
		case n == 0:
			d.out.ApartY = d.out.Height
			y = d.out.ApartY + apartTitle
		case n%perRow == 0:
			x, y, tallest = padding, y+tallest+gapCards, 0
		}
		h := height(len(c.Rows))
		d.out.Boxes[i] = Box{X: x, Y: y, Width: c.width(), Height: h, Apart: true}
		d.out.Order = append(d.out.Order, i)
		d.out.Width = max(d.out.Width, x+CardWidth+padding)
		x, tallest, n = x+step, max(tallest, h), n+1
		d.out.Height = max(d.out.Height, y+h+padding)
	}
}

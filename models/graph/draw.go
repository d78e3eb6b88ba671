package graph

import "strconv"

// place gives the cards that are reached their boxes. Gaps grow with the returns that go down and up in them.
func (d *drawing) place() {
	d.out.Boxes = make([]Box, len(d.cards))
	down, up := make([]int, len(d.columns)), make([]int, len(d.columns))
	for _, r := range d.lanes() {
		up[r.column]++
		for _, c := range r.columns {
			down[c]++
		}
	}
	x := padding + laneStep*float64(up[0])
	d.left, d.right = make([]float64, len(d.columns)), make([]float64, len(d.columns))
	for i, c := range d.columns {
		d.left[i] = x
		wide := 0.0
		for _, v := range c {
			if v.card >= 0 {
				wide = max(wide, d.cards[v.card].width())
			}
		}
		x += wide
		d.right[i] = x
		if i < len(d.columns)-1 {
			x += gapWidth + laneStep*float64(down[i]+up[i+1])
		} else {
			x += laneStep * float64(down[i])
		}
		for _, v := range c {
			d.out.Height = max(d.out.Height, v.y+v.height+padding)
			if v.card >= 0 {
				d.out.Boxes[v.card] = Box{X: d.left[i], Y: v.y, Width: d.cards[v.card].width(), Height: v.height, Column: i}
				d.out.Order = append(d.out.Order, v.card)
			}
		}
	}
	d.out.Width = x + padding
}

// drawForward draws the lines from left to right.
func (d *drawing) drawForward() {
	arrives := make([]bool, len(d.cards))
	for _, l := range d.links {
		if l.back {
			continue
		}
		box, next := d.out.Boxes[l.from], d.column[l.from]+1
		p := path{}.move(box.X+box.Width, box.RowY(l.row))
		x := d.right[d.column[l.from]]
		if box.X+box.Width < x { // others of the column are wider
			p = p.across(x)
		}
		v := d.at[l.To]
		if next < d.column[l.To] {
			v = d.passing[l.To][next]
		}
		d.out.Edges = append(d.out.Edges, Edge{From: l.from, Row: l.row, To: l.To, Weight: l.Weight, Thin: l.Thin, Path: d.curve(p, x, box.RowY(l.row), v, next)})
		arrives[l.To] = true
	}
	for i, c := range d.columns {
		for _, v := range c {
			if v.card >= 0 {
				if arrives[v.card] {
					d.out.Tips = append(d.out.Tips, Point{d.left[i], v.y + entry})
				}
				continue
			}
			y := v.y + v.position
			p := path{}.move(d.left[i], y).across(d.right[i])
			d.out.Trunks = append(d.out.Trunks, Trunk{To: v.to, Weight: v.weight, Thin: v.thin, Path: d.curve(p, d.right[i], y, v.out[0].other, i+1)})
		}
	}
}

// tip is how much before a card a line ends, where its arrow begins.
const tip = 7.0

// curve continues a path that has come to x, y to the left side of a vertex of the next column.
func (d *drawing) curve(p path, x, y float64, v *vertex, column int) string {
	toX, toY := d.left[column]-tip, v.y+entry
	if v.card < 0 {
		toX, toY = d.left[column], v.y+v.position
	}
	if y == toY {
		return string(p.across(toX))
	}
	bend := (toX - x) / 2
	return string(p.add('C', x+bend, y, toX-bend, toY, toX, toY))
}

// A path is the d of an SVG path in the making. What it was before must not be used again.
type path []byte

func (p path) move(x, y float64) path { return p.add('M', x, y) }
func (p path) across(x float64) path  { return p.add('H', x) }
func (p path) down(y float64) path    { return p.add('V', y) }

// turn goes round a corner at x, y to toX, toY.
func (p path) turn(x, y, toX, toY float64) path { return p.add('Q', x, y, toX, toY) }

func (p path) add(do byte, numbers ...float64) path {
	p = append(p, do)
	for i, n := range numbers {
		if i > 0 {
			p = append(p, ' ')
		}
		p = strconv.AppendFloat(p, float64(int(n*10+.5))/10, 'f', -1, 64)
	}
	return p
}

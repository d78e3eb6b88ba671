package graph

import "math"

// rounds is how often heights are evened out, and straight how much more a line wants to be straight than a card wants
// to lie in the middle.
const (
	rounds   = 60
	straight = 8
)

// settle moves the vertices of each column towards those that they are tied to, keeping order and gaps.
func (d *drawing) settle() {
	for n := range rounds {
		for i := range d.columns {
			c := d.columns[i]
			if n%2 == 1 {
				c = d.columns[len(d.columns)-1-i]
			}
			for _, v := range c {
				v.wish = v.y
				sum, weight := 0.0, 0.0
				for _, ties := range [][]tie{v.in, v.out} {
					for _, t := range ties {
						w, step := 1.0, t.away-t.own
						switch {
						case v.card < 0 && t.other.card < 0:
							w = straight
						case v.card >= 0 && t.other.card >= 0:
							step = eased(step)
						}
						sum += w * (t.other.y + step)
						weight += w
					}
				}
				if weight > 0 {
					v.wish = sum / weight
				}
			}
			fit(c)
		}
	}
	top := math.Inf(1)
	for _, c := range d.columns {
		for _, v := range c {
			top = min(top, v.y)
		}
	}
	for _, c := range d.columns {
		for _, v := range c {
			v.y = math.Round(v.y - top + padding)
		}
	}
}

// eased is a step from card to card: small ones are taken, so that lines are straight, of large ones little, or a chain
// of tall cards would be a long stair.
func eased(step float64) float64 {
	const small = 64
	if math.Abs(step) <= small {
		return step
	}
	return math.Copysign(small+(math.Abs(step)-small)/8, step)
}

// fit puts vertices as near to their wishes as order and gaps allow (isotonic regression: neighbours that would overlap
// move as one).
func fit(column []*vertex) {
	type block struct{ sum, n float64 }
	mean := func(b block) float64 { return b.sum / b.n }
	off := make([]float64, len(column))
	var blocks []block
	for i, v := range column {
		if i > 0 {
			off[i] = off[i-1] + column[i-1].height + column[i-1].gap()
		}
		blocks = append(blocks, block{v.wish - off[i], 1})
		for n := len(blocks); n > 1 && mean(blocks[n-2]) > mean(blocks[n-1]); n = len(blocks) {
			blocks = append(blocks[:n-2], block{blocks[n-2].sum + blocks[n-1].sum, blocks[n-2].n + blocks[n-1].n})
		}
	}
	i := 0
	for _, b := range blocks {
		for range int(b.n) {
			column[i].y = mean(b) + off[i]
			i++
		}
	}
}

package graph

// A drawing is a picture while it is made.
type drawing struct {
	cards   []Card
	links   []line
	from    [][]int // links by the card that they come from
	depth   []int   // least number of links from the start; -1: not reached
	column  []int
	topo    []int // cards that are reached, each before those that it leads to
	columns [][]*vertex
	at      []*vertex   // of each card
	passing [][]*vertex // by card and column: where lines to the card pass it; nil where none does
	left    []float64   // of each column
	right   []float64
	out     Layout
}

// A line is a link with the row that it comes from.
type line struct {
	Link
	from, row int
	back      bool // drawn as a return
}

func newDrawing(cards []Card) *drawing {
	d := &drawing{cards: cards, from: make([][]int, len(cards))}
	for i, c := range cards {
		for r, row := range c.Rows {
			for _, l := range row {
				if l.To < 0 || l.To >= len(cards) || l.To == i {
					continue
				}
				d.from[i] = append(d.from[i], len(d.links))
				d.links = append(d.links, line{Link: l, from: i, row: r, back: l.Back})
			}
		}
	}
	return d
}

// depths goes breadth first from the start: it says what is reached, and where a loop is entered. What is not reached
// has no links from here on.
func (d *drawing) depths() {
	d.depth = make([]int, len(d.cards))
	for i := range d.depth {
		d.depth[i] = -1
	}
	d.depth[0] = 0
	for todo := []int{0}; len(todo) > 0; todo = todo[1:] {
		i := todo[0]
		for _, k := range d.from[i] {
			if l := d.links[k]; !l.Back && d.depth[l.To] < 0 {
				d.depth[l.To] = d.depth[i] + 1
				todo = append(todo, l.To)
			}
		}
	}
	kept := d.links[:0]
	for _, l := range d.links {
		if d.depth[l.from] >= 0 && d.depth[l.To] >= 0 {
			kept = append(kept, l)
		}
	}
	d.links = kept
	d.from = make([][]int, len(d.cards))
	for k, l := range d.links {
		d.from[l.from] = append(d.from[l.from], k)
	}
}

// findReturns makes the links that lead to the card by which a loop is entered returns, until no loop is left.
func (d *drawing) findReturns() {
	for more := true; more; {
		more = false
		loop := d.loops()
		first := make([]int, len(d.cards)) // of each loop
		for i := range first {
			first[i] = -1
		}
		for i, c := range loop {
			if d.depth[i] >= 0 && (first[c] < 0 || d.depth[i] < d.depth[first[c]]) {
				first[c] = i
			}
		}
		for k, l := range d.links {
			if !l.back && loop[l.from] == loop[l.To] && first[loop[l.To]] == l.To {
				d.links[k].back, more = true, true
			}
		}
	}
}

// loops numbers the strongly connected components (Tarjan): cards with the same number are in a loop together.
func (d *drawing) loops() []int {
	n := len(d.cards)
	number, low, loop := make([]int, n), make([]int, n), make([]int, n)
	for i := range loop {
		loop[i] = -1
	}
	var stack []int
	seen, loops := 0, 0
	var visit func(i int)
	visit = func(i int) {
		seen++
		number[i], low[i] = seen, seen
		stack = append(stack, i)
		for _, k := range d.from[i] {
			switch l := d.links[k]; {
			case l.back:
			case number[l.To] == 0:
				visit(l.To)
				low[i] = min(low[i], low[l.To])
			case loop[l.To] < 0:
				low[i] = min(low[i], number[l.To])
			}
		}
		if low[i] < number[i] {
			return
		}
		for top := -1; top != i; {
			top = stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			loop[top] = loops
		}
		loops++
	}
	for i := range n {
		if number[i] == 0 {
			visit(i)
		}
	}
	return loop
}

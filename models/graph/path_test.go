package graph_test

import (
	"fmt"
	"strconv"
	"strings"

	"switchyard/models/graph"
)

// tellCrossed tells when a line runs through a card.
func tellCrossed(tell func(string, ...any), l graph.Layout, path, what string) {
	for _, p := range points(path) {
		if p.X < 0 || p.Y < 0 || p.X > l.Width || p.Y > l.Height {
			tell("%s leaves the picture at %v: %s", what, p, path)
			return
		}
		for i, b := range l.Boxes {
			if p.X > b.X+1 && p.X < b.X+b.Width-1 && p.Y > b.Y+1 && p.Y < b.Y+b.Height-1 {
				tell("%s runs through card %d at %v: %s", what, i, p, path)
				return
			}
		}
	}
}

// points are many places of a path, in order.
func points(path string) (all []graph.Point) {
	var at graph.Point
	line := func(to graph.Point) {
		for n := range 11 {
			f := float64(n) / 10
			all = append(all, graph.Point{X: at.X + f*(to.X-at.X), Y: at.Y + f*(to.Y-at.Y)})
		}
		at = to
	}
	for path != "" {
		end := strings.IndexAny(path[1:], "MHVCQ") + 1
		if end == 0 {
			end = len(path)
		}
		n := numbers(path[1:end])
		switch path[0] {
		case 'M':
			at = graph.Point{X: n[0], Y: n[1]}
		case 'H':
			line(graph.Point{X: n[0], Y: at.Y})
		case 'V':
			line(graph.Point{X: at.X, Y: n[0]})
		case 'Q': // the corner itself is farther out than the curve
			line(graph.Point{X: n[0], Y: n[1]})
			line(graph.Point{X: n[2], Y: n[3]})
		case 'C':
			from := at
			for k := range 11 {
				f := float64(k) / 10
				g := 1 - f
				mix := func(a, b, c, d float64) float64 { return g*g*g*a + 3*g*g*f*b + 3*g*f*f*c + f*f*f*d }
				all = append(all, graph.Point{X: mix(from.X, n[0], n[2], n[4]), Y: mix(from.Y, n[1], n[3], n[5])})
			}
			at = graph.Point{X: n[4], Y: n[5]}
		}
		path = path[end:]
	}
	return all
}

func numbers(text string) (all []float64) {
	for f := range strings.FieldsSeq(text) {
		n, err := strconv.ParseFloat(f, 64)
		if err != nil {
			panic(fmt.Sprintf("%q in a path: %v", f, err))
		}
		all = append(all, n)
	}
	return all
}

package graph_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"

	"switchyard/models/graph"
)

// to is a row that leads to one card.
func to(card int) graph.Row { return graph.Row{{To: card}} }

// random are up to 100 cards with up to 12 rows that lead anywhere, also to cards that are not there.
func random(r *rand.Rand) []graph.Card {
	cards := make([]graph.Card, 1+r.IntN(100))
	near := 1 + r.IntN(len(cards)) // how far rows lead: from chains to thickets
	for i := range cards {
		cards[i].Last, cards[i].Small = r.IntN(6) == 0, r.IntN(6) == 0
		for range r.IntN(1 + r.IntN(13)) {
			var row graph.Row
			for range 1 + r.IntN(12)/10 {
				row = append(row, graph.Link{To: i - near/2 + r.IntN(near+2), Back: r.IntN(12) == 0, Weight: r.IntN(9), Thin: r.IntN(9) == 0})
			}
			cards[i].Rows = append(cards[i].Rows, row)
		}
	}
	return cards
}

// faults says what is wrong with a picture of these cards.
func faults(cards []graph.Card, l graph.Layout) (found []string) {
	tell := func(format string, a ...any) { found = append(found, fmt.Sprintf(format, a...)) }
	if len(l.Boxes) != len(cards) || len(l.Order) != len(cards) {
		tell("%d boxes, %d in order; want %d", len(l.Boxes), len(l.Order), len(cards))
		return found
	}
	for i, a := range l.Boxes {
		if a.X < 0 || a.Y < 0 || a.X+a.Width > l.Width || a.Y+a.Height > l.Height {
			tell("card %d lies outside of the picture: %+v of %v by %v", i, a, l.Width, l.Height)
		}
		for j, b := range l.Boxes[:i] {
			if a.X < b.X+b.Width && b.X < a.X+a.Width && a.Y < b.Y+b.Height && b.Y < a.Y+a.Height {
				tell("cards %d and %d overlap: %+v, %+v", i, j, a, b)
			}
		}
	}
	drawn := map[[3]int]int{}
	for _, e := range l.Edges {
		drawn[[3]int{e.From, e.Row, e.To}]++
		tellCrossed(tell, l, e.Path, fmt.Sprintf("the edge of row %d of card %d to %d", e.Row, e.From, e.To))
	}
	for _, t := range l.Trunks {
		tellCrossed(tell, l, t.Path, fmt.Sprintf("a trunk to card %d", t.To))
	}
	for i, c := range cards {
		for r, row := range c.Rows {
			for _, k := range row {
				want := 0
				if k.To >= 0 && k.To < len(cards) && k.To != i && !l.Boxes[i].Apart && !l.Boxes[k.To].Apart {
					want = same(row, k.To)
				}
				if got := drawn[[3]int{i, r, k.To}]; got != want {
					tell("row %d of card %d has %d edges to %d; want %d", r, i, got, k.To, want)
				}
			}
		}
	}
	return found
}

func same(row graph.Row, card int) (n int) {
	for _, k := range row {
		if k.To == card {
			n++
		}
	}
	return n
}

func TestRandomPicturesHaveNoFault(t *testing.T) {
	for seed := range uint64(50) {
		cards := random(rand.New(rand.NewPCG(seed, 7)))
		l := graph.New(cards)
		for _, f := range faults(cards, l) {
			t.Errorf("seed %d, %d cards: %s", seed, len(cards), f)
		}
		if again := graph.New(cards); !reflect.DeepEqual(l, again) {
			t.Errorf("seed %d: the same cards gave another picture", seed)
		}
		if t.Failed() {
			return
		}
	}
}

func FuzzNew(f *testing.F) {
	for seed := range uint64(5) {
		f.Add(seed, seed*31)
	}
	f.Fuzz(func(t *testing.T, a, b uint64) {
		cards := random(rand.New(rand.NewPCG(a, b)))
		l := graph.New(cards)
		if found := faults(cards, l); len(found) > 0 {
			t.Errorf("seed %d, %d: %v", a, b, found)
		}
		if again := graph.New(cards); !reflect.DeepEqual(l, again) {
			t.Errorf("seed %d, %d: the same cards gave another picture", a, b)
		}
	})
}

func TestAChainReadsFromLeftToRight(t *testing.T) {
	l := graph.New([]graph.Card{{Rows: []graph.Row{to(1)}}, {Rows: []graph.Row{to(2)}}, {Last: true}})
	for i, b := range l.Boxes {
		if b.Column != i {
			t.Errorf("card %d stands in column %d", i, b.Column)
		}
	}
	if len(l.Edges) != 2 || len(l.Trunks) != 0 || len(l.Tips) != 2 {
		t.Errorf("%d edges, %d trunks, %d tips; want 2, 0, 2", len(l.Edges), len(l.Trunks), len(l.Tips))
	}
}

// TestALoopLeadsBackToWhereItWasEntered: 1 and 2 lead to each other, and the start leads to 1.
func TestALoopLeadsBackToWhereItWasEntered(t *testing.T) {
	l := graph.New([]graph.Card{{Rows: []graph.Row{to(1)}}, {Rows: []graph.Row{to(2), to(3)}}, {Rows: []graph.Row{to(1)}}, {Last: true}})
	for _, e := range l.Edges {
		if want := e.From == 2; e.Return != want {
			t.Errorf("the edge from %d to %d leads back: %v; want %v", e.From, e.To, e.Return, want)
		}
	}
	if l.Boxes[1].Column != 1 || l.Boxes[2].Column != 2 || l.Boxes[3].Column != 2 {
		t.Errorf("columns are %d, %d, %d; want 1, 2, 2", l.Boxes[1].Column, l.Boxes[2].Column, l.Boxes[3].Column)
	}
}

func TestLastCardsStandLast(t *testing.T) {
	l := graph.New([]graph.Card{
		{Rows: []graph.Row{to(1), to(2), to(4)}}, // start
		{Last: true},                             // completes by itself
		{Rows: []graph.Row{to(3)}},               //
		{Rows: []graph.Row{to(5)}},               //
		{Rows: []graph.Row{to(5)}, Last: true},   // finishes through 5
		{Last: true},
	})
	for card, want := range map[int]int{1: 3, 4: 2, 5: 3} {
		if got := l.Boxes[card].Column; got != want {
			t.Errorf("card %d stands in column %d; want %d", card, got, want)
		}
	}
}

func TestLinesToOneCardRunTogether(t *testing.T) {
	far := graph.Row{{To: 3, Weight: 4}}
	l := graph.New([]graph.Card{{Rows: []graph.Row{to(1), far}}, {Rows: []graph.Row{to(2), far}}, {Rows: []graph.Row{to(3)}}, {}})
	var weights []int
	for _, k := range l.Trunks {
		weights = append(weights, k.Weight)
	}
	if want := []int{4, 8}; !reflect.DeepEqual(weights, want) {
		t.Errorf("the line to the last card weighs %v on its way; want %v", weights, want)
	}
}

func TestWhatNothingLeadsToLiesApart(t *testing.T) {
	l := graph.New([]graph.Card{{Rows: []graph.Row{to(1)}}, {}, {Rows: []graph.Row{to(1), to(3)}}, {Rows: []graph.Row{to(2)}}})
	if l.Boxes[1].Apart || !l.Boxes[2].Apart || !l.Boxes[3].Apart {
		t.Errorf("apart are %v, %v, %v; want the last two", l.Boxes[1].Apart, l.Boxes[2].Apart, l.Boxes[3].Apart)
	}
	if l.ApartY <= l.Boxes[1].Y+l.Boxes[1].Height || l.Boxes[2].Y <= l.ApartY || l.Boxes[2].Y != l.Boxes[3].Y {
		t.Errorf("they lie at %v and %v below the title at %v; want one row below it", l.Boxes[2].Y, l.Boxes[3].Y, l.ApartY)
	}
}

func TestNoCardsAreAnEmptyPicture(t *testing.T) {
	if l := graph.New(nil); l.Width <= 0 || len(l.Boxes) != 0 || len(l.Edges) != 0 {
		t.Errorf("New(nil) = %+v", l)
	}
}

// BenchmarkNew lays out flows as people make them: rules lead a few screens on, some back.
func BenchmarkNew(b *testing.B) {
	for _, size := range []struct{ cards, rows int }{{12, 20}, {100, 8}, {100, 40}} {
		r := rand.New(rand.NewPCG(1, 2))
		cards := make([]graph.Card, size.cards)
		for i := range cards {
			for range size.rows {
				cards[i].Rows = append(cards[i].Rows, to(i-2+r.IntN(10)))
			}
		}
		b.Run(fmt.Sprintf("%dx%d", size.cards, size.rows), func(b *testing.B) {
			for b.Loop() {
				graph.New(cards)
			}
		})
	}
	b.Run("random", func(b *testing.B) {
		seed := uint64(0)
		for b.Loop() {
			graph.New(random(rand.New(rand.NewPCG(seed%50, 7))))
			seed++
		}
	})
}

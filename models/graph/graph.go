// Package graph lays out cards and what leads from their rows to other cards, as a picture that reads from left to right.
//
// It is pure: the same cards give the same picture. Lengths are in pixels.
package graph

// The measures of a card: a head, its rows and, below rows, a foot. Small ones are narrower.
const (
	CardWidth  = 212.0
	SmallWidth = 128.0
	HeadHeight = 50.0
	RowHeight  = 28.0
	FootHeight = 8.0
)

const (
	padding  = 20.0 // around the picture
	gapWidth = 56.0 // between two columns
	gapCards = 26.0 // between two cards of a column
	gapLines = 13.0 // between two lines that pass a column
	laneStep = 12.0 // between two lines that lead back
	entry    = 19.0 // where lines from the left arrive, from the top of a card
	returns  = 35.0 // where lines that lead back arrive
	corner   = 6.0  // radius
)

// A Card is a screen, or an end. The first card of a picture is its start.
type Card struct {
	Rows  []Row
	Last  bool // stands as far to the right as what follows it lets it
	Small bool // is narrower
}

func (c Card) width() float64 {
	if c.Small {
		return SmallWidth
	}
	return CardWidth
}

// A Row leads to other cards; most lead to one. A row that leads nowhere, or only to its own card, has no edge.
type Row []Link

// A Link leads from a row to a card.
type Link struct {
	To   int  // index of the card; others are left out
	Back bool // it leads to a card that was there before, and says nothing about the order of cards
	// Weight is summed up where lines to a card run together.
	Weight int
	Thin   bool // it is of another kind than the others
}

// A Box is where a card lies.
type Box struct {
	X, Y, Width, Height float64
	Column              int  // from 0; meaningless when Apart
	Apart               bool // nothing leads here from the start: it lies below the others, and its rows have no edges
}

// RowY is the middle of a row.
func (b Box) RowY(row int) float64 { return b.Y + HeadHeight + RowHeight*(float64(row)+.5) }

// An Edge is the line of one link, up to its card or to where it meets other lines to that card.
type Edge struct {
	From, Row, To int
	Return        bool // it leads back to where a loop began
	Weight        int
	Thin          bool
	Path          string // the d of an SVG path
}

// A Trunk is a piece that lines to one card have in common.
type Trunk struct {
	To     int
	Return bool
	Weight int  // of all lines in it
	Thin   bool // all lines in it are
	Path   string
}

// A Point is where the tip of an arrow lies. It points to the right.
type Point struct{ X, Y float64 }

// A Layout is a picture.
type Layout struct {
	Width, Height float64
	Boxes         []Box // one for each card
	Order         []int // the cards as one reads them: by columns, each from the top; then those apart
	Edges         []Edge
	Trunks        []Trunk
	Tips          []Point
	ApartY        float64 // top of the room for a title above the cards apart; 0 when there are none
}

// New lays out cards. Links to cards that are not there, and to the own card, have no edge.
func New(cards []Card) Layout {
	if len(cards) == 0 {
		return Layout{Width: 2 * padding, Height: 2 * padding, Boxes: []Box{}}
	}
	d := newDrawing(cards)
	d.depths()
	d.findReturns()
	d.setColumns()
	d.makeVertices()
	d.order()
	d.settle()
	d.place()
	d.drawForward()
	d.drawReturns()
	d.putApart()
	return d.out
}

// height of a card with so many rows.
func height(rows int) float64 {
	if rows == 0 {
		return HeadHeight
	}
	return HeadHeight + RowHeight*float64(rows) + FootHeight
}

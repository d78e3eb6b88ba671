package views

import (
	"context"
	"io"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"switchyard/models/graph"
	"switchyard/static"
)

// Sizes of the letters in a picture, as in graph.css.
const (
	nameSize = 13.5 * 1.1 // bold
	codeSize = 11.0
	rowSize  = 12.0
	chipSize = 10.5
)

// widestChip leaves room for some words before it.
const widestChip = 110

// signWidth is the room of the sign for staying.
const signWidth = 16.0

// A placedRow says where the parts of a row go.
type placedRow struct {
	x, y, width     float64
	text, room      float64 // of the label
	line            string  // y of all texts
	hits            float64 // right end of the number
	chip, chipWidth float64
	chipText        string
}

// placed shares the width of a row: number, sign of a problem, label, decisions, chip.
func (p picture) placed(card, r int) placedRow {
	b, row := p.layout.Boxes[card], p.cards[card].rows[r]
	at := placedRow{x: b.X + 6, y: b.RowY(r) - graph.RowHeight/2, width: b.Width - 12}
	at.line = decimal(at.y + 18)
	at.text = at.x + 8
	if row.number != "" {
		at.text += measure(row.number, rowSize) + 6
	}
	if row.severity != "" {
		at.text += 16
	}
	end := at.x + at.width - 8
	if row.chip != "" {
		at.chipText = cutTo(row.chip, chipSize, widestChip)
		at.chipWidth = measure(at.chipText, chipSize) + 12
		at.chip = at.x + at.width - 4 - at.chipWidth
		end = at.chip - 5
	}
	if row.stays {
		at.chipWidth = signWidth
		at.chip = at.x + at.width - 4 - at.chipWidth
		end = at.chip - 4
	}
	at.hits = end
	if row.hits > 0 {
		end -= measure(shortNumber(row.hits), codeSize) + 6
	}
	at.room = end - at.text
	return at
}

// codeRoom is how much of a card's second line its id may take.
func (c pictureCard) codeRoom(width float64) float64 {
	if c.fault == "" {
		return width - 24
	}
	return width - 16 - c.faultRoom()
}

// faultRoom is what the problems of a card take of its second line, with their sign.
func (c pictureCard) faultRoom() float64 { return measure(c.fault, codeSize)*1.2 + 32 }

// shortNumber is a number of at most four letters: 987, 1.2k, 45k, 3M.
func shortNumber(n int) string {
	for _, unit := range []struct {
		size int
		name string
	}{{1_000_000, "M"}, {1_000, "k"}} {
		if n >= unit.size*10 {
			return strconv.Itoa(n/unit.size) + unit.name
		}
		if n >= unit.size {
			return strconv.FormatFloat(float64(n*10/unit.size)/10, 'f', -1, 64) + unit.name
		}
	}
	return strconv.Itoa(n)
}

// signPath is a triangle with an exclamation mark.
func signPath(x, y float64) string {
	return "M" + decimal(x+6) + " " + decimal(y) + "l6 11h-12zM" + decimal(x+6) + " " + decimal(y+4) + "v3.2m0 1.4v.6"
}

// stayPath is an arrow that comes back to where it began, with its top left corner at x, y.
func stayPath(x, y float64) string {
	return "M" + decimal(x+3.2) + " " + decimal(y+4.6) + "a5.4 5.4 0 1 1 -.6 4.2m.2 -7.2v3.2h3.2"
}

// fileColours are the colours of graph.css in a file: plain ones, for programs that know no variables.
var fileColours = strings.NewReplacer(
	"var(--card)", "#ffffff", "var(--background)", "#f8fafa", "var(--foreground)", "#17211f", "var(--muted-foreground)", "#56625f",
	"var(--muted)", "#eef3f3", "var(--border)", "#d5dcdc", "var(--primary)", "#0f6b62", "var(--accent)", "#e3f1ef", "var(--ring)", "#0f6b62",
	"var(--line)", "#7b8a88", "var(--bad)", "#a3251c", "var(--bad-soft)", "#fdeae8", "var(--warn)", "#7a4b00", "var(--warn-soft)", "#fdf1da",
	"var(--font-sans)", "system-ui, 'Segoe UI', Roboto, 'Noto Sans', 'DejaVu Sans', sans-serif", "var(--font-mono)", "ui-monospace, Consolas, 'DejaVu Sans Mono', monospace",
)

// pictureStyle is graph.css within the file. It is ours: nothing of a flow or a person is in it.
func pictureStyle() templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, "<style>"+fileColours.Replace(static.Text("css/graph.css"))+"</style>")
		return err
	})
}

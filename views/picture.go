package views

import (
	"math"
	"strconv"

	"switchyard/models/graph"
	"switchyard/models/rules"
)

// A picture is all screens and rules of a page, laid out.
type picture struct {
	cards  []pictureCard
	layout graph.Layout
	rows   [][][]graph.Edge // the edges of each row of each card
	most   int              // decisions of the last 7 days on the busiest line
	alone  bool             // it is a file of its own: nothing to lead to
}

// A pictureCard is the opening, a screen, or an end.
type pictureCard struct {
	id       string
	title    string
	code     string // the screen's id where the title is another text; for an end what it means
	href     string // the rules of the screen; "" for an end
	severity rules.Severity
	fault    string // how many problems it has: "1 error"; "" for none
	rows     []pictureRow
	end      bool
	taken    bool // a try came by
}

// A pictureRow is one rule of a card, or what stands for several.
type pictureRow struct {
	number   string // of a rule
	label    string
	href     string
	leads    string         // where to, in words: "leads to Summary"
	chip     string         // what stands in the place of an edge: "off"
	stays    bool           // the customer stays on the screen: a sign stands in the place of an edge
	severity rules.Severity // of its worst problem; "" for none
	fault    string         // the problem in words
	hits     int            // decisions of the last 7 days
	off      bool
	phone    bool // decided by the phone, without asking
	back     bool
	taken    bool // a try went this way
	to       []graph.Link
}

// PictureURL is the picture of a flow's rules.
func PictureURL(slug string) string { return RulesURL(slug) + "/picture" }

// PictureFileURL is the picture as a file.
func PictureFileURL(slug string) string { return RulesURL(slug) + "/picture.svg" }

// pictureZooms are how large the picture can be shown; numbers are percents.
var pictureZooms = []struct{ value, label string }{{"fit", "Fit"}, {"100", "100 %"}, {"150", "150 %"}}

// fitting is the widest picture that is made to fit unasked: in a wider one rows would be too small to hit.
const fitting = 1560

// zoomOf is how large the picture is shown: what was asked for, else as large as one can use.
func (p picture) zoomOf(asked string) string {
	for _, z := range pictureZooms {
		if z.value == asked {
			return asked
		}
	}
	if p.layout.Width <= fitting {
		return "auto"
	}
	return "100"
}

// width of the picture in that zoom.
func (p picture) width(zoom string) string {
	percent, err := strconv.Atoi(zoom)
	if err != nil {
		percent = 100
	}
	return pixels(p.layout.Width * float64(percent) / 100)
}

func (p picture) viewBox() string {
	return "0 0 " + pixels(p.layout.Width) + " " + pixels(p.layout.Height)
}

// summary says in a sentence what the picture shows.
func (p picture) summary() string {
	screens, all, apart := 0, 0, 0
	for i, c := range p.cards {
		if c.end || i == 0 {
			continue
		}
		screens++
		if p.layout.Boxes[i].Apart {
			apart++
		}
	}
	for _, c := range p.cards {
		all += len(c.rows)
	}
	text := plural(screens, "screen", "screens") + " and where each of " + plural(all, "line", "lines") + " leads."
	if apart > 0 {
		text += " " + plural(apart, "screen is", "screens are") + " never reached."
	}
	return text + " The same follows as a list."
}

// thickness of a line that so many decisions went along.
func (p picture) thickness(hits int) string {
	if hits == 0 || p.most == 0 {
		return "1.5"
	}
	return decimal(1.5 + 3*math.Sqrt(float64(hits)/float64(p.most)))
}

func decimal(f float64) string { return strconv.FormatFloat(math.Round(f*10)/10, 'f', -1, 64) }

// tipPath is an arrow that points to the right.
func tipPath(t graph.Point) string {
	return "M" + decimal(t.X) + " " + decimal(t.Y) + "l-9 -4.5v9z"
}

// lineClass of an edge or of what several have in common.
func lineClass(back, thin bool) string {
	class := "graph-line"
	if back {
		class += " graph-return"
	}
	if thin {
		class += " graph-thin"
	}
	return class
}

// cardClass and rowClass say what a card or a row is, for its colours.
func (p picture) cardClass(i int) string {
	class := "graph-card"
	switch {
	case p.cards[i].end:
		class += " graph-end"
	case i == 0:
		class += " graph-start"
	}
	if p.layout.Boxes[i].Apart {
		class += " graph-apart"
	}
	return class + severityClass(p.cards[i].severity) + takenClass(p.cards[i].taken)
}

func rowClass(r pictureRow) string {
	class := "graph-row"
	if r.off {
		class += " graph-off"
	}
	if r.number == "" {
		class += " graph-fixed"
	}
	return class + severityClass(r.severity) + takenClass(r.taken)
}

func takenClass(taken bool) string {
	if taken {
		return " graph-taken"
	}
	return ""
}

func severityClass(s rules.Severity) string {
	switch s {
	case rules.Error:
		return " graph-error"
	case rules.Warning:
		return " graph-warning"
	}
	return ""
}

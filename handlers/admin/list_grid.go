package admin

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"switchyard/models/rules"
	"switchyard/views"
)

// readGrid reads the rows of one page as they were entered. Columns are those of the list that the form was made from.
func readGrid(v url.Values, base rules.List) views.ListGrid {
	page, _ := strconv.Atoi(v.Get("page"))
	g := views.ListGrid{Query: v.Get("q"), Page: max(page, 1)}
	place := make(map[string]int, len(base.Rows))
	for i, r := range base.Rows {
		place[r.ID] = i + 1
	}
	for i := 0; i < rowsShown && v.Has(numbered("was", i)); i++ {
		id := strings.ReplaceAll(v.Get(numbered("was", i)), "\r\n", "\n")
		var was rules.Row
		if place[id] > 0 {
			was = base.Rows[place[id]-1]
		}
		row := readGridRow(v, strconv.Itoa(i), base, was)
		row.Was, row.Place, row.Position = id, place[id], strings.TrimSpace(v.Get(numbered("pos", i)))
		g.Rows = append(g.Rows, row)
	}
	g.New = readGridRow(v, "new", base, rules.Row{})
	return g
}

// readGridRow reads a row that was another one before; the zero row for a new one.
func readGridRow(v url.Values, i string, base rules.List, was rules.Row) views.GridRow {
	cell := func(name, kept string) string { return typedOver(v.Get(name+"."+i), kept) }
	r := rules.Row{ID: cell("id", was.ID), Title: cell("title", was.Title), Description: cell("description", was.Description), Enabled: v.Get("enabled."+i) != "", Cells: make([]string, len(base.Columns))}
	for j := range base.Columns {
		r.Cells[j] = cell("c"+strconv.Itoa(j), was.Cell(j))
	}
	return views.GridRow{Row: r}
}

var lineEnds = strings.NewReplacer("\r", "", "\n", "")

// typedOver is what an input of one line says. Such inputs leave out the line ends of what is kept: as long as nobody typed
// over it, it stays what it was.
func typedOver(entered, kept string) string {
	if entered = strings.TrimSpace(entered); entered == strings.TrimSpace(lineEnds.Replace(kept)) {
		return kept
	}
	return entered
}

// applyGrid is the list after what was entered and pressed; anchor is the id of the row to look at afterwards. The rows
// of the result that have no id in base are new.
func applyGrid(base rules.List, g views.ListGrid, do string) (l rules.List, anchor string) {
	l = rules.List{Name: base.Name, Columns: base.Columns, Rows: slices.Clone(base.Rows)}
	act, n, _ := strings.Cut(do, ".")
	pressed, err := strconv.Atoi(n)
	if err != nil {
		pressed = -1
	}
	for i, row := range g.Rows {
		if row.Place == 0 || i == pressed && act == "remove" {
			continue
		}
		l.Rows[row.Place-1] = row.Row
	}
	if isNew(g.New.Row) {
		added := g.New.Row
		if added.ID == "" {
			added.ID = freeID(l, added.Title)
		}
		l.Rows, anchor = append(l.Rows, added), added.ID
	}
	moves := movesOf(g)
	if pressed >= 0 && pressed < len(g.Rows) && g.Rows[pressed].Place > 0 {
		row := g.Rows[pressed]
		anchor = row.Row.ID
		switch act {
		case "up":
			moves = append(moves, move{row.Place, max(row.Place-1, 1)})
		case "down":
			moves = append(moves, move{row.Place, row.Place + 1})
		case "remove":
			moves, anchor = append(moves, move{row.Place, 0}), ""
		}
	}
	l.Rows = movedRows(l.Rows, moves)
	return l, anchor
}

// isNew tells whether anything was entered in the line for a new row.
func isNew(r rules.Row) bool {
	return r.ID+r.Title+r.Description+strings.Join(r.Cells, "") != ""
}

// freeID makes an id of a title.
func freeID(l rules.List, title string) string {
	words := strings.FieldsFunc(strings.ToLower(title), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	id := strings.Join(words, "_")
	if id == "" {
		return ""
	}
	taken := func(id string) bool { return slices.ContainsFunc(l.Rows, func(r rules.Row) bool { return r.ID == id }) }
	free := id
	for n := 2; taken(free); n++ {
		free = id + "_" + strconv.Itoa(n)
	}
	return free
}

// A move takes the row at one place, from 1, to another; 0 takes it away.
type move struct{ from, to int }

// movesOf are the rows whose position was typed over.
func movesOf(g views.ListGrid) []move {
	var moves []move
	for _, r := range g.Rows {
		if to, err := strconv.Atoi(r.Position); err == nil && r.Place > 0 && to != r.Place {
			moves = append(moves, move{r.Place, max(to, 1)})
		}
	}
	return moves
}

// movedRows gives rows their new places: those that move are taken out, then put in from the first place to the last.
func movedRows(rows []rules.Row, moves []move) []rules.Row {
	going := map[int]bool{}
	for _, m := range moves {
		going[m.from] = true
	}
	var out []rules.Row
	for i, r := range rows {
		if !going[i+1] {
			out = append(out, r)
		}
	}
	last := map[int]move{} // a row that is pressed and typed over moves as pressed
	for _, m := range moves {
		last[m.from] = m
	}
	order := make([]move, 0, len(last))
	for _, m := range last {
		if m.to > 0 {
			order = append(order, m)
		}
	}
	slices.SortFunc(order, func(a, b move) int {
		if a.to != b.to {
			return a.to - b.to
		}
		return a.from - b.from
	})
	for _, m := range order {
		out = slices.Insert(out, min(m.to-1, len(out)), rows[m.from-1])
	}
	return out
}

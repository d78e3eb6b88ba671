package views

import (
	"slices"
	"strconv"

	"switchyard/models/graph"
	"switchyard/models/rules"
)

// Rows that a card has at most, and when there are many in all. More rules than that are one row together.
const (
	mostRows   = 14
	manyRows   = 600
	fewestRows = 6
)

// The ends of a flow, as cards. No screen has such an id.
const (
	finishCard = "\x00finish"
	expireCard = "\x00expire"
)

// newPicture lays out what the page shows. base is the address of the page with the rules, "" when it is this one.
func newPicture(p RulesPage, base string) picture {
	m := newPictureMaker(p, base)
	for _, s := range p.places() {
		m.add(s)
	}
	m.join()
	out := picture{cards: m.cards}
	cards := make([]graph.Card, len(m.cards))
	for i, c := range m.cards {
		cards[i].Last, cards[i].Small = c.end || m.last[c.id], c.end
		for _, r := range c.rows {
			cards[i].Rows = append(cards[i].Rows, r.to)
		}
	}
	out.layout = graph.New(cards)
	out.fill()
	return out
}

// fill finds the edges of each row, and says by a chip where rows lead that have none.
func (p *picture) fill() {
	p.rows = make([][][]graph.Edge, len(p.cards))
	for i, c := range p.cards {
		p.rows[i] = make([][]graph.Edge, len(c.rows))
	}
	for _, e := range p.layout.Edges {
		p.rows[e.From][e.Row] = append(p.rows[e.From][e.Row], e)
		p.most = max(p.most, e.Weight)
	}
	for _, t := range p.layout.Trunks {
		p.most = max(p.most, t.Weight)
	}
	for i, c := range p.cards {
		for r := range c.rows {
			row := &c.rows[r]
			if len(p.rows[i][r]) > 0 || row.chip != "" || row.stays {
				continue
			}
			switch len(row.to) {
			case 0:
				row.stays = true
			case 1:
				row.chip = "→ " + p.cards[row.to[0].To].title
			default:
				row.chip = "→ " + strconv.Itoa(len(row.to)) + " screens"
			}
		}
	}
}

// A pictureMaker gathers the cards of a picture.
type pictureMaker struct {
	page     RulesPage
	base     string
	limit    int // rows of a card
	cards    []pictureCard
	index    map[string]int // of cards, by id
	goes     []pending
	last     map[string]bool
	problems map[string][]rules.Problem // by placeKey
	byPlace  map[string][]rules.Problem
}

// A pending row waits for the cards that it leads to.
type pending struct {
	card, row int
	targets   []target
}

// A target is where a row leads, by id.
type target struct {
	id         string
	hits       int
	back, thin bool
}

func newPictureMaker(p RulesPage, base string) *pictureMaker {
	m := &pictureMaker{page: p, base: base, limit: mostRows, index: map[string]int{}, last: map[string]bool{}, problems: map[string][]rules.Problem{}, byPlace: map[string][]rules.Problem{}}
	total := 0
	for _, s := range p.Doc.Screens {
		total += len(s.Rules)
	}
	if total > manyRows {
		m.limit = fewestRows
	}
	for _, x := range p.Problems {
		key := problemKey(x)
		m.problems[key] = append(m.problems[key], x)
		m.byPlace[x.Screen] = append(m.byPlace[x.Screen], x)
	}
	return m
}

// join ties the rows to the cards that they lead to, with a card for each end that is used.
func (m *pictureMaker) join() {
	for _, id := range []string{finishCard, expireCard} {
		if m.leadsTo(id) {
			m.index[id] = len(m.cards)
			end := endCard(id)
			end.taken = m.page.Way[id]
			m.cards = append(m.cards, end)
		}
	}
	for _, g := range m.goes {
		row, unknown := &m.cards[g.card].rows[g.row], ""
		for _, t := range g.targets {
			to, ok := m.index[t.id]
			if !ok {
				unknown = t.id
				continue
			}
			i := slices.IndexFunc(row.to, func(l graph.Link) bool { return l.To == to })
			if i < 0 {
				i = len(row.to)
				row.to = append(row.to, graph.Link{To: to, Back: t.back, Thin: t.thin})
			}
			row.to[i].Weight += t.hits
		}
		if len(row.to) == 0 {
			row.chip = "→ " + unknown + "?"
		}
	}
}

func (m *pictureMaker) leadsTo(id string) bool {
	return slices.ContainsFunc(m.goes, func(g pending) bool {
		return slices.ContainsFunc(g.targets, func(t target) bool { return t.id == id })
	})
}

func endCard(id string) pictureCard {
	if id == finishCard {
		return pictureCard{id: id, title: "Finish", code: "the response", end: true}
	}
	return pictureCard{id: id, title: "End of link", code: "with a text", end: true}
}

package views

import (
	"strconv"
	"strings"

	"switchyard/models/flowjson"
	"switchyard/models/rules"
)

// add makes the card of a place with a row for each rule, for what happens otherwise, and for what the phone does.
func (m *pictureMaker) add(s place) {
	if _, twice := m.index[s.id]; twice {
		return
	}
	c := pictureCard{id: s.id, title: s.title, href: m.base + "#screen-" + s.key()}
	c.taken = m.took(c.href)
	switch {
	case s.id == openingPlace:
		c.code = "when the form opens"
	case s.screen == nil:
		c.code = "not in the Flow JSON"
	case s.title != s.id:
		c.code = s.id
	}
	at := len(m.cards)
	m.index[s.id] = at
	m.cards = append(m.cards, c)
	if s.screen != nil && s.screen.Terminal {
		m.last[s.id] = true
	}
	if s.asks || s.rules != nil {
		m.addRules(at, s)
	}
	if s.screen != nil {
		m.addPhone(at, s.screen)
	}
	m.cards[at].severity, m.cards[at].fault = m.countProblems(s)
}

func (m *pictureMaker) addRules(at int, s place) {
	shown := 0
	if s.rules != nil {
		shown = len(s.rules.Rules)
		if shown > m.limit {
			shown = m.limit - 2
		}
		for i, r := range s.rules.Rules[:shown] {
			m.addRule(at, s, r, i)
		}
		if rest := s.rules.Rules[shown:]; len(rest) > 0 {
			m.addRest(at, s, rest)
		}
	}
	m.addOtherwise(at, s)
	if s.rules != nil && s.rules.Back != nil {
		row := pictureRow{label: "Back", href: m.base + "#back-" + s.id, back: true, hits: m.page.FixedHits.Back[s.id]}
		m.addOutcome(at, row, s, *s.rules.Back, placeKey(s.id, "", "back"))
	}
}

func (m *pictureMaker) addRule(at int, s place, r rules.Rule, i int) {
	row := pictureRow{number: strconv.Itoa(i + 1), label: r.Name, href: m.base + "#rule-" + r.ID, hits: m.page.Hits[r.ID], off: r.Off}
	if row.label == "" {
		row.label = rules.Sentence(r.When, s.id, m.page.JSON)
	}
	m.addOutcome(at, row, s, r.Then, placeKey(s.id, r.ID, ""))
}

func (m *pictureMaker) addOtherwise(at int, s place) {
	row := pictureRow{label: otherwiseLead(s), href: m.base + "#otherwise-" + s.id, hits: m.page.FixedHits.Otherwise[s.id]}
	var o rules.Outcome
	if s.rules != nil && s.rules.Otherwise != nil {
		o = *s.rules.Otherwise
	}
	m.addOutcome(at, row, s, o, placeKey(s.id, "", "otherwise"))
}

// addOutcome adds the row with an edge to where the outcome leads, or a chip.
func (m *pictureMaker) addOutcome(at int, row pictureRow, s place, o rules.Outcome, problems string) {
	row.severity, row.fault = worst(m.problems[problems])
	t := target{hits: row.hits, back: row.back}
	row.leads = rules.OutcomeSentence(o, m.page.JSON)
	switch {
	case row.off:
		row.chip = "off"
	case o.Go == s.id && o.Go != "", o.Stay != nil:
		row.stays = true
	case o.Go != "":
		t.id = o.Go
	case o.Finish != nil:
		t.id = finishCard
	case o.Expire != nil:
		t.id = expireCard
	default:
		row.chip = "undecided"
	}
	m.addRow(at, row, t)
}

func (m *pictureMaker) addRow(at int, row pictureRow, targets ...target) {
	c := &m.cards[at]
	row.taken = row.taken || !row.phone && m.took(row.href)
	c.rows = append(c.rows, row)
	if row.chip == "" && !row.stays {
		m.goes = append(m.goes, pending{at, len(c.rows) - 1, targets})
	}
}

// took tells whether a try went that way.
func (m *pictureMaker) took(href string) bool {
	return m.page.Way[strings.TrimPrefix(href, m.base)]
}

// addRest adds one row for all further rules of a place; it leads wherever they do.
func (m *pictureMaker) addRest(at int, s place, rest []rules.Rule) {
	row := pictureRow{label: "+ " + plural(len(rest), "rule", "rules"), href: m.base + "#rule-" + rest[0].ID}
	var targets []target
	var faults []rules.Problem
	for _, r := range rest {
		row.hits += m.page.Hits[r.ID]
		row.taken = row.taken || m.took("#rule-"+r.ID)
		faults = append(faults, m.problems[placeKey(s.id, r.ID, "")]...)
		if id := r.Then.Go; !r.Off && id != s.id && (id != "" || r.Then.Stay == nil) {
			switch {
			case r.Then.Finish != nil:
				id = finishCard
			case r.Then.Expire != nil:
				id = expireCard
			case id == "":
				continue
			}
			targets = append(targets, target{id: id, hits: m.page.Hits[r.ID]})
		}
	}
	if len(targets) == 0 {
		row.stays = true
	}
	row.leads = "see the list of rules"
	row.severity, row.fault = worst(faults)
	m.addRow(at, row, targets...)
}

// addPhone adds rows for what the phone does on a screen without asking: going on and completing.
func (m *pictureMaker) addPhone(at int, s *flowjson.Screen) {
	seen := map[string]bool{}
	for _, p := range s.Payloads {
		t := target{id: p.Next, thin: true}
		row := pictureRow{label: p.Label, href: m.cards[at].href, phone: true}
		switch p.Action {
		case "navigate":
			row.leads = "go to " + titleOf(m.page.JSON, p.Next)
		case "complete":
			t.id, row.leads = finishCard, "finish"
		default:
			continue
		}
		if seen[t.id] || t.id == "" {
			continue
		}
		seen[t.id] = true
		if strings.TrimSpace(row.label) == "" {
			row.label = "Continue"
		}
		if t.id == s.ID {
			row.stays = true
		}
		m.addRow(at, row, t)
	}
}

func titleOf(flow *flowjson.Flow, id string) string {
	if flow != nil {
		if s := flow.Screen(id); s != nil {
			return screenTitle(s)
		}
	}
	return id
}

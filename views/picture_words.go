package views

import (
	"slices"
	"strings"
)

// name is what a card says of itself, to point at or to hear.
func (c pictureCard) name() string {
	if c.end {
		return c.title
	}
	text := "Rules of " + c.title
	if c.fault != "" {
		text += ": " + c.fault
	}
	return text
}

// title is a row's number and label.
func (r pictureRow) title() string {
	if r.number == "" {
		return r.label
	}
	return r.number + ". " + r.label
}

// target is where a row leads, in words.
func (r pictureRow) target() string {
	switch {
	case r.off:
		return "switched off (" + r.leads + ")"
	case r.phone:
		return r.leads + ", on the phone without asking"
	}
	return r.leads
}

// words is all that a row says.
func (r pictureRow) words() string {
	text := r.title() + ": " + r.target()
	if r.hits > 0 {
		text += ". " + plural(r.hits, "decision", "decisions") + " in the last 7 days"
	}
	if r.severity != "" {
		text += ". " + StatusWord(string(r.severity)) + ": " + r.fault
	}
	return strings.TrimSpace(text)
}

// A legendLine is a kind of line with its meaning.
type legendLine struct{ class, text string }

// legend is the kinds of lines that the picture has.
func (p picture) legend() []legendLine {
	var plain, back, thin bool
	for _, e := range p.layout.Edges {
		plain = plain || !e.Return && !e.Thin
		back = back || e.Return
		thin = thin || e.Thin
	}
	var all []legendLine
	for _, l := range []struct {
		has  bool
		line legendLine
	}{
		{plain, legendLine{lineClass(false, false), "leads to the next screen"}},
		{back, legendLine{lineClass(true, false), "leads back"}},
		{thin, legendLine{lineClass(false, true), "on the phone, without asking"}},
	} {
		if l.has {
			all = append(all, l.line)
		}
	}
	return all
}

// anyTaken tells whether a try went through the picture.
func (p picture) anyTaken() bool {
	return slices.ContainsFunc(p.cards, func(c pictureCard) bool { return c.taken })
}

func (p picture) anyStays() bool {
	return slices.ContainsFunc(p.cards, func(c pictureCard) bool {
		return slices.ContainsFunc(c.rows, func(r pictureRow) bool { return r.stays })
	})
}

package views

import (
	"cmp"
	"slices"
	"strings"

	"switchyard/models"
)

// Story is all that happened with a response, in its order: the message that it answers, each screen, its arrival, and what
// people did with it since.
func (p ResponsePage) Story() []Moment {
	all := slices.Concat(p.Sent, p.Steps)
	all = append(all, Moment{At: p.Response.ReceivedAt.Time, State: "complete", Title: "Completed", Text: "The response arrived here."})
	if p.Response.State == models.Unreadable {
		all[len(all)-1] = Moment{At: p.Response.ReceivedAt.Time, State: "unreadable", Title: "Arrived, and could not be read"}
	}
	for _, a := range p.Acts {
		all = append(all, p.actMoment(a))
	}
	for _, n := range p.Notes {
		m := Moment{At: n.At.Time, State: "note", Title: "Note by " + n.Name, Text: shorten(p.noteText(n), maxStoryNote)}
		if !n.RemovedAt.IsZero() {
			m = Moment{At: n.At.Time, State: "off", Title: "Note by " + n.Name + ", removed"}
		}
		all = append(all, m)
	}
	for _, r := range p.Reveals {
		all = append(all, revealMoment(r, p.Can))
	}
	if n := len(p.Looks); n > 0 {
		first := slices.MinFunc(p.Looks, func(a, b models.Look) int { return a.First.Compare(b.First.Time) })
		all = append(all, Moment{At: first.First.Time, State: "read", Title: "First opened by " + first.Name})
	}
	slices.SortStableFunc(all, func(a, b Moment) int { return cmp.Compare(a.At.UnixMicro(), b.At.UnixMicro()) })
	return all
}

// maxStoryNote is how much of a note the timeline repeats, in bytes.
const maxStoryNote = 160

func (p ResponsePage) actMoment(a models.TriageAct) Moment {
	said := []string{"by " + a.Name}
	if a.Bulk {
		said[0] += ", with others"
	}
	if was := p.Follow.wasWords(a); was != "" {
		said = append(said, was)
	}
	m := Moment{At: a.At.Time, State: "info", Title: p.Follow.TriageWords(a)}
	switch {
	case a.What == models.SetStatus:
		m.State = p.Follow.statusState(a.Value)
	case a.What == models.SetAssignee:
		m.State = "acknowledged"
	}
	if a.UndoneBy != "" {
		m.State = "off"
		said = append(said, "Undone by "+a.UndoneBy+".")
	}
	m.Text = upperFirst(strings.Join(said, ". "))
	return m
}

// noteText is a note as the role may see it: people write numbers into notes.
func (p ResponsePage) noteText(n models.Note) string {
	if p.Can.Support {
		return n.Text
	}
	return MaskNumbers(MaskTokenIn(MaskIn(n.Text, p.Response.Contact.Phone), p.Response.Token))
}

// A notePart is a piece of a note, which may name somebody.
type notePart struct {
	Text  string
	Named bool
}

// noteParts takes apart what names people: their names stand out.
func noteParts(text string, people []models.User) (parts []notePart) {
	named := models.Mentioned(text, people)
	for text != "" {
		at, size := len(text), 0
		for _, u := range named {
			local, _, _ := strings.Cut(u.Email, "@")
			for _, name := range []string{u.Name, local} {
				if name == "" {
					continue
				}
				i := indexFold(text, "@"+name)
				if i >= 0 && (i < at || i == at && len(name)+1 > size) {
					at, size = i, len(name)+1
				}
			}
		}
		if at > 0 {
			parts = append(parts, notePart{text[:at], false})
		}
		if size > 0 {
			parts = append(parts, notePart{text[at : at+size], true})
		}
		text = text[at+size:]
	}
	return parts
}

// indexFold is strings.Index without case, of texts whose lower case is as long.
func indexFold(text, part string) int {
	for i := 0; i+len(part) <= len(text); i++ {
		if strings.EqualFold(text[i:i+len(part)], part) {
			return i
		}
	}
	return -1
}

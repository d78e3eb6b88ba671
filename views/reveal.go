package views

import (
	"strings"

	"switchyard/models"
)

// A RevealForm is where somebody says why they see hidden answers.
type RevealForm struct {
	Reason string // as it was typed
	Error  string // why it was refused
}

// revealMoment tells of one who saw hidden answers; only who may see them is told why.
func revealMoment(r models.Reveal, can Can) Moment {
	m := Moment{At: r.At.Time, State: "warn", Title: "Hidden answers shown to " + r.Name}
	if can.Support {
		m.Text = "Why: " + r.Reason
	}
	return m
}

// revealURL is where hidden answers of a page are shown; the list that it was opened from stays in the address.
func revealURL(page string) string {
	path, query, _ := strings.Cut(page, "?")
	if query != "" {
		query = "?" + query
	}
	return path + "/reveal" + query
}

func revealMoments(all []models.Reveal, can Can) []Moment {
	moments := make([]Moment, len(all))
	for i, r := range all {
		moments[i] = revealMoment(r, can)
	}
	return moments
}

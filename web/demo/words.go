package demo

import (
	"math/rand/v2"
	"strings"
)

// answersOf is what a customer of the flow survey sends; it has no endpoint.
func answersOf(r *rand.Rand) map[string]any {
	score := weighted(r, 5, func(i int) int { return []int{5, 8, 17, 35, 35}[i] })
	a := map[string]any{"score": []string{"1", "2", "3", "4", "5"}[score]}
	switch {
	case chance(r, 35): // nothing to say
	case chance(r, 12):
		a["comment"] = longComment(r)
	case score < 2:
		a["comment"] = pick(r, complaints)
	default:
		a["comment"] = pick(r, praise)
	}
	return a
}

// longComment is a long comment, with line breaks.
func longComment(r *rand.Rand) string {
	var b strings.Builder
	for i := range 4 + r.IntN(8) {
		if i > 0 {
			b.WriteString(pick(r, []string{" ", " ", "\n\n"}))
		}
		b.WriteString(pick(r, pick(r, [][]string{praise, complaints, sentences})))
	}
	return b.String()
}

// note is what somebody adds to a booking.
func note(r *rand.Rand) string {
	if chance(r, 8) {
		return longComment(r)
	}
	return pick(r, notes)
}

var praise = []string{
	"Quick and friendly, thank you!", "Everything was explained well.", "Tudo ótimo, recomendo!", "Très bien, merci beaucoup 🙏",
	"Sehr freundlich, gerne wieder.", "Muy buena atención.", "Booked in two minutes from the bus.", "The reminder the day before was helpful.",
	"Atendimento rápido e sem fila.", "So much better than calling.", "Personnel à l’écoute.", "Super, danke!", "👍👍", "Väldigt smidigt!", "Dr. Conceição was wonderful.",
}

var complaints = []string{
	"Waited 40 minutes although I had an appointment.", "The form asked for my e-mail twice.", "Niemand konnte mir sagen, wie lange es dauert.",
	"Trop d’attente, salle bondée.", "O estacionamento é muito caro.", "I could not choose an afternoon slot.", "Nobody called me back.",
	"The photo upload failed three times on my phone.", "Price was higher than what the form said: 40 → 55 €.", "No ramp for wheelchairs at the side entrance.",
}

var sentences = []string{
	"I came on Tuesday with my mother, who is 83 and does not walk well.", "At the desk they were kind, but the screen with the numbers was off.",
	"The second visit was much better than the first one in spring.", "Perhaps you could add a field for people who come with an interpreter.",
	"On the whole I would come again.", "Mon fils a été bien pris en charge.", "Als ich anrief, war immer besetzt; hier ging es sofort.",
	"I filled in the form late at night & got the answer at 8:05 — impressive.", "Please keep the paper forms for those without a phone <3",
}

var notes = []string{
	"After work, please: late is fine.", "I am allergic to penicillin.", "First visit.", "I come with a small child.", "Prefiro atendimento em português.",
	"Please call before, I am at work until 15:00.", "Rollstuhl, bitte Erdgeschoss.", "Je viens avec un interprète (LSF).", "Same doctor as last time if possible.",
	"The pain started two days ago, worse at night.", "Overdue check-up.", "Referral from Dr. Hughes, number 20418.", "Can I bring my old X-rays on a USB stick?",
	"Tenho medo de agulhas 😅", "Second opinion.",
}

const letters = "abcdefghijkmnpqrstuvwxyz23456789"

// randomText is so many letters and digits of the seed.
func randomText(r *rand.Rand, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = letters[r.IntN(len(letters))]
	}
	return string(b)
}

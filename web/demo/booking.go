package demo

import (
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"switchyard/models/rules"
)

// A booking is a customer of the flow appointment.
type booking struct {
	rand     *rand.Rand
	who      contact
	now      time.Time
	patience int

	department, date, time string
	picked                 bool
	forgetsTime, minor     bool
	mistypes, changesMind  bool
	symptoms               []any
	notes                  string
}

func newBooking(r *rand.Rand, who contact, now time.Time) habit {
	b := &booking{rand: r, who: who, now: now, patience: patience(r, 22)}
	b.department = pick(r, []string{"dental", "dental", "dental", "cardiology", "cardiology", "other"})
	b.date, b.time = workday(r, now), pick(r, []string{"10:30", "15:00"})
	b.forgetsTime, b.minor = chance(r, 12), chance(r, 7)
	b.mistypes, b.changesMind = chance(r, 6), chance(r, 8)
	b.symptoms = symptoms(r)
	if chance(r, 45) {
		b.notes = note(r)
	}
	return b
}

func symptoms(r *rand.Rand) []any {
	chosen := []any{}
	for _, s := range []struct {
		id      string
		percent int
	}{{"0_pain", 45}, {"1_bleeding", 9}, {"2_swelling", 22}} {
		if chance(r, s.percent) {
			chosen = append(chosen, s.id)
		}
	}
	return chosen
}

func (b *booking) next(v view) move {
	if b.patience--; b.patience < 0 {
		return move{}
	}
	switch v.screen {
	case "APPOINTMENT":
		return b.choose()
	case "DETAILS":
		return b.describe(v)
	case "WAITLIST":
		return move{complete: map[string]any{"outcome": "waitlist", "phone": "+" + b.who.phone}}
	case "SUMMARY":
		return exchange(map[string]any{"confirmed": true})
	}
	return move{}
}

// choose picks a date first, which shows its times.
func (b *booking) choose() move {
	if !b.picked {
		b.picked = true
		return exchange(map[string]any{"trigger": "date_selected", "department": b.department, "date": b.date})
	}
	chosen := b.time
	if b.forgetsTime {
		b.forgetsTime, chosen = false, ""
	}
	return exchange(map[string]any{"department": b.department, "date": b.date, "time": chosen})
}

func (b *booking) describe(v view) move {
	if b.changesMind {
		b.changesMind, b.picked = false, false
		b.date = workday(b.rand, b.now)
		return move{action: rules.Back, data: map[string]any{}}
	}
	age, email := b.who.age, b.who.email
	if b.mistypes && v.problem == "" {
		email = strings.Replace(email, "@", " at ", 1)
	}
	if b.minor {
		b.minor, age = false, 8+b.rand.IntN(10)
		if chance(b.rand, 50) {
			b.patience = 0 // asks a parent, who does not come
		}
	}
	return exchange(map[string]any{
		"name": b.who.name, "email": email, "age": strconv.Itoa(age), "symptoms": b.symptoms, "notes": b.notes, "terms": true,
	})
}

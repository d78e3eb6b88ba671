package web_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"switchyard/models"
)

// zoned is a site whose person of support lives elsewhere, with 150 responses of the last weeks, newest first.
func zoned(t *testing.T, random *rand.Rand, zone string) (*site, []models.Response) {
	t.Helper()
	s := openSite(t).addUsers(t)
	s.addSamples(t)
	people, err := s.DB().Users(t.Context())
	must(t, err)
	u := people[slices.IndexFunc(people, func(u models.User) bool { return u.Email == email("support") })]
	must(t, s.DB().SetProfile(t.Context(), u.ID, u.Name, zone, tester))
	flow, err := s.DB().Flow(t.Context(), "appointment")
	must(t, err)
	contacts := []models.Contact{{Phone: "447700900001", Name: "=Ada"}, {Phone: "447700900002", Name: "Grace \"G\", Hopper"}, {Phone: "447700900003", Name: "+Alan\nTuring"}}
	must(t, s.DB().LoadContacts(t.Context(), contacts))
	pick := func(of ...any) any { return of[random.IntN(len(of))] }
	all := make([]models.Response, 150)
	for i := range all {
		answers := map[string]any{"age": fmt.Sprint(random.IntN(90)), "terms": random.IntN(2) == 0, "notes": pick("=1+1", "a,b;c\td", "two\nlines", `"quoted"`, " -3", "", "école 日本 👩‍💻", "@SUM(A1)"),
			"symptoms": pick([]any{}, []any{"0_pain"}, []any{"2_swelling", "0_pain"}, []any{"0_pain", "odd; one"}, "1_bleeding"), "department": pick("dental", "cardiology", "=surgery"), "shoe": json.Number(fmt.Sprint(30 + random.IntN(20)))}
		for _, key := range []string{"age", "terms", "symptoms", "department", "shoe"} {
			if random.IntN(6) == 0 {
				delete(answers, key)
			}
		}
		all[i] = models.Response{ID: int64(i + 1), WAMID: fmt.Sprint("wamid.truth", i), FlowID: flow.ID, FlowSlug: flow.Slug, State: models.Complete, Token: fmt.Sprint("appointment.t", i), Contact: contacts[i%3],
			ReceivedAt: models.Time{Time: time.Now().Add(-time.Duration(random.IntN(40*24*60)) * time.Minute).Truncate(time.Second)}, Status: []string{models.StatusNew, models.StatusDone}[i%2], Answers: answers}
	}
	must(t, s.DB().LoadResponses(t.Context(), len(all), slices.Values(all)))
	slices.SortFunc(all, func(a, b models.Response) int { return b.ReceivedAt.Compare(a.ReceivedAt.Time) })
	return s, all
}

// A narrowing is part of a filter: what it adds to the address, and what it takes.
type narrowing struct {
	name, value string
	takes       func(models.Response) bool
}

// has tells whether an answer has that item.
func has(r models.Response, key, item string) bool {
	list, ok := r.Answers[key].([]any)
	if !ok {
		return r.Answers[key] == item
	}
	return slices.Contains(list, any(item))
}

func narrowings(random *rand.Rand, zone *time.Location) []narrowing {
	day := time.Now().In(zone).AddDate(0, 0, -random.IntN(35)).Format(time.DateOnly)
	over := func(r models.Response) bool {
		var n int
		_, err := fmt.Sscan(fmt.Sprint(r.Answers["age"]), &n)
		return err == nil && n > 40
	}
	terms := func(r models.Response) bool { return r.Answers["terms"] == true }
	where := []narrowing{
		{"w", "department~is~dental", func(r models.Response) bool { return has(r, "department", "dental") }},
		{"w", "symptoms~has_all~0_pain~2_swelling", func(r models.Response) bool { return has(r, "symptoms", "0_pain") && has(r, "symptoms", "2_swelling") }},
		{"w", "all(age~gt~40,terms~yes)", func(r models.Response) bool { return over(r) && terms(r) }},
		{"w", "any(notes~empty,none(department~one_of~dental~cardiology))", func(r models.Response) bool {
			return r.Answers["notes"] == "" || !has(r, "department", "dental") && !has(r, "department", "cardiology")
		}},
		{"w", "shoe~empty", func(r models.Response) bool { return r.Answers["shoe"] == nil }},
	}
	others := []narrowing{
		{"from", day, func(r models.Response) bool { return r.ReceivedAt.In(zone).Format(time.DateOnly) >= day }},
		{"to", day, func(r models.Response) bool { return r.ReceivedAt.In(zone).Format(time.DateOnly) <= day }},
		{"status", models.StatusDone, func(r models.Response) bool { return r.Status == models.StatusDone }},
		{"q", "grace", func(r models.Response) bool { return strings.HasPrefix(r.Contact.Name, "Grace") }},
	}
	random.Shuffle(len(others), func(i, j int) { others[i], others[j] = others[j], others[i] })
	return append(others[:1+random.IntN(2)], where[random.IntN(len(where))])[random.IntN(2):]
}

// A plainColumn is what a column of an export should be called and hold.
type plainColumn struct {
	key, label string
	cell       func(r models.Response, o plainOptions) string
}

type plainOptions struct {
	titles bool
	zone   *time.Location
}

var optionTitles = map[string]string{"dental": "Dental care", "cardiology": "Cardiology", "0_pain": "Pain", "1_bleeding": "Bleeding", "2_swelling": "Swelling"}

// plainAnswer is an answer in one cell; choices are those whose ids have titles.
func plainAnswer(v any, o plainOptions) string {
	switch v := v.(type) {
	case nil:
		return ""
	case bool:
		if o.titles {
			return map[bool]string{true: "Yes", false: "No"}[v]
		}
	case []any:
		var items []string
		for _, item := range v {
			items = append(items, plainAnswer(item, o))
		}
		return strings.Join(items, "; ")
	case string:
		if title := optionTitles[v]; o.titles && title != "" {
			return title
		}
	}
	return fmt.Sprint(v)
}

func answerColumn(key, label string) plainColumn {
	return plainColumn{key, label, func(r models.Response, o plainOptions) string { return plainAnswer(r.Answers[key], o) }}
}

// splitColumns are those of the symptoms, one for each option and one for what is none.
func splitColumns(o plainOptions, labels bool) (all []plainColumn) {
	head := map[bool]string{true: "Symptoms", false: "symptoms"}[labels]
	for _, id := range []string{"0_pain", "1_bleeding", "2_swelling"} {
		title := map[bool]string{true: optionTitles[id], false: id}[o.titles]
		all = append(all, plainColumn{head + ": " + title, head + ": " + title, func(r models.Response, o plainOptions) string {
			if r.Answers["symptoms"] == nil {
				return ""
			}
			return plainAnswer(has(r, "symptoms", id), o)
		}})
	}
	return append(all, plainColumn{head + ": other", head + ": other", func(r models.Response, _ plainOptions) string {
		if has(r, "symptoms", "odd; one") {
			return "odd; one"
		}
		return ""
	}})
}

var plainColumns = []plainColumn{
	{"received_at", "Received", func(r models.Response, o plainOptions) string { return r.ReceivedAt.In(o.zone).Format(time.RFC3339) }},
	{"contact", "Phone number", func(r models.Response, _ plainOptions) string { return r.Contact.Phone }},
	{"name", "Contact name", func(r models.Response, _ plainOptions) string { return r.Contact.Name }},
	{"flow_token", "Token", func(r models.Response, _ plainOptions) string { return r.Token }},
	{"triage.status", "Status", func(r models.Response, o plainOptions) string {
		return map[bool]string{true: map[string]string{models.StatusNew: "New", models.StatusDone: "Done"}[r.Status], false: r.Status}[o.titles]
	}},
	answerColumn("department", "Department"), answerColumn("age", "Age"), answerColumn("symptoms", "Symptoms"), answerColumn("notes", "Notes"), answerColumn("terms", "I agree to the terms"), answerColumn("shoe", "shoe"),
}

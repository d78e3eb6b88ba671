package models

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"switchyard/models/filter"
)

// texts are values that answers have and filters ask for.
var texts = []string{"gold", "silver", "Gold", "a~b,(c)!", "", " ", "true", "false", "2026-11-20", "2026-11-21T10:00:00Z", "2026-12-01", "1795132800000", "18", "18.0", "-3", "1e3", "x18", "100%_"}

func someAnswer(random *rand.Rand) any {
	text := func() any { return texts[random.IntN(len(texts))] }
	switch random.IntN(9) {
	case 0:
		return json.Number(fmt.Sprint(random.IntN(40) - 5))
	case 1:
		return random.IntN(2) == 0
	case 2:
		return nil
	case 3:
		return []any{}
	case 4:
		return []any{text(), text(), text()}
	case 5:
		return map[string]any{"from": text()}
	}
	return text()
}

// outcomes are those that responses have.
var outcomes = []string{"", "go:OFFER", "finish:r1"}

var answerNames = []string{"a", "b", "c", "o.from"}

func someCondition(random *rand.Rand, depth int) filter.Condition {
	if depth > 0 && random.IntN(3) > 0 {
		c := filter.Condition{Join: []filter.Join{filter.All, filter.Any, filter.None}[random.IntN(3)]}
		for range 1 + random.IntN(3) {
			c.Parts = append(c.Parts, someCondition(random, depth-1))
		}
		return c
	}
	c := filter.Condition{Key: answerNames[random.IntN(len(answerNames))]}
	for {
		ops := filter.OperatorsFor("text")
		ops = append(ops, filter.OperatorsFor("choices")...)
		o := append(append(ops, filter.OperatorsFor("yesno")...), filter.OperatorsFor("number")...)[random.IntN(len(ops)+8)]
		c.Op, c.Values = o.Op, nil
		for range o.Min + random.IntN(max(1, min(3, o.Max)-o.Min+1)) {
			switch o.Compare {
			case filter.AsText:
				c.Values = append(c.Values, texts[random.IntN(len(texts))])
			case filter.AsNumber:
				c.Values = append(c.Values, fmt.Sprint(random.IntN(40)-5))
			case filter.AsDate:
				c.Values = append(c.Values, fmt.Sprintf("2026-11-%02d", 18+random.IntN(6)))
			}
		}
		if c.Check() == nil {
			return c
		}
	}
}

// manyAnswered loads responses of flow 1 with random answers, and returns them newest first.
func manyAnswered(t *testing.T, db *DB, random *rand.Rand, n int) []Response {
	t.Helper()
	now := time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)
	contacts := []Contact{{Phone: "447700900001", Name: "Ada"}, {Phone: "447700900002", Name: "Grace"}, {Phone: "447700900003", Name: "Alan"}}
	if err := db.LoadContacts(t.Context(), contacts); err != nil {
		t.Fatal(err)
	}
	all := make([]Response, n)
	for i := range all {
		answers := map[string]any{}
		for _, key := range []string{"a", "b", "c", "o"} {
			if random.IntN(6) > 0 {
				answers[key] = someAnswer(random)
			}
		}
		all[i] = Response{ID: int64(i + 1), WAMID: fmt.Sprint("wamid.", i), FlowID: 1 + int64(random.IntN(5)/4), State: Complete, Token: fmt.Sprint("t.", i), Contact: contacts[random.IntN(3)],
			ReceivedAt: at(now.Add(-time.Duration(random.IntN(40)) * 24 * time.Hour)), Test: random.IntN(6) == 0, Answers: answers,
			Status: []string{StatusNew, StatusNew, StatusDone, "called"}[random.IntN(4)], AssigneeID: int64(random.IntN(3)), Unread: random.IntN(3) == 0, Outcome: outcomes[random.IntN(3)]}
		for tag := range int64(3) {
			if random.IntN(4) == 0 {
				all[i].Tags = append(all[i].Tags, Tag{ID: tag + 1})
			}
		}
	}
	if err := db.LoadResponses(t.Context(), n, slices.Values(all)); err != nil {
		t.Fatal(err)
	}
	for _, r := range all {
		for _, tag := range r.Tags {
			if _, err := db.writer().Exec(`INSERT INTO response_tags (tag_id, received_at, response_id) VALUES (?, ?, ?)`, tag.ID, r.ReceivedAt, r.ID); err != nil {
				t.Fatal(err)
			}
		}
	}
	slices.SortFunc(all, func(a, b Response) int { return -compareReceived(a, b) })
	return all
}

func compareReceived(a, b Response) int {
	return cmp.Or(a.ReceivedAt.Compare(b.ReceivedAt.Time), cmp.Compare(a.ID, b.ID))
}

func itemsOf(r Response) func(string) []filter.Item {
	return func(key string) (items []filter.Item) {
		for _, a := range answerRows(r.Answers) {
			if a.Key == key {
				items = append(items, filter.Item{Text: a.Text, Number: a.Number})
			}
		}
		return items
	}
}

// slowPage is the plain reading of a filter in its order.
func slowPage(all []Response, f ResponseFilter) (ids []int64) {
	var some []Response
	for _, r := range all {
		hay := strings.ToLower(r.Contact.Name + "\n" + fmt.Sprint(r.Answers))
		if (f.FlowID == 0 || r.FlowID == f.FlowID) && f.Follow.takes(r) && (f.Outcome == "" || asOutcome(f.Outcome) == r.Outcome) && (f.Tests || !r.Test) && (f.From.IsZero() || !r.ReceivedAt.Before(f.From)) && (f.To.IsZero() || r.ReceivedAt.Before(f.To)) &&
			(len(f.Contacts) == 0 || slices.Contains(f.Contacts, r.Contact.ID)) && (f.Where.IsZero() || f.Where.Truth(itemsOf(r)) == filter.True) &&
			(f.Text == "" || strings.Contains(hay, f.Text)) {
			some = append(some, r)
		}
	}
	value := func(r Response) (p sortPlace) {
		p.listKey = keyOf(r)
		items := itemsOf(r)(f.Sort.Key)
		if len(items) > 0 && f.Sort.Number && items[0].Number != nil {
			p.known, p.number = true, *items[0].Number
		} else if len(items) > 0 && !f.Sort.Number && !filter.Blank(items[0].Text) {
			p.known, p.text = true, items[0].Text
		}
		return p
	}
	if f.Sort.Key != "" {
		slices.SortFunc(some, func(a, b Response) int { return f.Sort.compare(value(a), value(b)) })
	}
	for _, r := range some {
		ids = append(ids, r.ID)
	}
	if f.Sort.Key == "" && f.Ascending {
		slices.Reverse(ids)
	}
	return ids
}

func TestFiltersOfAnswersAgreeWithASlowReading(t *testing.T) {
	for engine, db := range openEngines(t) {
		t.Run(engine, func(t *testing.T) {
			random := rand.New(rand.NewPCG(5, 6))
			all := manyAnswered(t, db, random, 250)
			finds := 0
			for range 100 {
				f := ResponseFilter{FlowID: 1, Where: someCondition(random, 2), Tests: random.IntN(2) == 0, Limit: 1 + random.IntN(60), Ascending: random.IntN(4) == 0}
				if random.IntN(2) == 0 {
					f.Sort, f.Ascending = Sort{Key: answerNames[random.IntN(4)], Number: random.IntN(2) == 0, Descending: random.IntN(2) == 0}, false
				}
				if random.IntN(3) == 0 {
					f.From = all[0].ReceivedAt.AddDate(0, 0, -random.IntN(40))
				}
				if random.IntN(5) == 0 {
					f.Contacts = []int64{all[0].Contact.ID, all[1].Contact.ID}[:1+random.IntN(2)]
				}
				if random.IntN(5) == 0 {
					f.Text = []string{"gold", "grace", "silver"}[random.IntN(3)]
				}
				if random.IntN(4) == 0 {
					f.Where = filter.Condition{}
				}
				if random.IntN(2) == 0 {
					f.Follow = someFollowUp(random)
				}
				if random.IntN(4) == 0 {
					f.Outcome = []string{NoOutcome, "go:OFFER", "finish:r1", "finish"}[random.IntN(4)]
				}
				if f.Where.IsZero() && f.Sort.Key == "" && f.Outcome == "" {
					f.FlowID = int64(random.IntN(3))
				}
				want := slowPage(all, f)
				if len(want) > 0 {
					finds++
				}
				for _, how := range [][2]int{{3, 4}, {3, 40}, {3, 10_000}, {glance, maxCandidates}} {
					checkAnswered(t, db, f, how, want)
				}
				if len(want) > 0 && random.IntN(3) == 0 {
					checkBeside(t, db, f, want)
				}
			}
			if finds < 50 {
				t.Errorf("%d of 100 filters find something; that shows little", finds)
			}
		})
	}
}

// checkAnswered reads pages forth and back, and the count, with such limits of glance and candidates.
func checkAnswered(t *testing.T, db *DB, f ResponseFilter, how [2]int, want []int64) {
	t.Helper()
	say := fmt.Sprintf("%s %+v by %v", f.Where, f, how)
	search := func() *responseSearch {
		s, err := db.responseSearch(t.Context(), f)
		if err != nil {
			t.Fatalf("%s: %v", say, err)
		}
		s.glance, s.candidates, s.examine = how[0], how[1], how[1]
		return s
	}
	tally, err := search().tally(t.Context())
	if err != nil || tally.N > len(want) || !tally.More && tally.N != len(want) || tally.More && how[0] == glance {
		t.Fatalf("%s: tally = %+v, %v; want %d", say, tally, err, len(want))
	}
	page := func() ResponsePage {
		s := search()
		read := s.page
		if f.Sort.Key != "" {
			read = s.sortedPage
		}
		p, err := read(t.Context())
		if err != nil {
			t.Fatalf("%s: %v", say, err)
		}
		return p
	}
	ids := func(p ResponsePage) []int64 { return each(p.Rows, func(r Response) int64 { return r.ID }) }
	var forth, back []int64
	for {
		p := page()
		forth = append(forth, ids(p)...)
		if (p.Newer != 0) != (f.Before != 0) {
			t.Fatalf("%s: page %v after %d says that the one before ends before %d", say, ids(p), f.Before, p.Newer)
		}
		if f.Before = p.Older; f.Before == 0 {
			break
		}
	}
	if !slices.Equal(forth, want) {
		t.Fatalf("%s: pages %v; want %v", say, forth, want)
	}
	if len(want) == 0 {
		return
	}
	f.Before, f.After, back = 0, want[len(want)-1], want[len(want)-1:]
	for f.After != 0 {
		p := page()
		back = append(ids(p), back...)
		f.After = p.Newer
	}
	if !slices.Equal(back, want) {
		t.Fatalf("%s: pages back %v; want %v", say, back, want)
	}
}

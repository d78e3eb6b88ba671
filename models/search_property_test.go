package models

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"
)

// hostile are texts in which search looks and parts of which it looks for.
var hostile = []string{
	"João Conceição", "İstanbul ISPARTA ıslak", "Straße STRASSE", "محمد الأحمد", "देवी शर्मा", "田中太郎", "한국어 이름", "Ольга Иванова", "👩‍👩‍👧 😀😀😀",
	"e\u0301le\u0300ve", "a\x00b\x00cde", `say "yes" and 'no'`, `100% _under_ back\slash\`, "AND OR NOT NEAR(a b) * ^ col:umn - + {x}", "'; DROP TABLE responses; --",
	strings.Repeat("long word ", 40), strings.Repeat("x", 480), "\uFDD0\uFDD1 odd", "Łukasz Søren đ æ", "\u200e+55 11 9\u00ad9999", "ǅ ﬁne ㎏ ①②③",
}

// hostileResponses writes n responses of texts from hostile, some of which are renamed, dropped or of no contact.
func hostileResponses(t *testing.T, db *DB, random *rand.Rand, n int) []searched {
	t.Helper()
	all := make([]searched, n)
	now := at(time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC))
	err := db.tx(t.Context(), func(tx *gorm.DB) error {
		contacts := make([]Contact, 12)
		for i := range contacts {
			c := Contact{ID: int64(i + 1), Phone: fmt.Sprint(447700900000 + i), Name: hostile[random.IntN(len(hostile))], UserID: fmt.Sprint("U.", i)}
			contacts[i] = c
			err := tx.Exec(`INSERT INTO contacts (id, phone, user_id, name, search) VALUES (?, ?, ?, ?, ?)`, c.ID, c.Phone, c.UserID, c.Name, nameSearch(c)).Error
			if err != nil {
				return err
			}
		}
		for i := range all {
			r := &all[i]
			r.FlowID, r.State, r.Test = int64(random.IntN(3)), []ResponseState{Complete, Unreadable, UnmatchedResponse}[random.IntN(3)], random.IntN(5) == 0
			r.ReceivedAt = at(now.Add(-time.Duration(random.IntN(20)) * time.Hour))
			var c Contact
			if random.IntN(9) > 0 {
				c = contacts[random.IntN(len(contacts))]
			}
			text := searchText(c, fmt.Sprint("t.", i), map[string]any{"a": hostile[random.IntN(len(hostile))]}, Sensitive{})
			r.ID, r.text, r.name = int64(i+1), text, nameSearch(c)
			err := tx.Exec(`INSERT INTO responses (id, wamid, delivery_id, flow_id, state, contact_id, received_at, test, search) VALUES (?, ?, 1, ?, ?, ?, ?, ?, ?)`,
				r.ID, fmt.Sprint("wamid.", i), r.FlowID, r.State, c.ID, r.ReceivedAt, r.Test, text).Error
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(all, func(a, b searched) int {
		return -cmp.Or(a.ReceivedAt.Compare(b.ReceivedAt.Time), cmp.Compare(a.ID, b.ID))
	})
	return all
}

// A searched is what the slow reading knows of a response.
type searched struct {
	Response
	text, name string
}

// slowly is the plain reading of a filter, newest first.
func slowly(all []searched, f ResponseFilter) (ids []int64) {
	words := strings.Fields(fold(f.Text))
	for _, r := range all {
		text := r.text
		if f.NamesOnly {
			text = r.name
		}
		if f.FlowID != 0 && r.FlowID != f.FlowID || f.State != "" && r.State != f.State || r.Test && !f.Tests ||
			!f.From.IsZero() && r.ReceivedAt.Before(f.From) || !f.To.IsZero() && !r.ReceivedAt.Before(f.To) ||
			slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(text, w) }) {
			continue
		}
		ids = append(ids, r.ID)
	}
	return ids
}

// someText is parts of one or more of the texts, cut anywhere, also within a character; or of none.
func someText(random *rand.Rand) string {
	var parts []string
	for range 1 + random.IntN(3) {
		from := hostile[random.IntN(len(hostile))]
		a := random.IntN(len(from))
		parts = append(parts, from[a:min(len(from), a+1+random.IntN(12))])
	}
	text := strings.Join(parts[:1+random.IntN(len(parts))], " ")
	if fields := strings.Fields(fold(text)); len(fields) > maxWords {
		return ""
	}
	return text
}

func someFilter(random *rand.Rand) ResponseFilter {
	f := ResponseFilter{Text: someText(random), NamesOnly: random.IntN(3) == 0, Tests: random.IntN(2) == 0, Limit: 1 + random.IntN(30)}
	now := time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)
	if random.IntN(3) == 0 {
		f.FlowID = 1 + int64(random.IntN(2))
	}
	if random.IntN(4) == 0 {
		f.State = Complete
	}
	if random.IntN(4) == 0 {
		f.From = now.Add(-time.Duration(random.IntN(20)) * time.Hour)
	}
	if random.IntN(4) == 0 {
		f.To = now.Add(-time.Duration(random.IntN(10)) * time.Hour)
	}
	return f
}

func TestEveryWayOfSearchingAgreesWithASlowReading(t *testing.T) {
	for engine, db := range openEngines(t) {
		t.Run(engine, func(t *testing.T) {
			random := rand.New(rand.NewPCG(7, 8))
			all := hostileResponses(t, db, random, 300)
			const rounds = 60
			finds := 0
			for range rounds {
				f := someFilter(random)
				want := slowly(all, f)
				if len(want) > 0 {
					finds++
				}
				for _, how := range []responseSearch{
					{by: byOrder}, {by: byIndex}, {glance: 7, candidates: 10}, {glance: 7, candidates: 1000}, {glance: glance, candidates: maxCandidates},
				} {
					checkSearch(t, db, f, how, want)
				}
			}
			if finds < rounds/4 {
				t.Errorf("%d of %d searches find something; that shows little", finds, rounds)
			}
		})
	}
}

// checkSearch reads everything in one way: pages forth and back, the count, and all at once in both directions.
func checkSearch(t *testing.T, db *DB, f ResponseFilter, how responseSearch, want []int64) {
	t.Helper()
	say := fmt.Sprintf("%+v by %d, glance %d, candidates %d", f, how.by, how.glance, how.candidates)
	begin := func(f ResponseFilter) *responseSearch {
		s, err := db.responseSearch(t.Context(), f)
		if err != nil {
			t.Fatalf("%s: %v", say, err)
		}
		s.glance, s.candidates = max(1, how.glance), how.candidates
		if s.by == undecided {
			s.by = how.by
		}
		return s
	}
	if n, err := begin(f).count(t.Context(), countCap); err != nil || n != len(want) {
		t.Fatalf("count of %s = %d, %v; want %d", say, n, err, len(want))
	}
	if got := forth(t, begin, f); !slices.Equal(got, want) {
		t.Fatalf("pages of %s = %v; want %v", say, got, want)
	}
	if got := back(t, begin, f, want); !slices.Equal(got, want) {
		t.Fatalf("pages back of %s = %v; want %v", say, got, want)
	}
	f.Ascending = how.glance == 7
	var got []int64
	f.UpTo = 1 << 40
	if err := begin(f).each(t.Context(), func(r Response, err error) bool { got = append(got, r.ID); return err == nil }); err != nil {
		t.Fatalf("each of %s = %v", say, err)
	}
	if f.Ascending {
		slices.Reverse(got)
	}
	if !slices.Equal(got, want) {
		t.Fatalf("each of %s = %v; want %v", say, got, want)
	}
}

func forth(t *testing.T, begin func(ResponseFilter) *responseSearch, f ResponseFilter) (ids []int64) {
	t.Helper()
	for {
		p, err := begin(f).page(t.Context())
		if err != nil || (p.Newer != 0) != (f.Before != 0 && len(p.Rows) > 0) {
			t.Fatalf("page of %+v: newer %d, %v", f, p.Newer, err)
		}
		for _, r := range p.Rows {
			ids = append(ids, r.ID)
		}
		if p.Older == 0 {
			return ids
		}
		f.Before = p.Older
	}
}

// back goes from the oldest of all to the newest.
func back(t *testing.T, begin func(ResponseFilter) *responseSearch, f ResponseFilter, all []int64) (ids []int64) {
	t.Helper()
	if len(all) == 0 {
		return nil
	}
	f.After = all[len(all)-1]
	ids = []int64{f.After}
	for {
		p, err := begin(f).page(t.Context())
		if err != nil || (p.Older != 0) != (len(p.Rows) > 0) {
			t.Fatalf("page of %+v: older %d, %v", f, p.Older, err)
		}
		for _, r := range slices.Backward(p.Rows) {
			ids = append(ids, r.ID)
		}
		if p.Newer == 0 {
			slices.Reverse(ids)
			return ids
		}
		f.After = p.Newer
	}
}

func TestASearchTakesAnyText(t *testing.T) {
	odd := []string{
		"\xff\xfe", "a\xffbcd", "\x00", "abc\x00def", `"`, `"""`, `""" OR "a`, "%", "_", `\`, `%\_\`, "'", "AND", "NOT x", "NEAR(a b, 2)", "a*", "^abc", "(", ")", ":", "-", "search:abc",
		"\u0301", "\u0301\u0301\u0301", "\ufeff", "\uFDD0", "\uFDD1\uFDD0", "𝒳𝒴𝒵", "\U0010FFFF\U0010FFFF\U0010FFFF", "---", "…………", "中", "中文", "🏳️‍🌈", "\x01\x02\x03",
		strings.Repeat("x", 500), strings.Repeat("é", 250), strings.Repeat(`"`, 500), strings.Repeat("ab ", 20), strings.Repeat("abcd ", 20), strings.Repeat("\xf0\x9f", 250),
	}
	for engine, db := range openEngines(t) {
		for _, text := range odd {
			for _, names := range []bool{false, true} {
				for _, by := range []searchBy{byOrder, byIndex} {
					s, err := db.responseSearch(t.Context(), ResponseFilter{Text: text, NamesOnly: names})
					if err != nil {
						t.Errorf("%s: search for %q = %v", engine, text, err)
						continue
					}
					if s.by == undecided {
						s.by = by
					}
					if _, err := s.page(t.Context()); err != nil {
						t.Errorf("%s: page of %q by %d = %v", engine, text, by, err)
					}
					if _, err := s.count(context.Background(), countCap); err != nil {
						t.Errorf("%s: count of %q by %d = %v", engine, text, by, err)
					}
				}
				for range db.EachResponse(t.Context(), ResponseFilter{Text: text, NamesOnly: names}) {
					t.Errorf("%s: EachResponse of %q in an empty database gave something", engine, text)
				}
			}
		}
	}
}

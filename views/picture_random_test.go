package views_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"switchyard/models"
	"switchyard/models/flowjson"
	"switchyard/models/rules"
	"switchyard/views"
)

// someOutcome leads anywhere, also to screens that are not there.
func someOutcome(r *rand.Rand, screens int) rules.Outcome {
	switch r.IntN(12) {
	case 0:
		return rules.Outcome{Finish: &rules.Finish{}}
	case 1:
		return rules.Outcome{Expire: &rules.Expire{Message: "Gone."}}
	case 2, 3:
		return rules.Outcome{Stay: &rules.Stay{Error: "No."}}
	case 4:
		return rules.Outcome{} // none yet
	}
	return rules.Outcome{Go: "S" + strconv.Itoa(r.IntN(screens+1))}
}

// someRules is a page with up to screens screens of up to rows rules each.
func someRules(r *rand.Rand, screens, rows int) views.RulesPage {
	p := views.RulesPage{Flow: models.Flow{Slug: "some", Name: "Some"}, JSON: &flowjson.Flow{}, Hits: map[string]int{}}
	p.Doc = rules.Document{Switchyard: 1, Opening: &rules.ScreenRules{Otherwise: &rules.Outcome{Go: "S0"}}, Screens: map[string]*rules.ScreenRules{}}
	n := 0
	for i := range screens {
		id := "S" + strconv.Itoa(i)
		screen := &flowjson.Screen{ID: id, Title: strings.TrimSpace(strings.Repeat("<Wörter> & ", r.IntN(6))), Terminal: r.IntN(9) == 0}
		if r.IntN(3) == 0 {
			screen.Payloads = append(screen.Payloads, flowjson.Payload{Action: "navigate", Next: "S" + strconv.Itoa(r.IntN(screens+1)), Label: "Next"}, flowjson.Payload{Action: "complete"})
		}
		p.JSON.Screens = append(p.JSON.Screens, screen)
		if r.IntN(8) == 0 {
			continue
		}
		s := &rules.ScreenRules{}
		for range r.IntN(rows + 1) {
			n++
			rule := rules.Rule{ID: fmt.Sprint("r", n), Name: strings.TrimSpace(strings.Repeat("Rule ", r.IntN(9))), Off: r.IntN(9) == 0, When: rules.Condition{Field: "age", Op: "lt", Value: 18}, Then: someOutcome(r, screens)}
			s.Rules = append(s.Rules, rule)
			p.Hits[rule.ID] = r.IntN(3) * r.IntN(5000)
			if r.IntN(6) == 0 {
				p.Problems = append(p.Problems, rules.Problem{Severity: rules.Error, Screen: id, RuleID: rule.ID, Message: "Mend \"it\"."})
			}
		}
		o := someOutcome(r, screens)
		s.Otherwise = &o
		if b := someOutcome(r, screens); r.IntN(4) == 0 {
			s.Back = &b
		}
		p.Doc.Screens[id] = s
	}
	return p
}

func TestEveryRowHasOneEdgeOrChipAndIsInTheList(t *testing.T) {
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(seed, 3))
		p := someRules(r, 1+r.IntN(30), 20)
		svg := pictureOf(t, p)
		wellFormed(t, svg)
		if again := pictureOf(t, p); !bytes.Equal(svg, again) {
			t.Fatalf("seed %d: the same rules gave another picture", seed)
		}
		var b bytes.Buffer
		if err := views.Picture(p).Render(t.Context(), &b); err != nil {
			t.Fatal(err)
		}
		page, err := goquery.NewDocumentFromReader(&b)
		if err != nil {
			t.Fatal(err)
		}
		var drawn []string
		page.Find(".picture-box .graph-row").Each(func(_ int, row *goquery.Selection) {
			edges, chips, words := row.Find(".graph-line").Length(), row.Find(".graph-chip, .graph-stay").Length(), row.Find("title").Text()
			several := strings.HasPrefix(words, "+ ") // further rules, which may lead to several cards
			if edges+chips != 1 && !(several && chips == 0 && edges > 1) {
				t.Errorf("seed %d: %q has %d edges and %d chips; want one of them", seed, words, edges, chips)
			}
			drawn = append(drawn, words)
		})
		want := 1 // of the opening
		for _, s := range p.Doc.Screens {
			want += min(len(s.Rules), 13) + 1 // 12 and one row for the others, or up to 14
			if len(s.Rules) == 14 {
				want++
			}
			if s.Back != nil {
				want++
			}
		}
		phone := page.Find(`.picture-list li:contains("on the phone")`).Length() - page.Find(`.picture-list ol > li:contains("on the phone")`).Length()
		if len(drawn) != want+phone {
			t.Errorf("seed %d: %d rows are drawn; want %d and %d of the phone", seed, len(drawn), want, phone)
		}
		page.Find(".picture-list ul > li").Each(func(i int, li *goquery.Selection) {
			if text := li.Find("a").Text() + ": " + li.Find("a").Next().Text(); i >= len(drawn) || !strings.HasPrefix(drawn[i], text) {
				t.Errorf("seed %d: row %d of the list is %q; want what is drawn", seed, i, text)
			}
		})
		if t.Failed() {
			return
		}
	}
}

// BenchmarkPicture makes the section of the page: 100 screens with 40 rules each.
func BenchmarkPicture(b *testing.B) {
	for _, size := range []struct{ screens, rows int }{{11, 20}, {100, 80}} { // half of them on average
		p := someRules(rand.New(rand.NewPCG(1, 3)), size.screens, size.rows)
		b.Run(fmt.Sprintf("%dx%d", size.screens, size.rows/2), func(b *testing.B) {
			var out bytes.Buffer
			for b.Loop() {
				out.Reset()
				if err := views.Picture(p).Render(b.Context(), &out); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(out.Len())/1024, "KiB")
		})
	}
}

package rules_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"switchyard/models/rules"
)

// row is the ids and names of the rules on DETAILS.
func row(d rules.Document) string {
	var out []string
	for _, r := range d.Screens["DETAILS"].Rules {
		out = append(out, strings.TrimSuffix(r.ID+"="+r.Name, "="))
	}
	return strings.Join(out, " ")
}

// named is a document with rules on DETAILS, written as “a b=name”.
func named(t *testing.T, ids string) rules.Document {
	t.Helper()
	var rs []string
	for part := range strings.FieldsSeq(ids) {
		id, name, _ := strings.Cut(part, "=")
		rs = append(rs, rule(id, name, `{"field":"age","op":"is_empty"}`, `{"expire":{}}`))
	}
	return detailsDoc(t, strings.Join(rs, ","))
}

func TestMergeBringsTwoPeopleTogether(t *testing.T) {
	for _, c := range []struct{ name, base, theirs, mine, want, clash string }{
		{"different rules", "a b c", "a=x b c", "a b c=y", "a=x b c=y", ""},
		{"the same in the same way", "a b", "a=x b", "a=x b", "a=x b", ""},
		{"the same in two ways", "a b", "a=x b", "a=y b", "", "rule a"},
		{"one adds, the other changes", "a b", "a n b", "a b=y", "a n b=y", ""},
		{"both add at the same place", "a b", "a n b", "a m b", "a m n b", ""},
		{"both add the same, a form sent twice", "a", "a n", "a n", "a n", ""},
		{"both add one id, unlike", "a", "a n=x", "a n=y", "", "rule n"},
		{"one deletes, the other changes another", "a b", "b", "a b=y", "b=y", ""},
		{"one deletes what the other changed", "a b", "b", "a=x b", "", "rule a"},
		{"one deletes what the other moved", "a b c", "b c", "b c a", "b c", ""},
		{"both delete", "a b", "b", "b", "b", ""},
		{"one moves, the other changes", "a b c", "c a b", "a=x b c", "c a=x b", ""},
		{"one moves, the other adds", "a b c", "c a b", "a n b c", "c a n b", ""},
		{"both move the same", "a b c", "c a b", "c a b", "c a b", ""},
		{"both move different ones", "a b c d e", "b a c d e", "a b c e d", "b a c e d", ""},
		{"both move one rule to two places", "a b c d", "b c a d", "b c d a", "", "order "},
		{"added after what is deleted", "a b", "b", "a n b", "n b", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			base, theirs, mine := named(t, c.base), named(t, c.theirs), named(t, c.mine)
			for range 2 {
				got, clashes := rules.Merge(base, theirs, mine)
				said := ""
				for _, x := range clashes {
					said += string(x.Part) + " " + x.RuleID
				}
				if said != c.clash || said == "" && row(got) != c.want {
					t.Errorf("Merge(%s, %s, %s) = %s, clash %q; want %s, clash %q", row(base), row(theirs), row(mine), row(got), said, c.want, c.clash)
				}
				theirs, mine = mine, theirs
			}
		})
	}
}

func TestMergeOfWhatIsNoRule(t *testing.T) {
	base := named(t, "a")
	change := func(do func(d *rules.Document)) rules.Document {
		d := base.Clone()
		do(&d)
		return d
	}
	otherwise := func(fee string) rules.Document {
		return change(func(d *rules.Document) { d.Screens["DETAILS"].Otherwise.Data["fee"] = fee })
	}
	back := change(func(d *rules.Document) { d.Screens["DETAILS"].Back = &rules.Outcome{Go: "APPOINTMENT"} })
	zone := func(z string) rules.Document { return change(func(d *rules.Document) { d.Timezone = z }) }
	added := change(func(d *rules.Document) {
		d.Screens["SUMMARY"] = &rules.ScreenRules{Otherwise: &rules.Outcome{Finish: &rules.Finish{}}}
	})
	removed := change(func(d *rules.Document) { delete(d.Screens, "DETAILS") })
	for _, c := range []struct {
		name         string
		theirs, mine rules.Document
		want         []rules.Clash
		changes      int // of the result
	}{
		{"otherwise and back", otherwise("20"), back, nil, 2},
		{"otherwise twice", otherwise("20"), otherwise("30"), []rules.Clash{{Screen: "DETAILS", Part: rules.OtherwisePart}}, 0},
		{"a screen more", added, zone("Europe/Berlin"), nil, 2},
		{"time zones", zone("Europe/Berlin"), zone("Asia/Tokyo"), []rules.Clash{{Part: rules.ZonePart}}, 0},
		{"a screen less", removed, added, nil, 3},
		{"a screen less that was changed", removed, otherwise("20"), []rules.Clash{{Screen: "DETAILS", Part: rules.OtherwisePart}}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, clashes := rules.Merge(base, c.theirs, c.mine)
			if !slices.Equal(clashes, c.want) {
				t.Fatalf("Merge = clashes %v; want %v", clashes, c.want)
			}
			if n := len(rules.Diff(base, got, nil)); c.want == nil && n != c.changes {
				t.Errorf("Merge = %s with %d changes; want %d", got.Encode(), n, c.changes)
			}
		})
	}
}

func TestMergeIsFairAndLosesNothing(t *testing.T) {
	merged := 0
	for seed := range uint64(250) {
		d := dice{rand.New(rand.NewPCG(seed, 13)), flow(t, "appointment")}
		base := settledDoc(t, d.document())
		edited := func(times int) rules.Document {
			e := base.Clone()
			for range times {
				d.change(e)
			}
			return settledDoc(t, renewed(e, fmt.Sprintf("n%d", d.IntN(1000))))
		}
		a, b := edited(1+d.IntN(2)), edited(1+d.IntN(2))
		for _, only := range [][2]rules.Document{{a, base}, {base, a}, {a, a}} {
			if got, clashes := rules.Merge(base, only[0], only[1]); len(clashes) > 0 || string(got.Encode()) != string(a.Encode()) {
				t.Fatalf("seed %d: Merge of one change = %v\n%s\nwant %s", seed, clashes, got.Encode(), a.Encode())
			}
		}
		ab, clashAB := rules.Merge(base, a, b)
		ba, clashBA := rules.Merge(base, b, a)
		if (len(clashAB) > 0) != (len(clashBA) > 0) || len(clashAB) == 0 && string(ab.Encode()) != string(ba.Encode()) {
			t.Fatalf("seed %d: Merge is not the same both ways: %v, %v\n%s\n%s", seed, clashAB, clashBA, ab.Encode(), ba.Encode())
		}
		if len(clashAB) > 0 {
			continue
		}
		merged++
		if _, problems := rules.Parse(ab.Encode(), nil); rules.HasErrors(problems) {
			t.Fatalf("seed %d: the merged document is refused: %v", seed, problems)
		}
		for _, r := range contents(b) {
			if !slices.Contains(contents(ab), r) && !slices.Contains(contents(base), r) {
				t.Fatalf("seed %d: %s of one person is lost in\n%s", seed, r, ab.Encode())
			}
		}
	}
	if merged < 100 {
		t.Errorf("%d of 250 pairs merged; want more, or the property is hardly tried", merged)
	}
}

// renewed gives the rule that change adds an id of its own.
func renewed(d rules.Document, id string) rules.Document {
	for _, s := range d.Screens {
		for i := range s.Rules {
			if s.Rules[i].ID == "fresh" {
				s.Rules[i].ID, id = id, id+"x"
			}
		}
	}
	return d
}

// contents are all rules of a document as texts.
func contents(d rules.Document) (all []string) {
	for _, s := range d.Screens {
		for _, r := range s.Rules {
			raw, _ := json.Marshal(r)
			all = append(all, string(raw))
		}
	}
	return all
}

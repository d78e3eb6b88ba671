package rules_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"switchyard/models/flowjson"
	"switchyard/models/rules"
)

// asked compiles rules of the screen ASK of asking, each a condition and an outcome; they are r0, r1, …
func asked(t testing.TB, each ...[2]string) (*rules.Set, []rules.Problem, string) {
	t.Helper()
	flow, _ := flowjson.Parse([]byte(asking))
	var all []string
	for i, r := range each {
		all = append(all, fmt.Sprintf(`{"id":"r%d","when":%s,"then":%s}`, i, r[0], r[1]))
	}
	doc := `{"switchyard":1,"opening":{"otherwise":{"go":"ASK"}},"screens":{"ASK":{"rules":[` + strings.Join(all, ",") + `],"otherwise":{"go":"END"}}}}`
	set, problems := rules.Compile(parse(t, []byte(doc)), flow, nil, time.UTC)
	if set == nil {
		t.Fatalf("Compile(%s) = %+v", doc, problems)
	}
	return set, problems, doc
}

func finish(i int) string { return fmt.Sprintf(`{"finish":{"params":{"p":"%d"}}}`, i) }

func overlapsOf(problems []rules.Problem) (notes []rules.Problem) {
	for _, p := range problems {
		if p.Code == "overlap" {
			notes = append(notes, p)
		}
	}
	return notes
}

func TestRulesThatOverlapAreNotedOnce(t *testing.T) {
	const (
		young  = `{"field":"age","op":"lt","value":18}`
		old    = `{"field":"age","op":"gte","value":65}`
		small  = `{"field":"size","op":"equals","value":"S"}`
		agreed = `{"field":"agreed","op":"is_true"}`
		always = `{"all":[]}`
		both   = `{"all":[` + young + `,` + small + `]}`
		text   = `{"field":"code","op":"contains","value":"VIP"}`
		mail   = `{"formula":"len(data.code ?? '') > 3"}`
		day    = `{"field":"day","op":"before","value":"2026-02-01"}`
		go1    = `{"go":"END"}`
		stay   = `{"stay":{"error":"No"}}`
		again  = `{"go":"ASK"}`
	)
	one, two, three := finish(1), finish(2), finish(3)
	for _, c := range []struct {
		name  string
		rules [][2]string
		want  []string // the rule, and a part of what is said
	}{
		{"two fields", [][2]string{{young, one}, {small, two}}, []string{"r1: rule 1 above it, such as Age = 17 and Size = Small. Then rule 1 decides."}},
		{"the same outcome", [][2]string{{young, one}, {small, one}}, nil},
		{"no answer is both", [][2]string{{young, one}, {old, two}}, nil},
		{"the special case comes first", [][2]string{{both, one}, {young, two}}, nil},
		{"everything else", [][2]string{{young, one}, {always, two}}, nil},
		{"a check comes first", [][2]string{{young, stay}, {small, two}}, nil},
		{"a choice that fills the screen comes first", [][2]string{{young, again}, {small, two}}, nil},
		{"a check comes too late", [][2]string{{young, one}, {small, stay}}, []string{"r1: rule 1 above it"}},
		{"one note for each", [][2]string{{young, one}, {agreed, two}, {small, three}}, []string{"r1: rule 1 above it, such as Age = 17 and Agreed = yes", "r2: rule 1 above it"}},
		{"by way of others", [][2]string{{small, one}, {`{"not":` + small + `}`, stay}, {`{"all":[` + agreed + `,` + small + `]}`, two}}, nil},
		{"words of a text", [][2]string{{text, one}, {agreed, two}}, []string{"r1: rule 1 above it, such as Agreed = yes and Code = “VIP”"}},
		{"dates", [][2]string{{day, one}, {agreed, go1}}, []string{"such as Day = 2026-01-"}},
		{"what cannot be reasoned about", [][2]string{{mail, one}, {agreed, two}}, nil},
		{"several choices", [][2]string{{`{"field":"extras","op":"has_any","value":["a"]}`, one}, {`{"field":"extras","op":"has_any","value":["b"]}`, two}}, []string{"such as Extras = A, B"}},
	} {
		_, problems, _ := asked(t, c.rules...)
		notes := overlapsOf(problems)
		if len(notes) != len(c.want) {
			t.Errorf("%s: notes = %+v; want %q", c.name, notes, c.want)
			continue
		}
		for i, p := range notes {
			id, words, named := strings.Cut(c.want[i], ": ")
			if !named {
				id, words = p.RuleID, id
			}
			if p.RuleID != id || !strings.Contains(p.Message, words) || p.Severity != rules.Note || len(p.Others) != 1 {
				t.Errorf("%s: note = %+v; want %q", c.name, p, c.want[i])
			}
		}
		if rules.HasErrors(notes) {
			t.Errorf("%s: a note stops publishing", c.name)
		}
	}
}

// TestOverlapsAreReal holds every note against brute force: some answers must meet both rules and be decided by the one
// that the note names, and some that it decides must not meet the other.
func TestOverlapsAreReal(t *testing.T) {
	noted := 0
	for seed := range uint64(30) {
		d := rand.New(rand.NewPCG(seed, 11))
		var each [][2]string
		for i := range 2 + d.IntN(4) {
			each = append(each, [2]string{askedCondition(d, 2), finish(i)})
		}
		set, problems, doc := asked(t, each...)
		for _, p := range overlapsOf(problems) {
			alone, _, _ := asked(t, each[slices.Index([]string{"r0", "r1", "r2", "r3", "r4"}, p.RuleID)])
			shared, own, whole := 0, 0, true
			for data := range sayings(doc, &whole) {
				if decided(set, data) != p.Others[0] {
					continue
				}
				if decided(alone, data) == "r0" {
					shared++
				} else {
					own++
				}
			}
			noted++
			if whole && (shared == 0 || own == 0) {
				t.Errorf("seed %d: %s\n%s: %s; %d answers meet both, %d only %s", seed, doc, p.RuleID, p.Message, shared, own, p.Others[0])
			}
		}
	}
	if noted < 12 {
		t.Errorf("%d notes; want many", noted)
	}
}

func decided(set *rules.Set, data map[string]any) string {
	in := rules.Request{Action: rules.Exchange, Screen: "ASK", Data: data, Now: time.Unix(1_780_000_000, 0)}
	return set.Next(in, rules.Visit{Known: true}, rules.Fallback{}).RuleID
}

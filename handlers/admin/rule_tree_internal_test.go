package admin

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"switchyard/models/rules"
	"switchyard/views"
)

// dice deals conditions out: every shape that a document can have, and operators and values that the form cannot show.
type dice struct{ *rand.Rand }

func (d dice) condition(depth int) rules.Condition {
	if depth > 1 && d.IntN(3) > 0 {
		parts := make([]rules.Condition, d.IntN(4))
		for i := range parts {
			parts[i] = d.condition(depth - 1)
		}
		switch d.IntN(3) {
		case 0:
			return rules.Condition{All: &parts}
		case 1:
			return rules.Condition{Any: &parts}
		}
		inner := d.condition(depth - 1)
		return rules.Condition{Not: &inner}
	}
	leaf := rules.Condition{Field: "f" + strconv.Itoa(d.IntN(1e9)), Op: rules.Equals, Value: "x"}
	switch d.IntN(5) {
	case 0:
		leaf.Op = "is_unheard_of"
	case 1:
		leaf.Value = map[string]any{"a": []any{"b"}}
	case 2:
		return rules.Condition{Formula: "data.f" + strconv.Itoa(d.IntN(1e9)) + " > 1"}
	}
	return leaf
}

// leaves are the conditions that are no groups, in order.
func leaves(whole *views.ConditionPart) (all []string) {
	for x := range whole.Each() {
		if !x.IsGroup() {
			all = append(all, x.Row.Kept+x.Row.Field+x.Row.Formula)
		}
	}
	return all
}

func page(c rules.Condition) *views.RuleFormPage {
	p := &views.RuleFormPage{Form: views.RuleForm{When: wholeOf(c)}}
	p.Form.When.Arrange()
	return p
}

func (d dice) act(p *views.RuleFormPage, acts ...string) string {
	do := acts[d.IntN(len(acts))] + "-" + strconv.Itoa(d.IntN(p.Form.When.Count()+1))
	change(p, do)
	return do
}

func TestAConditionIsWhatItsFormWasMadeOf(t *testing.T) {
	d := dice{rand.New(rand.NewPCG(6, 11))}
	for range 3000 {
		c := d.condition(2 + d.IntN(8))
		p := page(c)
		got, errs := conditionFrom(p.Form.When, nil)
		if len(errs) > 0 || jsonText(got) != jsonText(c) {
			t.Fatalf("the form of %s gives %s, %v; want the same", jsonText(c), jsonText(got), errs)
		}
	}
}

func TestMovingLosesNothing(t *testing.T) {
	d := dice{rand.New(rand.NewPCG(6, 12))}
	for range 400 {
		p := page(d.condition(5))
		want := slices.Sorted(slices.Values(leaves(&p.Form.When)))
		for range 20 {
			do := d.act(p, "up", "down", "wrap", "ungroup")
			if got := slices.Sorted(slices.Values(leaves(&p.Form.When))); !slices.Equal(got, want) {
				t.Fatalf("after %s the conditions are %q; want %q", do, got, want)
			}
		}
	}
}

func TestAMoveDownUndoesAMoveUp(t *testing.T) {
	d := dice{rand.New(rand.NewPCG(6, 13))}
	tried := 0
	for range 2000 {
		p := page(d.condition(5))
		groups := jsonText(shape(&p.Form.When))
		if strings.Contains(groups, "[]") {
			continue // an empty group goes with the first part that leaves it
		}
		do := d.act(p, "up")
		_, at, ok := strings.Cut(p.Focus, "-")
		if !ok || strings.Contains(p.Said, "stays") || strings.Count(jsonText(shape(&p.Form.When)), "[") != strings.Count(groups, "[") {
			continue // nothing was moved, or the group that it was alone in is gone
		}
		change(p, "down-"+strconv.Itoa(withKey(&p.Form.When, at).At))
		if got := jsonText(shape(&p.Form.When)); got != groups {
			t.Fatalf("%s and down again gives %s; want %s", do, got, groups)
		}
		tried++
	}
	if tried < 100 {
		t.Errorf("only %d moves were tried", tried)
	}
}

// shape is the keys of a condition's parts, in lists.
func shape(g *views.ConditionPart) (all []any) {
	for i := range g.Parts {
		all = append(all, g.Parts[i].Key)
		if g.Parts[i].IsGroup() {
			all = append(all, append([]any{}, shape(&g.Parts[i])...))
		}
	}
	return all
}

func TestWhateverIsPressedTheConditionFitsADocument(t *testing.T) {
	d := dice{rand.New(rand.NewPCG(6, 14))}
	for range 60 {
		p := page(d.condition(6))
		for range 150 {
			do := d.act(p, "add", "group", "formula", "up", "down", "duplicate", "wrap", "wrap", "group", "ungroup", "remove")
			whole := &p.Form.When
			if whole.Count() > maxRows || levels(whole) > rules.MaxDepth {
				t.Fatalf("after %s the condition has %d parts, %d deep; want at most 500 and 32", do, whole.Count(), levels(whole))
			}
			ids := map[string]bool{"": true}
			for x := range whole.Each() {
				if ids[x.Key] {
					t.Fatalf("after %s the key %q is there twice", do, x.Key)
				}
				ids[x.Key] = true
			}
			if _, key, ok := strings.Cut(p.Focus, "-"); ok && !ids[key] && !strings.HasSuffix(p.Focus, "-all") {
				t.Fatalf("after %s the focus is %s, which is not there", do, p.Focus)
			}
		}
	}
}

func TestAGroupThatNothingIsLeftInGoes(t *testing.T) {
	one := rules.Condition{Field: "a", Op: rules.IsEmpty}
	inner := rules.Condition{Any: &[]rules.Condition{one}}
	for _, do := range []string{"remove-1", "up-1", "down-1"} {
		p := page(rules.Condition{All: &[]rules.Condition{inner}})
		change(p, do)
		got, _ := conditionFrom(p.Form.When, nil)
		want := `{"all":[{"field":"a","op":"is_empty"}]}`
		if do == "remove-1" {
			want = `{"all":[]}`
		}
		if jsonText(got) != want {
			t.Errorf("%s of the only condition in a group gives %s; want %s", do, jsonText(got), want)
		}
	}
}

func TestWhatStillFitsANewFieldStays(t *testing.T) {
	groups := []views.FieldGroup{{Fields: []views.FieldChoice{
		{Path: "age", Kind: "number"}, {Path: "size", Kind: "number"}, {Path: "day", Kind: "date"}, {Path: "terms", Kind: "yesno"}, {Path: "note", Kind: "text"}}}}
	for _, c := range []struct {
		field, op string
		values    []string
		wantOp    string
		want      []string
	}{
		{"size", "gte", []string{"18"}, "gte", []string{"18"}},
		{"day", "gte", []string{"18"}, "gte", nil},
		{"terms", "gte", []string{"18"}, "is_true", nil},
		{"note", "between", []string{"1", "2"}, "between", []string{"1", "2"}},
		{"age", "contains", []string{"x"}, "equals", nil},
		{"day", "between", []string{"2026-01-01", "2026-02-01"}, "between", []string{"2026-01-01", "2026-02-01"}},
	} {
		whole := views.ConditionPart{Join: views.JoinAll, Parts: []views.ConditionPart{{Row: views.ConditionRow{Field: c.field, Op: c.op, Values: c.values, Chosen: true}}}}
		fit(&whole, groups)
		row := whole.Parts[0].Row
		if row.Op != c.wantOp || !slices.Equal(row.Values, c.want) {
			t.Errorf("%s %q with the field %s becomes %s %q; want %s %q", c.op, c.values, c.field, row.Op, row.Values, c.wantOp, c.want)
		}
	}
}

package rules_test

import (
	"math/rand/v2"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"switchyard/models/rules"
)

func plans() rules.List {
	return rules.List{Name: "plans", Columns: []rules.Column{{Name: "price", Type: "number"}, {Name: "note", Type: "text"}}, Rows: []rules.Row{
		{ID: "g", Title: "Gold", Enabled: true, Cells: []string{"10", "n"}},
		{ID: "s", Title: "Silver", Description: "d", Enabled: true, Cells: []string{"5", ""}},
		{ID: "b", Title: "Bronze", Cells: []string{"1", ""}},
	}}
}

func TestDiffListTellsEachChange(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(l *rules.List)
		want   rules.ListDiff
	}{
		{"nothing", func(*rules.List) {}, rules.ListDiff{}},
		{"a title", func(l *rules.List) { l.Rows[0].Title = "Golden" }, rules.ListDiff{Changed: []rules.RowChange{{ID: "g", Title: "Golden", Cells: []rules.CellChange{{"title", "Gold", "Golden"}}}}}},
		{"offered and a cell", func(l *rules.List) { l.Rows[2].Enabled, l.Rows[2].Cells[0] = true, "2" },
			rules.ListDiff{Changed: []rules.RowChange{{ID: "b", Title: "Bronze", Cells: []rules.CellChange{{"enabled", "no", "yes"}, {"price", "1", "2"}}}}}},
		{"another id", func(l *rules.List) { l.Rows[1].ID = "x" }, rules.ListDiff{Added: []rules.Row{{ID: "x", Title: "Silver", Description: "d", Enabled: true, Cells: []string{"5", ""}}},
			Removed: []rules.Row{{ID: "s", Title: "Silver", Description: "d", Enabled: true, Cells: []string{"5", ""}}}}},
		{"one moved to the end", func(l *rules.List) { l.Rows[0], l.Rows[1], l.Rows[2] = l.Rows[1], l.Rows[2], l.Rows[0] }, rules.ListDiff{Moved: 1}},
		{"a column retyped, one gone, one new", func(l *rules.List) {
			l.Columns = []rules.Column{{Name: "price", Type: "text"}, {Name: "vip", Type: "yesno"}}
		}, rules.ListDiff{Columns: []rules.ColumnChange{{"price", "number", "text"}, {"vip", "", "yesno"}, {"note", "text", ""}}}},
	} {
		after := plans()
		c.change(&after)
		got := rules.DiffList(plans(), after)
		if !reflect.DeepEqual(got, c.want) || got.Empty() != (c.name == "nothing") {
			t.Errorf("DiffList with %s = %+v; want %+v", c.name, got, c.want)
		}
	}
}

// Whatever two lists are: the diff says nothing exactly when they are equal, and merging changes only what it should.
func TestDiffAndMergeOfListsAgree(t *testing.T) {
	dice := rand.New(rand.NewPCG(6, 20))
	random := func() rules.List {
		l := rules.List{Name: "plans", Columns: []rules.Column{{Name: "price", Type: "number"}}}
		for _, i := range dice.Perm(4)[:dice.IntN(5)] {
			l.Rows = append(l.Rows, rules.Row{ID: strconv.Itoa(i), Title: strconv.Itoa(dice.IntN(2)), Enabled: dice.IntN(2) == 0, Cells: []string{strconv.Itoa(dice.IntN(2))}})
		}
		return l
	}
	for range 2000 {
		a, b := random(), random()
		if got, want := rules.DiffList(a, b).Empty(), reflect.DeepEqual(a, b); got != want {
			t.Fatalf("DiffList(%+v, %+v).Empty() = %v; want %v", a, b, got, want)
		}
		merged := rules.MergeList(a, b)
		if d := rules.DiffList(a, merged); len(d.Removed) > 0 || d.Moved > 0 || len(d.Added) != len(rules.DiffList(a, b).Added) {
			t.Fatalf("MergeList(%+v, %+v) = %+v, which changes %+v", a, b, merged, d)
		}
		if d := rules.DiffList(merged, b); len(d.Changed) > 0 || len(d.Added) > 0 {
			t.Fatalf("MergeList(%+v, %+v) = %+v, which is not what was put in: %+v", a, b, merged, d)
		}
		if again := rules.MergeList(merged, b); !rules.DiffList(merged, again).Empty() {
			t.Fatalf("MergeList twice = %+v; want %+v", again, merged)
		}
	}
}

func TestMergeListKeepsColumnsThatTheOtherLacks(t *testing.T) {
	add := rules.List{Columns: []rules.Column{{Name: "vip", Type: "yesno"}}, Rows: []rules.Row{{ID: "s", Title: "Silver", Enabled: true, Cells: []string{"yes"}}, {ID: "n", Title: "New", Enabled: true, Cells: []string{"no"}}}}
	got := rules.MergeList(plans(), add)
	want := plans()
	want.Columns = append(want.Columns, rules.Column{Name: "vip", Type: "yesno"})
	for i := range want.Rows {
		want.Rows[i].Cells = append(want.Rows[i].Cells, "")
	}
	want.Rows[1].Description, want.Rows[1].Cells[2] = "", "yes"
	want.Rows = append(want.Rows, rules.Row{ID: "n", Title: "New", Enabled: true, Cells: []string{"", "", "no"}})
	if !reflect.DeepEqual(got, want) {
		t.Errorf("MergeList = %+v; want %+v", got, want)
	}
}

func TestMergeCSVKeepsWhatTheFileHasNoColumnFor(t *testing.T) {
	base := rules.List{Name: "plans", Rows: []rules.Row{{ID: "g", Title: "Gold", Description: "The best", Cells: []string{}}, {ID: "s", Title: "Silver", Description: "Good", Enabled: true, Cells: []string{}}}}
	for csv, want := range map[string][]rules.Row{
		"id,title\ng,Golden\nn,New":                {{ID: "g", Title: "Golden", Description: "The best"}, {ID: "n", Title: "New", Enabled: true}},
		"id,title,description\ng,Gold,\nn,New,x":   {{ID: "g", Title: "Gold"}, {ID: "n", Title: "New", Description: "x", Enabled: true}},
		"id,title,enabled\ng,Gold,yes\nn,New,no\n": {{ID: "g", Title: "Gold", Description: "The best", Enabled: true}, {ID: "n", Title: "New"}},
	} {
		got, err := rules.MergeCSV(base, strings.NewReader(csv))
		wanted := rules.List{Name: "plans", Rows: []rules.Row{want[0], base.Rows[1], want[1]}}
		if err != nil || !rules.DiffList(got, wanted).Empty() {
			t.Errorf("MergeCSV(%q) = %+v, %v; want %+v", csv, got, err, wanted)
		}
	}
	if _, err := rules.MergeCSV(base, strings.NewReader("id\nx")); err == nil {
		t.Error("MergeCSV takes a CSV without titles")
	}
}

package models_test

import (
	"errors"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"switchyard/models"
	"switchyard/models/modelstest"
	"switchyard/models/rules"
)

func departments() rules.List {
	return rules.List{
		Name:    "departments",
		Columns: []rules.Column{{Name: "fee", Type: "number"}, {Name: "open", Type: "yesno"}, {Name: "note", Type: "text"}},
		Rows: []rules.Row{
			{ID: "shopping", Title: "Shopping & groceries", Description: "<b>", Enabled: true, Cells: []string{"12.50", "yes", "=1+1"}},
			{ID: "clothing", Title: "Clothing", Enabled: false, Cells: []string{"", "", ""}},
		},
	}
}

func TestListComesBackAsItWasSaved(t *testing.T) {
	db, ctx := modelstest.Open(t), t.Context()
	before := revision(t, db)
	if err := db.SaveList(ctx, departments(), ada); err != nil {
		t.Fatal(err)
	}
	got, err := db.List(ctx, "departments")
	if err != nil || !reflect.DeepEqual(got.List, departments()) || got.Size != 2 || got.Author != "Ada" || !got.UpdatedAt.Equal(db.Now()) {
		t.Errorf("List = %+v, %v; want %+v of Ada", got, err, departments())
	}
	smaller := departments()
	smaller.Rows = smaller.Rows[:1]
	if err := db.SaveList(ctx, smaller, ada); err != nil {
		t.Fatal(err)
	}
	all, err := db.Lists(ctx)
	if err != nil || len(all) != 1 || all[0].Size != 1 || all[0].Rows != nil || len(all[0].Columns) != 3 {
		t.Errorf("Lists = %+v, %v; want one of size 1 without rows", all, err)
	}
	for _, want := range []error{nil, models.ErrNotFound} {
		if err := db.DeleteList(ctx, "departments", ada); !errors.Is(err, want) {
			t.Errorf("DeleteList = %v; want %v", err, want)
		}
	}
	if _, err := db.List(ctx, "departments"); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("List after DeleteList = %v; want ErrNotFound", err)
	}
	if got := revision(t, db) - before; got != 3 {
		t.Errorf("revision grew by %d; want 3", got)
	}
}

func TestListThatIsWrongIsInvalid(t *testing.T) {
	db := modelstest.Open(t)
	for _, tt := range []struct {
		field, text string
		spoil       func(l *rules.List)
	}{
		{"name", "", func(l *rules.List) { l.Name = "" }},
		{"name", "", func(l *rules.List) { l.Name = "Departments" }},
		{"name", "", func(l *rules.List) { l.Name = "1st" }},
		{"columns", "twice", func(l *rules.List) { l.Columns[1].Name = "fee" }},
		{"columns", "twice", func(l *rules.List) { l.Columns[1].Name = "title" }},
		{"columns", "does not work", func(l *rules.List) { l.Columns[0].Name = "the fee" }},
		{"columns", "must be text", func(l *rules.List) { l.Columns[0].Type = "money" }},
		{"rows", "Row 2: the id is empty", func(l *rules.List) { l.Rows[1].ID = "" }},
		{"rows", "Row 2: the id \"shopping\" is already", func(l *rules.List) { l.Rows[1].ID = "shopping" }},
		{"rows", "Row 1: the title is empty", func(l *rules.List) { l.Rows[0].Title = "" }},
		{"rows", "2 cells for 3", func(l *rules.List) { l.Rows[0].Cells = l.Rows[0].Cells[:2] }},
		{"rows", "fee must be a number", func(l *rules.List) { l.Rows[0].Cells[0] = "12,50" }},
		{"rows", "fee must be a number", func(l *rules.List) { l.Rows[0].Cells[0] = "NaN" }},
		{"rows", "open must be yes or no", func(l *rules.List) { l.Rows[0].Cells[1] = "maybe" }},
		{"rows", "UTF-8", func(l *rules.List) { l.Rows[0].Cells[2] = "\xff" }},
		{"rows", "longer", func(l *rules.List) { l.Rows[0].Title = strings.Repeat("x", 1001) }},
		{"rows", "at most 5000", func(l *rules.List) {
			for i := range 5000 {
				l.Rows = append(l.Rows, rules.Row{ID: strconv.Itoa(i), Title: "x", Cells: []string{"", "", ""}})
			}
		}},
	} {
		l := departments()
		tt.spoil(&l)
		err := db.SaveList(t.Context(), l, ada)
		wantInvalid(t, "SaveList", err, tt.field)
		if err != nil && !strings.Contains(err.Error(), tt.text) {
			t.Errorf("SaveList = %v; want %q in it", err, tt.text)
		}
	}
}

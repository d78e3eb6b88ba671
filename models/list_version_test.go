package models_test

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"

	"switchyard/models"
	"switchyard/models/modelstest"
	"switchyard/models/rules"
)

func TestEachChangeOfAListIsAVersion(t *testing.T) {
	db, ctx := modelstest.Open(t), t.Context()
	bea := models.By{Name: "Bea"}
	change := func(e models.ListEdit, title string, by models.By) (int, error) {
		l := departments()
		l.Rows[0].Title = title
		return db.ChangeList(ctx, l, e, by)
	}
	for _, step := range []struct {
		seen    int
		title   string
		by      models.By
		version int
		err     error
	}{
		{0, "one", ada, 1, nil},
		{1, "two", bea, 2, nil},
		{2, "two", ada, 2, nil},
		{1, "mine", ada, 3, models.ErrConflict},
		{2, "three", ada, 4, nil},
		{0, "again", bea, 5, models.ErrConflict},
		{1, "three", bea, 4, nil},
	} {
		got, err := change(models.ListEdit{Seen: step.seen, Did: models.ListEdited, Note: " because " + step.title + " "}, step.title, step.by)
		if got != step.version || !errors.Is(err, step.err) {
			t.Errorf("ChangeList(%s seen %d) = %d, %v; want %d, %v", step.title, step.seen, got, err, step.version, step.err)
		}
	}
	now, err := db.List(ctx, "departments")
	if err != nil || now.Version != 4 || now.Rows[0].Title != "three" || now.Author != "Ada" {
		t.Errorf("List = version %d %q by %s, %v; want 4 three by Ada", now.Version, now.Rows[0].Title, now.Author, err)
	}
	mine, err := db.ListVersion(ctx, "departments", 3)
	if err != nil || mine.Did != models.ListAside || mine.Rows[0].Title != "mine" || mine.Note != "because mine" || !reflect.DeepEqual(mine.Columns, departments().Columns) {
		t.Errorf("ListVersion(3) = %+v, %v; want what Ada could not save", mine, err)
	}
	if v, err := db.RestoreList(ctx, "departments", 3, 4, bea); v != 6 || err != nil {
		t.Errorf("RestoreList(3) = %d, %v; want 6", v, err)
	}
	wantVersions(t, db, "departments", "6 restored Bea, 5 aside Bea, 4 edited Ada, 3 aside Ada, 2 edited Bea, 1 edited Ada")
	_, err = change(models.ListEdit{Seen: 6, Note: strings.Repeat("x", 501)}, "long", ada)
	wantInvalid(t, "ChangeList with a long note", err, "note")
}

func wantVersions(t *testing.T, db *modelstest.DB, name, want string) {
	t.Helper()
	versions, err := db.ListVersions(t.Context(), name)
	var said []string
	for _, v := range versions {
		if v.Rows != nil || v.At.IsZero() {
			t.Errorf("ListVersions gives version %d with rows or without a time", v.Version)
		}
		said = append(said, fmt.Sprint(v.Version, " ", v.Did, " ", v.Author))
	}
	if got := strings.Join(said, ", "); got != want || err != nil {
		t.Errorf("ListVersions(%s) = %s, %v; want %s", name, got, err, want)
	}
}

func TestAListThatIsDeletedOrRenamedKeepsItsVersions(t *testing.T) {
	db, ctx := modelstest.Open(t), t.Context()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(db.SaveList(ctx, departments(), ada))
	must(db.DeleteList(ctx, "departments", ada))
	gone, err := db.DeletedLists(ctx)
	if err != nil || len(gone) != 1 || gone[0].Name != "departments" || gone[0].Version != 2 || gone[0].Size != 2 {
		t.Errorf("DeletedLists = %+v, %v; want departments at version 2", gone, err)
	}
	if v, err := db.RestoreList(ctx, "departments", 2, 0, ada); v != 3 || err != nil {
		t.Errorf("RestoreList of what was deleted = %d, %v; want 3", v, err)
	}
	if gone, err := db.DeletedLists(ctx); err != nil || len(gone) > 0 {
		t.Errorf("DeletedLists = %+v, %v; want none", gone, err)
	}
	other := departments()
	other.Name = "units"
	must(db.SaveList(ctx, other, ada))
	wantInvalid(t, "RenameList to a list that is there", db.RenameList(ctx, "departments", "units", 3, ada), "name")
	wantInvalid(t, "RenameList to no name", db.RenameList(ctx, "departments", "Units!", 3, ada), "name")
	if err := db.RenameList(ctx, "departments", "wards", 2, ada); !errors.Is(err, models.ErrConflict) {
		t.Errorf("RenameList of an old version = %v; want ErrConflict", err)
	}
	must(db.DeleteList(ctx, "units", ada))
	must(db.RenameList(ctx, "departments", "units", 3, ada))
	wantVersions(t, db, "units", "6 renamed Ada, 5 restored Ada, 4 deleted Ada, 3 uploaded Ada, 2 deleted Ada, 1 uploaded Ada")
	wantVersions(t, db, "departments", "")
	if _, err := db.List(ctx, "departments"); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("List of the old name = %v; want ErrNotFound", err)
	}
	if l, err := db.List(ctx, "units"); err != nil || l.Version != 6 || l.Name != "units" {
		t.Errorf("List(units) = %+v, %v; want version 6", l, err)
	}
}

func TestTwoWhoSaveAListAtOnceBothKeepTheirs(t *testing.T) {
	db, ctx := modelstest.Open(t), t.Context()
	var wg sync.WaitGroup
	saved := make(chan error, 8)
	for i := range 8 {
		wg.Go(func() {
			l := departments()
			l.Rows[0].Title = fmt.Sprint("of ", i)
			_, err := db.ChangeList(ctx, l, models.ListEdit{Did: models.ListEdited}, ada)
			saved <- err
		})
	}
	wg.Wait()
	close(saved)
	won := 0
	for err := range saved {
		if err == nil {
			won++
		} else if !errors.Is(err, models.ErrConflict) {
			t.Errorf("ChangeList = %v; want ErrConflict", err)
		}
	}
	versions, err := db.ListVersions(ctx, "departments")
	if won != 1 || len(versions) != 8 || err != nil {
		t.Errorf("%d of 8 were saved and %d versions stay, %v; want 1 and 8", won, len(versions), err)
	}
}

func TestOldVersionsOfAListGo(t *testing.T) {
	db, ctx := modelstest.Open(t), t.Context()
	l := rules.List{Name: "many", Rows: []rules.Row{{ID: "a", Title: "0", Enabled: true, Cells: []string{}}}}
	for i := range 103 {
		l.Rows[0].Title = fmt.Sprint(i)
		if err := db.SaveList(ctx, l, ada); err != nil {
			t.Fatal(err)
		}
	}
	versions, err := db.ListVersions(ctx, "many")
	if err != nil || len(versions) != 100 || versions[0].Version != 103 {
		t.Errorf("ListVersions = %d, %v; want the newest 100", len(versions), err)
	}
}

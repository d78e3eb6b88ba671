package models_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"switchyard/models"
	"switchyard/models/modelstest"
	"switchyard/models/rules"
)

var ben = models.By{UserID: 2, Name: "Ben"}

// draftOf is a document with rules on the screen A, written as “a b=name”.
func draftOf(ids string) rules.Document {
	s := &rules.ScreenRules{Rules: []rules.Rule{}, Otherwise: &rules.Outcome{Finish: &rules.Finish{}}}
	for part := range strings.FieldsSeq(ids) {
		id, name, _ := strings.Cut(part, "=")
		s.Rules = append(s.Rules, rules.Rule{ID: id, Name: name, When: rules.Condition{Field: "age", Op: rules.IsEmpty}, Then: rules.Outcome{Go: "A"}})
	}
	return rules.Document{Switchyard: 1, Opening: &rules.ScreenRules{Rules: []rules.Rule{}, Otherwise: &rules.Outcome{Go: "A"}}, Screens: map[string]*rules.ScreenRules{"A": s}}
}

// rulesIn is what draftOf was made from.
func rulesIn(t *testing.T, document []byte) string {
	t.Helper()
	d, problems := rules.Parse(document, nil)
	if rules.HasErrors(problems) {
		t.Fatalf("the draft is refused: %v", problems)
	}
	var out []string
	for _, r := range d.Screens["A"].Rules {
		out = append(out, strings.TrimSuffix(r.ID+"="+r.Name, "="))
	}
	return strings.Join(out, " ")
}

// change saves a change of a draft that was made from an edit.
func change(t *testing.T, db *modelstest.DB, flowID int64, edit int, from, to string, by models.By) (models.RuleSet, error) {
	t.Helper()
	doc := draftOf(to)
	return db.ChangeDraft(t.Context(), flowID, models.DraftChange{Edit: edit, Base: draftOf(from), Document: doc, Encoded: doc.Encode(), Said: from + " → " + to}, by)
}

func changed(t *testing.T, db *modelstest.DB, flowID int64, edit int, from, to, want string, by models.By) models.RuleSet {
	t.Helper()
	rs, err := change(t, db, flowID, edit, from, to, by)
	if err != nil || rulesIn(t, rs.Document) != want {
		t.Fatalf("ChangeDraft(edit %d, %s → %s) = %s, %v; want %s", edit, from, to, rs.Document, err, want)
	}
	return rs
}

func TestTwoPeopleChangeOneDraft(t *testing.T) {
	db, ctx := modelstest.Open(t), t.Context()
	f := addFlow(t, db, "booking")
	one := changed(t, db, f.ID, 0, "a b", "a=x b", "a=x b", ada)
	two := changed(t, db, f.ID, 0, "a b", "a b=y", "a=x b=y", ben)
	if two.Edit != one.Edit+1 || two.Author != "Ben" {
		t.Errorf("the second save = edit %d by %s; want edit %d by Ben", two.Edit, two.Author, one.Edit+1)
	}
	if again := changed(t, db, f.ID, 0, "a b", "a b=y", "a=x b=y", ben); again.Edit != two.Edit {
		t.Errorf("the same form sent twice = edit %d; want %d, nothing new", again.Edit, two.Edit)
	}
	_, err := change(t, db, f.ID, one.Edit, "a=x b", "a=x b=z", ada)
	clash, ok := errors.AsType[*models.Clash](err)
	if !ok || !errors.Is(err, models.ErrConflict) || len(clash.Parts) != 1 || clash.Parts[0] != (rules.Clash{Screen: "A", Part: rules.RulePart, RuleID: "b"}) || clash.Edit != two.Edit {
		t.Fatalf("a change of what Ben changed = %+v; want a clash on rule b at edit %d", err, two.Edit)
	}
	if rulesIn(t, clash.Theirs.Encode()) != "a=x b=y" || rulesIn(t, clash.Base.Encode()) != "a=x b" {
		t.Errorf("the clash is between %s and %s", rulesIn(t, clash.Base.Encode()), rulesIn(t, clash.Theirs.Encode()))
	}
	if _, err := change(t, db, f.ID, 77, "a b", "a b=z", ada); !errors.Is(err, models.ErrConflict) {
		t.Errorf("a change of an edit that never was = %v; want ErrConflict", err)
	}
	if rs, err := db.DraftRules(ctx, f.ID); err != nil || rulesIn(t, rs.Document) != "a=x b=y" {
		t.Errorf("DraftRules = %s, %v; want what was saved before the clash", rs.Document, err)
	}
	if doc, err := db.DraftDocument(ctx, f.ID, one.Edit); err != nil || rulesIn(t, doc) != "a=x b" {
		t.Errorf("DraftDocument(%d) = %s, %v; want the first save", one.Edit, doc, err)
	}
}

func TestAFormThatWasOpenOverAPublishIsMerged(t *testing.T) {
	db, ctx := modelstest.Open(t), t.Context()
	f := addFlow(t, db, "booking")
	seen := changed(t, db, f.ID, 0, "a b", "a=x b", "a=x b", ada)
	if _, err := db.PublishDraft(ctx, f.ID, seen.Edit, "", ada, accept); err != nil {
		t.Fatal(err)
	}
	rs := changed(t, db, f.ID, seen.Edit, "a=x b", "a=x b=y", "a=x b=y", ben)
	if rs.Version != 2 || rs.State != models.Draft {
		t.Errorf("the save = version %d, %s; want a new draft 2", rs.Version, rs.State)
	}
	if err := db.DiscardDraft(ctx, f.ID, rs.Edit, ada); err != nil {
		t.Fatal(err)
	}
	if _, err := db.DraftDocument(ctx, f.ID, seen.Edit); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("DraftDocument of the draft before the last = %v; want ErrNotFound", err)
	}
}

func TestTwoInstancesSaveDifferentRulesAtOnce(t *testing.T) {
	dbs := two(t)
	f := dbs[0].NewFlow("claim")
	start := changed(t, dbs[0], f.ID, 0, "", "a b c d e f g h", "a b c d e f g h", ada)
	errs := atOnce(dbs, 8, func(db *modelstest.DB, i int) error {
		id := string(rune('a' + i))
		_, err := change(t, db, f.ID, start.Edit, "a b c d e f g h", strings.Replace("a b c d e f g h", id, id+"="+id, 1), ada)
		return err
	})
	succeeded(t, errs, never)
	rs, err := dbs[1].DraftRules(t.Context(), f.ID)
	if err != nil || rulesIn(t, rs.Document) != "a=a b=b c=c d=d e=e f=f g=g h=h" || rs.Edit != start.Edit+8 {
		t.Errorf("after eight saves of different rules: %s, %v; want all eight", rulesIn(t, rs.Document), err)
	}
	errs = atOnce(dbs, 8, func(db *modelstest.DB, i int) error {
		_, err := change(t, db, f.ID, rs.Edit, rulesIn(t, rs.Document), strings.Replace(rulesIn(t, rs.Document), "a=a", fmt.Sprintf("a=%d", i), 1), ada)
		return err
	})
	if n := succeeded(t, errs, isConflict); n != 1 {
		t.Errorf("%d of 8 saves of one rule succeeded; want 1", n)
	}
}

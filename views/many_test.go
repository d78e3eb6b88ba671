package views_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"switchyard/models"
	"switchyard/views"
)

// many are the keys of a response that nobody designed.
func many(n int) []string {
	keys := make([]string, n)
	for i := range keys {
		keys[i] = fmt.Sprintf("k%06d", i)
	}
	return keys
}

// TestManyKeysAreNoWork would take ten seconds and more if each key were compared with each.
func TestManyKeysAreNoWork(t *testing.T) {
	const n = 80_000
	reader, keys, began := views.ReadAnswers(claims(t), nil), many(n), time.Now()
	if got := views.AnswerColumns([]string{"period", "k000001"}, keys); len(got) != n+1 || got[0] != "period" || got[1] != "k000001" {
		t.Errorf("AnswerColumns of %d keys = %d columns that begin with %q; want the flow's first and all", n, len(got), got[:2])
	}
	if got := reader.Columns(append(keys, "kind")); len(got) != n+1 || got[0].Key != "kind" {
		t.Errorf("Columns of %d keys = %d that begin with %q; want the flow's first and all", n+1, len(got), got[0].Key)
	}
	if took := time.Since(began); took > 3*time.Second {
		t.Errorf("columns of %d keys took %v; want less than a second", n, took)
	}
}

func TestALongListShowsItsFirstItems(t *testing.T) {
	items := make([]any, 80_000)
	for i := range items {
		items[i] = json.Number(fmt.Sprint(i))
	}
	got := views.Answers{}.View("x", items)
	if n := len(got.Parts); n != 201 || got.Parts[199] != "199" || got.Parts[200] != "and 79,800 more" {
		t.Errorf("View of 80,000 items = %d parts that end with %q; want 200 and how many more", n, got.Parts[n-1])
	}
}

func TestARawTextIsCutAt64KiB(t *testing.T) {
	if got := views.RawOf(strings.Repeat("é", 32<<10)); got.Note != "" || len(got.Text) != 64<<10 {
		t.Errorf("RawOf(64 KiB) = %d B, %q; want all of it", len(got.Text), got.Note)
	}
	got := views.RawOf("x" + strings.Repeat("é", 1<<20))
	if len(got.Text) > 64<<10+10 || !strings.HasSuffix(got.Text, "\ufffd\n…") || got.Note != "The first 64 KiB of 2 MiB." {
		t.Errorf("RawOf(2 MiB) = %d B … %q, %q; want 64 KiB and a note", len(got.Text), got.Text[len(got.Text)-10:], got.Note)
	}
}

func TestNamesAreShortenedInLists(t *testing.T) {
	name, _ := views.ContactWords(models.Contact{Name: strings.Repeat("Ana ", 1250)}, false)
	if n := len([]rune(name)); n != 60 || !strings.HasSuffix(name, "…") {
		t.Errorf("ContactWords of a name of 5,000 characters = %d characters; want 60", n)
	}
}

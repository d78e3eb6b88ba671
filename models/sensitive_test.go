package models_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"switchyard/models"
	"switchyard/models/modelstest"
)

func TestAKeyHidesWhateverStandsUnderItAtAnyDepth(t *testing.T) {
	s := models.SensitiveKeys("amount", "address.street", "a.b")
	for path, want := range map[string]bool{
		"amount": true, "claim.amount": true, "amount.value": true, "x.amount.y.z": true, "address.street": true, "address.street.name": true, "x.address.street": true,
		"a.b": true, "a.b.c": true,
		"amounts": false, "address": false, "address.city": false, "street": false, "b": false, "a": false, "": false, ".": false, "amount_2": false,
	} {
		if got := s.Hides(path); got != want {
			t.Errorf("Hides(%q) = %t; want %t", path, got, want)
		}
	}
	if (models.Sensitive{}).Hides("amount") {
		t.Error("the zero value hides; want nothing hidden")
	}
}

func TestHideLeavesNoHiddenValueAndAllOthers(t *testing.T) {
	var answers map[string]any
	in := `{"amount":"s1","claim":{"amount":["s2"],"kind":"k1"},"list":[{"amount":{"v":"s3","w":[1]}},{"kind":"k2"}],"address":{"street":"s4","city":"k3"},"period":{"amount":{"from":"s5"}},"none":"","amount2":null}`
	want := `{"address":{"city":"k3","street":"Hidden"},"amount":"Hidden","amount2":null,"claim":{"amount":"Hidden","kind":"k1"},"list":[{"amount":{"v":"Hidden","w":"Hidden"}},{"kind":"k2"}],"none":"","period":{"amount":{"from":"Hidden"}}}`
	if err := json.Unmarshal([]byte(in), &answers); err != nil {
		t.Fatal(err)
	}
	s := models.SensitiveKeys("amount", "address.street", "none", "amount2")
	if got, want := s.Hidden(answers), []string{"address.street", "amount", "amount2", "claim.amount", "list.amount", "none", "period.amount"}; !slices.Equal(got, want) {
		t.Errorf("Hidden = %v; want %v", got, want)
	}
	s.Hide(answers)
	got, err := json.Marshal(answers)
	if err != nil || string(got) != want {
		t.Errorf("Hide = %s, %v; want %s", got, err, want)
	}
}

func TestABodyThatWasNotUnderstoodHidesWhatIsInsideOfObjects(t *testing.T) {
	s := models.SensitiveKeys("address.street")
	for body, want := range map[string]string{
		`{"a":[{"response_json":"{\"address\":{\"street\":\"s1\"}}"}]}`: "street",
		`{"list":[{"address":{"street":"s1"}}]}`:                        "street",
		`{"address":{"city":"k1"},"street":"k2"}`:                       "",
	} {
		keys, whole := s.InDelivery([]byte(body), models.Decoded{Reason: "not understood"})
		if got := strings.Join(keys, " "); got != want || whole {
			t.Errorf("InDelivery(%s) = %q, %t; want %q", body, got, whole, want)
		}
	}
}

func TestKeysOfListsOfObjectsAreKnown(t *testing.T) {
	db := modelstest.Open(t)
	f := addFlow(t, db, "claim")
	db.NewResponse().Flow(f).Answer("items", []any{map[string]any{"amount": "5"}}).Answer("pairs", []any{[]any{"a", "b"}}).Answer("kinds", []any{"x", "y"}).
		Answer("period", map[string]any{"from": "2026-01-01"}).Answer("note", "{ and [").Save()
	if got, err := db.NestedKeys(t.Context(), f.ID); err != nil || !slices.Equal(got, []string{"items", "pairs"}) {
		t.Errorf("NestedKeys = %v, %v; want items and pairs", got, err)
	}
}

// claimJSON has a field amount, sent as sum, that is sensitive or not, and a note.
func claimJSON(sensitive string) []byte {
	return []byte(`{"version":"7.1","screens":[{"id":"A","title":"A","terminal":true,"sensitive":[` + sensitive + `],"layout":{"type":"SingleColumnLayout","children":[
		{"type":"TextInput","name":"amount","label":"Amount"},{"type":"TextInput","name":"note","label":"Note"},{"type":"TextInput","name":"pin","label":"PIN","input-type":"passcode"},
		{"type":"Footer","label":"Send","on-click-action":{"name":"complete","payload":{"sum":"${form.amount}","note":"${form.note}"}}}]}}]}`)
}

func sensitiveKeys(t *testing.T, db *modelstest.DB, flow int64) []string {
	t.Helper()
	all, err := db.SensitiveFields(t.Context(), flow)
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	for _, f := range all {
		word := f.Key
		if f.Declared {
			word += "+declared"
		}
		if f.Follows {
			word += "+follows"
		}
		if f.Marked {
			word += "+marked"
		}
		keys = append(keys, word)
	}
	return keys
}

func TestWhatIsHiddenFollowsFlowJSONAndMarks(t *testing.T) {
	db := modelstest.Open(t)
	f := addFlow(t, db, "claim")
	by := models.By{Name: "Ada"}
	step := func(said string, do func() error, want ...string) {
		t.Helper()
		if err := do(); err != nil {
			t.Fatalf("%s: %v", said, err)
		}
		if got := sensitiveKeys(t, db, f.ID); !slices.Equal(got, want) {
			t.Errorf("after %s: %v; want %v", said, got, want)
		}
	}
	save := func(text []byte) func() error {
		return func() error { _, err := db.SaveFlowJSON(t.Context(), f.ID, text, by); return err }
	}
	mark := func(marks map[string]bool) func() error {
		return func() error { return db.SetSensitive(t.Context(), f.ID, marks, by) }
	}
	step("a Flow JSON with a sensitive field", save(claimJSON(`"amount"`)), "amount+declared", "pin+declared", "sum+declared")
	step("one without", save(claimJSON(``)), "pin+declared")
	step("a mark", mark(map[string]bool{"amount": true}), "amount+marked", "pin+declared", "sum+follows")
	step("a mark of another name", mark(map[string]bool{"note": true, "sum": false}), "amount+marked", "note+marked", "pin+declared", "sum+follows")
	step("marks taken away", mark(map[string]bool{"amount": false, "note": false}), "pin+declared")
	step("a mark of a nested answer that no Flow JSON has", mark(map[string]bool{"address.street": true}), "address.street+marked", "pin+declared")
	step("a sensitive field again", save(claimJSON(`"note"`)), "address.street+marked", "note+declared", "pin+declared")
	gone := []byte(`{"version":"7.1","screens":[{"id":"A","title":"A","terminal":true,"layout":{"type":"SingleColumnLayout","children":[{"type":"TextInput","name":"other","label":"Other"}]}}]}`)
	step("a Flow JSON without all of them", save(gone), "address.street+marked", "note+declared", "pin+declared")
	if err := mark(map[string]bool{"": true})(); err == nil {
		t.Error("SetSensitive of no key = nil; want Invalid")
	}
}

func foundBy(t *testing.T, db *modelstest.DB, text string) int {
	t.Helper()
	n, err := db.CountResponses(t.Context(), models.ResponseFilter{Text: text})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestSearchTellsNothingOfWhatIsHidden(t *testing.T) {
	db := modelstest.Open(t)
	f, by := addFlow(t, db, "claim"), models.By{Name: "Ada"}
	for i := range 600 { // more than one batch
		db.NewResponse().Flow(f).Answer("iban", fmt.Sprintf("zanzibar%d", i)).Answer("note", "meadow").Save()
	}
	if got := foundBy(t, db, "zanzibar"); got != 600 {
		t.Fatalf("found = %d; want 600 before anything is hidden", got)
	}
	if err := db.SetSensitive(t.Context(), f.ID, map[string]bool{"iban": true}, by); err != nil {
		t.Fatal(err)
	}
	if got := foundBy(t, db, "zanzibar") + foundBy(t, db, "meadow"); got != 0 {
		t.Errorf("found at once = %d; want nothing of the flow until its search texts are made anew", got)
	}
	if more, err := db.ContinueSensitive(t.Context(), 0); err != nil || !more {
		t.Fatalf("ContinueSensitive for no time = %t, %v; want more", more, err)
	}
	if got := foundBy(t, db, "zanzibar"); got != 0 {
		t.Errorf("found between = %d; want 0", got)
	}
	settleSearch(t, db)
	db.NewResponse().Flow(f).Answer("iban", "zanzibar-new").Answer("note", "meadow").Save()
	if got, rest := foundBy(t, db, "zanzibar"), foundBy(t, db, "meadow"); got != 0 || rest != 601 {
		t.Errorf("found = %d and by what is not hidden %d; want 0 and 601", got, rest)
	}
	if err := db.SetSensitive(t.Context(), f.ID, map[string]bool{"iban": false}, by); err != nil {
		t.Fatal(err)
	}
	settleSearch(t, db)
	if got := foundBy(t, db, "zanzibar"); got != 601 {
		t.Errorf("found when it is hidden no more = %d; want 601", got)
	}
}

func settleSearch(t *testing.T, db *modelstest.DB) {
	t.Helper()
	if more, err := db.ContinueSensitive(t.Context(), time.Minute); err != nil || more {
		t.Fatalf("ContinueSensitive = %t, %v; want it done", more, err)
	}
}

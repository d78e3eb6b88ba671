package web_test

import (
	"fmt"
	"testing"
)

// BenchmarkDesignerPages is what the server does for the pages around the rules of a flow of 100 screens with 40 rules
// each, whose draft differs from what is published, and for one poll of who is there. A page takes less than 300 ms
// (performance.md §2).
func BenchmarkDesignerPages(b *testing.B) {
	s := openSite(b).addUsers(b)
	raw, document := manyRules(100, 40)
	f := s.addFlow(b, "appointment", "691244242662581")
	if _, err := s.DB().SaveFlowJSON(b.Context(), f.ID, []byte(raw), tester); err != nil {
		b.Fatal(err)
	}
	s.publish(b, f, []byte(document))
	act := func(b *testing.B) {
		edit, err := s.DB().DraftEditNow(b.Context(), f.ID)
		if err != nil {
			b.Fatal(err)
		}
		form := map[string][]string{"do": {"up"}, "edit": {fmt.Sprint(edit)}}
		if got := s.send(b, scenario{as: "operator", method: "POST", path: "/flows/appointment/rules/S_CV/r73_20/act", form: form}); got.status != 303 {
			b.Fatalf("moving a rule = %d", got.status)
		}
	}
	act(b)
	for _, page := range []struct{ name, path string }{
		{"publish", "rules/publish"}, {"picture", "rules/picture"}, {"versions", "versions"}, {"compare", "versions/compare?from=1&to=2"}, {"here", "rules/here?edit=2"},
	} {
		b.Run(page.name, func(b *testing.B) {
			for b.Loop() {
				if got := s.send(b, scenario{as: "operator", path: "/flows/appointment/" + page.path}); got.status != 200 && got.status != 204 {
					b.Fatalf("GET %s = %d", page.path, got.status)
				}
			}
		})
	}
	b.Run("undo and redo", func(b *testing.B) {
		for b.Loop() {
			for _, do := range []string{"undo", "redo"} {
				edit, err := s.DB().DraftEditNow(b.Context(), f.ID)
				if err != nil {
					b.Fatal(err)
				}
				if got := s.send(b, scenario{as: "operator", method: "POST", path: "/flows/appointment/rules/" + do, form: map[string][]string{"edit": {fmt.Sprint(edit)}}}); got.status != 303 {
					b.Fatalf("%s = %d", do, got.status)
				}
			}
		}
	})
}

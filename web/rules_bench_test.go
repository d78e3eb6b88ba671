package web_test

import (
	"fmt"
	"net/url"
	"testing"
)

// BenchmarkRulesPage is what the server does for the rules of a flow of 100 screens with 40 rules each: the page as it was,
// the page after somebody changed a rule, an act on one rule, and mending a problem by a button. A page takes less than 300
// ms and an act less than 100 (performance.md §2).
func BenchmarkRulesPage(b *testing.B) {
	s := openSite(b).addUsers(b)
	raw, document := manyRules(100, 40)
	f := s.addFlow(b, "appointment", "691244242662581")
	if _, err := s.DB().SaveFlowJSON(b.Context(), f.ID, []byte(raw), tester); err != nil {
		b.Fatal(err)
	}
	s.publish(b, f, []byte(document))
	const path = "/flows/appointment/rules"
	page := func(b *testing.B) string {
		got := s.send(b, scenario{as: "operator", path: path})
		if got.status != 200 {
			b.Fatalf("GET %s = %d", path, got.status)
		}
		return got.body
	}
	post := func(b *testing.B, to string, form url.Values) {
		if got := s.send(b, scenario{as: "operator", method: "POST", path: to, form: form}); got.status != 303 {
			b.Fatalf("POST %s = %d; want 303\n%s", to, got.status, got.body)
		}
	}
	edit := func(b *testing.B) int {
		n, err := s.DB().DraftEditNow(b.Context(), f.ID)
		if err != nil {
			b.Fatal(err)
		}
		return n
	}
	act := func(b *testing.B, n int) {
		post(b, path+"/S_CV/r73_20/act", pairs("edit", fmt.Sprint(edit(b)), "do", []string{"off", "on"}[n%2]))
	}
	b.Run("page", func(b *testing.B) {
		page(b)
		for b.Loop() {
			page(b)
		}
	})
	b.Run("page-after-edit", func(b *testing.B) {
		for n := 0; b.Loop(); n++ {
			b.StopTimer()
			act(b, n)
			b.StartTimer()
			page(b)
		}
		if b.N%2 == 1 {
			act(b, 1)
		}
	})
	b.Run("act", func(b *testing.B) {
		for n := 0; b.Loop(); n++ {
			act(b, n)
		}
	})
	b.Run("fix", func(b *testing.B) {
		for b.Loop() {
			b.StopTimer()
			form, ok := fixForm(b, page(b), "Remove the rule")
			if !ok {
				b.Fatal("no problem is mended by removing a rule")
			}
			b.StartTimer()
			post(b, path+"/fix", form)
			b.StopTimer()
			if _, err := s.DB().UndoDraft(b.Context(), f.ID, edit(b), tester); err != nil {
				b.Fatal(err)
			}
			b.StartTimer()
		}
	})
	b.Run("publish-page", func(b *testing.B) {
		for b.Loop() {
			if got := s.send(b, scenario{as: "operator", path: path + "/publish"}); got.status != 200 {
				b.Fatalf("GET = %d", got.status)
			}
		}
	})
}

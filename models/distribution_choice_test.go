package models

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// TestEveryChoiceIsCounted takes more options than free text has bars, each with an id as long as one may be.
func TestEveryChoiceIsCounted(t *testing.T) {
	const options = 120
	c := newSpreading([]SpreadKey{{"shop", ByChoice}, {"said", ByText}}, time.UTC)
	want := map[string]int{}
	for i := range options {
		id := fmt.Sprintf("%03d-%s", i, strings.Repeat("x", maxSpreadChoice-4))
		for range 2 + i%3 {
			want[id]++
			c.add(&Response{Answers: map[string]any{"shop": id, "said": id[:20]}})
		}
	}
	d := c.distribution()
	shops, said := d.Fields[0], d.Fields[1]
	if len(shops.Bars) != options || shops.Other != 0 || shops.Uncounted {
		t.Errorf("%d bars of %d options, %d others, uncounted %v; want all of them", len(shops.Bars), options, shops.Other, shops.Uncounted)
	}
	for _, b := range shops.Bars {
		if b.N != want[b.From] {
			t.Errorf("option %.8s has %d; want %d", b.From, b.N, want[b.From])
		}
	}
	if len(said.Bars) != mostTexts {
		t.Errorf("%d bars of free text; want %d", len(said.Bars), mostTexts)
	}
}
